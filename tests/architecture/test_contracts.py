"""The import contracts: they hold, they leave nothing out, and they fail on what they are there to stop."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import portal

ROOT = Path(portal.__file__).parent.parent
LINT = Path(sys.executable).with_name("lint-imports")
WITHOUT_DOORS = {"kernel", "ui"}
"""What everybody may use."""


def contracts() -> list[dict[str, object]]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    found: list[dict[str, object]] = settings["tool"]["importlinter"]["contracts"]
    return found


def packages() -> set[str]:
    return {path.parent.name for path in (ROOT / "portal").glob("*/__init__.py")}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    return subprocess.run(
        [str(LINT), "--no-cache"], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the code that a test may spoil."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(
        ROOT / "portal", tmp_path / "portal", ignore=shutil.ignore_patterns("__pycache__", "static", "templates")
    )
    return tmp_path


def test_every_package_has_rooms() -> None:
    with_rooms = {
        str(container).removeprefix("portal.")
        for contract in contracts()
        if contract["type"] == "layers" and contract["exhaustive"]
        for container in contract["containers"]  # type: ignore[attr-defined]  # a list of texts
    }
    assert packages() - {"kernel"} <= with_rooms


def test_every_package_has_doors() -> None:
    with_doors = {
        str(module).split(".")[1]
        for contract in contracts()
        if contract["type"] == "protected"
        for module in contract["protected_modules"]  # type: ignore[attr-defined]  # a list of texts
    }
    assert packages() - WITHOUT_DOORS <= with_doors


@pytest.mark.parametrize("room", ["policy", "reactions", "kinds", "cli", "forms", "views", "api"])
def test_every_room_that_is_nobody_elses_is_behind_a_door(room: str) -> None:
    behind = {
        str(module)
        for contract in contracts()
        if contract["type"] == "protected" and str(contract["name"]).startswith("Doors")
        for module in contract["protected_modules"]  # type: ignore[attr-defined]  # a list of texts
    }
    for package in packages() - WITHOUT_DOORS:
        if (ROOT / "portal" / package / f"{room}.py").exists() or (ROOT / "portal" / package / room).is_dir():
            assert {f"portal.{package}.{room}", f"portal.{package}.*"} & behind, f"portal.{package}.{room}"


def test_the_contracts_hold() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout[-3000:]


SPOILS = {
    "an unlisted module in a package": ("portal/observatorium/helpers.py", "", "portal.observatorium.helpers"),
    "an unlisted package": ("portal/extra/__init__.py", "", "extra"),
    "an arrow upwards": (
        "portal/kernel/clock.py",
        "from portal.accounts import models\n",
        "Floors: arrows point down",
    ),
    "another's policy": (
        "portal/observatorium/policy.py",
        "from portal.accounts import policy\n",
        "Doors of the accounts",
    ),
    "a policy that reads an action": (
        "portal/observatorium/policy.py",
        "from portal.observatorium.actions import rating\n",
        "Rooms of the observatory",
    ),
    "web in an action": (
        "portal/observatorium/actions/rating.py",
        "from flask import request\n",
        "No web below the views",
    ),
    "a database in the mathematics": (
        "portal/observatorium/results.py",
        "import sqlalchemy\n",
        "Pure pieces know values only",
    ),
    "a circle in the kernel": (
        "portal/kernel/clock.py",
        "from portal.kernel import audit\n",
        "No cycles in the kernel",
    ),
}


@pytest.mark.parametrize("spoil", SPOILS)
def test_what_the_contracts_are_there_to_stop_is_stopped(copy: Path, spoil: str) -> None:
    name, line, named = SPOILS[spoil]
    path = copy / name
    path.parent.mkdir(exist_ok=True)
    before = path.read_text(encoding="utf-8") if path.exists() else '"""New."""\n\nfrom __future__ import annotations\n'
    head, future, rest = before.partition("from __future__ import annotations\n")
    path.write_text(f"{head}{future}{line}{rest}", encoding="utf-8")
    done = lint(copy)
    assert done.returncode == 1, done.stdout + done.stderr
    assert named in done.stdout.split("Broken contracts")[1]
