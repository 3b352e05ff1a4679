"""What a browser fetches besides the page: small, kept for ever, and the same from every build."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

from flask import Flask
from werkzeug.test import TestResponse

from portal.ui.blueprint import BUILT

ROOT = Path(__file__).parents[2]
FIRST_VISIT = 160_000
OWN_SCRIPT = 40_000


def manifest() -> dict[str, str]:
    names: dict[str, str] = json.loads((BUILT / "manifest.json").read_text(encoding="utf-8"))
    return names


def address(name: str) -> str:
    return f"/static/ui/{manifest()[name]}"


def fetch(host: Flask, url: str, encoding: str = "") -> TestResponse:
    return host.test_client().get(url, headers={"Accept-Encoding": encoding}, buffered=True)


def test_a_built_file_may_be_kept_for_ever(host: Flask) -> None:
    answer = fetch(host, address("css/portal.css"))
    assert answer.status_code == 200
    assert answer.mimetype == "text/css"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_text_is_sent_packed_to_those_who_can_unpack_it(host: Flask) -> None:
    plain = fetch(host, address("js/portal.js"))
    packed = fetch(host, address("js/portal.js"), "gzip")
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.mimetype == plain.mimetype
    assert gzip.decompress(packed.data) == plain.data
    assert {plain.headers["Vary"], packed.headers["Vary"]} == {"Accept-Encoding"}


def test_only_built_files_can_be_fetched(host: Flask) -> None:
    for name in ("../blueprint.py", "..%2f..%2fblueprint.py", "css/", "nothing.css"):
        assert fetch(host, f"/static/ui/{name}").status_code == 404


def test_a_first_visit_weighs_no_more_than_promised(host: Flask) -> None:
    page = fetch(host, "/ui/galleri?inn")
    fetched = sorted(set(re.findall(r'(?:href|src)="(/static/ui/[^"]+)"', page.text)))
    assert any(name.endswith(".woff2") for name in fetched)
    sizes = {name: len(fetch(host, name, "gzip").data) for name in fetched}
    rare_letters = len(fetch(host, address("font/inter-extended.woff2")).data)
    assert len(gzip.compress(page.data)) + sum(sizes.values()) + rare_letters <= FIRST_VISIT
    assert sum(size for name, size in sizes.items() if name.endswith(".js")) <= OWN_SCRIPT


def test_style_names_only_files_of_its_own(host: Flask) -> None:
    style = fetch(host, address("css/portal.css")).text
    targets = re.findall(r"url\(\"?([^)\"]{1,40})", style)
    assert targets
    assert all(target.startswith(("data:image/svg+xml", "../font/")) for target in targets)
    assert "font-display:swap" in style


def test_every_build_of_the_same_sources_gives_the_same_files(tmp_path: Path) -> None:
    sources = shutil.ignore_patterns("node_modules")
    shutil.copytree(ROOT / "assets", tmp_path / "assets", ignore=sources)
    (tmp_path / "assets" / "node_modules").symlink_to(ROOT / "assets" / "node_modules")
    path = f"{ROOT / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"
    node = shutil.which("node", path=path)
    assert node, "Node is missing. Install it with: make node"
    subprocess.run([node, "build.mjs"], cwd=tmp_path / "assets", check=True, capture_output=True, timeout=120)
    again = json.loads((tmp_path / "portal" / "ui" / "static" / "ui" / "manifest.json").read_text(encoding="utf-8"))
    assert again == manifest(), "the built files are older than their sources: run `make setup`"


def test_the_lock_names_no_registry() -> None:
    lock = (ROOT / "assets" / "package-lock.json").read_text(encoding="utf-8")
    assert '"integrity"' in lock
    assert '"resolved"' not in lock
    wanted = json.loads((ROOT / "assets" / "package.json").read_text(encoding="utf-8"))["dependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())
