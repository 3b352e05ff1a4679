"""The documents are whole: no dependency, event, address or decision is missing, and no link leads nowhere."""

from __future__ import annotations

import itertools
import json
import re
import tomllib
from pathlib import Path

import pytest

from tests.architecture.test_house import DOCS, events

ROOT = DOCS.parent
WRITTEN = sorted(path for path in [*DOCS.rglob("*.md"), ROOT / "README.md", ROOT / "CHANGELOG.md"])


def dependencies() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lists = [project["project"]["dependencies"], *project["project"]["optional-dependencies"].values()]
    lists.append(project["build-system"]["requires"])
    found = {re.split(r"[\[<>=~ ]", each)[0].lower() for each in itertools.chain(*lists)}
    for name in ("assets", "tools/idp"):
        package = json.loads((ROOT / name / "package.json").read_text(encoding="utf-8"))
        found |= set(package.get("dependencies", {})) | set(package.get("devDependencies", {}))
    return found


def test_every_dependency_says_what_it_is_for_and_how_we_would_leave_it() -> None:
    rows = {}
    for line in (DOCS / "dependencies.md").read_text(encoding="utf-8").splitlines():
        found = re.match(r"\| `([^`]+)` \|(.*)\|$", line)
        if found:
            rows[found[1]] = [cell.strip() for cell in found[2].split("|")]
    assert set(rows) == dependencies()
    for name, cells in rows.items():
        assert len(cells) == 5, name
        assert all(cells), f"{name}: every cell says something"


def test_no_document_tells_of_events_that_are_gone() -> None:
    text = (DOCS / "events.md").read_text(encoding="utf-8")
    told = set(re.findall(r"^\| `([a-z_]+\.[a-z_]+)`", text, re.MULTILINE))
    assert told == {event.name for event in events()}


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_link_leads_nowhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text):
        if not target.startswith(("http", "mailto:")):
            assert (path.parent / target).exists(), f"{path.name} points at {target}"


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_that_is_named_is_there(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for name in re.findall(r"`((?:portal|docs|tests|tools|migrations|assets)/[\w./-]+\.[a-z]+)`", text):
        assert (ROOT / name).exists(), f"{path.name} names {name}"


def test_decisions_are_numbered_and_have_the_same_parts() -> None:
    decisions = sorted((DOCS / "adr").glob("*.md"))
    assert [path.name[:4] for path in decisions] == [f"{number:04}" for number in range(1, len(decisions) + 1)]
    for path in decisions:
        text = path.read_text(encoding="utf-8")
        assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences"], path.name


def test_every_setting_of_the_table_is_a_setting() -> None:
    source = (ROOT / "portal" / "config.py").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `PORTAL_([A-Z_]+)`", (DOCS / "operations.md").read_text(encoding="utf-8"), re.MULTILINE)
    unknown = [name for name in rows if f'"{name}"' not in source]
    assert rows
    assert not unknown


def test_every_class_of_the_glossary_is_in_the_code() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "portal").rglob("*.py"))
    rows = [line.split("|") for line in (DOCS / "glossary.md").read_text(encoding="utf-8").splitlines() if "|" in line]
    named = {name for row in rows for name in re.findall(r"`([A-Z]\w+)`", row[3])}
    assert len(named) > 40
    assert not [name for name in named if f"class {name}" not in source]
