"""Delmål from a file: whatever a spreadsheet makes of it, twice without harm, and each refusal with its reason."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.goals import subgoal_file
from portal.goals.actions import import_subgoals
from portal.goals.forms import LARGEST
from portal.goals.models import Subgoal
from portal.goals.queries import subgoals, subgoals_file
from portal.goals.subgoal_file import UnreadableError, read
from portal.kernel.audit import AuditEntry
from portal.kernel.content import Ref
from portal.kernel.db import db
from portal.kernel.errors import Forbidden
from portal.kernel.identity import SYSTEM
from portal.search.queries import search
from tests.goals.files import HEADER, THREE, imported
from tests.support.cast import Cast
from tests.support.page import Page, Visitor


def codes() -> list[str]:
    return [each.code for each in subgoals().values()]


def happened() -> list[tuple[int | None, list[str], list[str]]]:
    rows = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.name == "goals.subgoals_imported"))
    return [(each.body["goal"], each.body["added"], each.body["changed"]) for each in rows]


def test_a_file_is_read_once_and_a_second_time_changes_nothing(cast: Cast) -> None:
    first = imported()
    assert ([row.code for row in first.added], first.changed, first.unchanged) == (["3.2", "3.10", "11.4"], [], 0)
    assert codes() == ["3.2", "3.10", "11.4"], "by goal and number"
    again = imported()
    assert (again.added, again.changed, again.unchanged) == ([], [], 3)
    assert happened() == [(3, ["3.2", "3.10"], []), (11, ["11.4"], [])]


def test_what_is_not_in_the_file_is_left_and_what_says_something_else_is_changed(cast: Cast) -> None:
    imported()
    plan = imported(HEADER + "3.10;4;Unge lærer;;\n")
    assert [(part[1], part[2]) for part in plan.changed[0].parts] == [(3, 4), ("Unge får hjelp", "Unge lærer")]
    assert codes() == ["3.2", "3.10", "11.4"]
    moved = db.session.scalar(sa.select(Subgoal).where(Subgoal.code == "3.10"))
    assert moved is not None
    assert (moved.goal, moved.text("en"), moved.text("nb")) == (4, "Unge lærer", "Unge lærer")
    assert happened()[2:] == [(3, [], ["3.10"]), (4, [], ["3.10"])], "both goals say something else now"


def test_a_subgoal_goes_out_of_use_by_the_file_and_only_so(cast: Cast) -> None:
    imported()
    with_column = "kode;mål;nb;aktiv\n"
    imported(with_column + "11.4;11;Grønt innen ti minutter;nei\n")
    imported()
    retired = db.session.scalar(sa.select(Subgoal).where(Subgoal.code == "11.4"))
    assert retired is not None
    assert not retired.active, "a file that doesn't say leaves it"
    imported(with_column + "11.4;11;Grønt innen ti minutter;Ja\n")
    assert retired.active


def test_search_finds_a_goal_by_its_subgoals_in_the_readers_language(cast: Cast) -> None:
    imported()
    assert [hit.ref for hit in search("ti minutter").hits] == [Ref("goal", 11)]
    imported(HEADER + "11.4;11;Stier nær alle;;\n")
    assert search("ti minutter").hits == ()


@pytest.mark.parametrize(
    "data",
    [
        THREE.encode(),
        THREE.encode("utf-8-sig"),
        THREE.encode("cp1252"),
        THREE.encode("utf-16"),
        THREE.replace("\n", "\r\n").encode(),
        THREE.replace(";", "\t").encode(),
        THREE.replace(";", ",").encode(),
        THREE.replace("\n", "\n\n;;;;\n").encode(),
        THREE.replace("kode;mål", " Kode ; MÅL").encode(),
    ],
    ids=["utf-8", "bom", "cp1252", "utf-16", "crlf", "tabs", "commas", "empty lines", "header"],
)
def test_whatever_a_spreadsheet_makes_of_it_is_read(data: bytes) -> None:
    found = read(data)
    assert [(row.code, row.goal, row.nb) for row in found.rows] == [
        ("3.2", 3, "Flere eldre bor hjemme"),
        ("3.10", 3, "Unge får hjelp"),
        ("11.4", 11, "Grønt innen ti minutter"),
    ]
    assert found.refused == []


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (";3;Tekst;;", "Koden må være"),
        ("7;3;Tekst;;", "Koden må være"),
        ("3/2;3;Tekst;;", "Koden må være"),
        ("../3;3;Tekst;;", "Koden må være"),
        ("3.1;;Tekst;;", "Målet må være"),
        ("3.1;18;Tekst;;", "Målet må være"),
        ("3.1;0;Tekst;;", "Målet må være"),
        ("3.1;tre;Tekst;;", "Målet må være"),
        ("3.1;" + "9" * 5000 + ";Tekst;;", "Målet må være"),
        ("3.1;3;;Tekst;", "Teksten på bokmål mangler"),
        ("3.1;3;" + "a" * 1001 + ";;", "lengre enn 1000"),
        ("3.1;3;Ren;luft;for;alle", "flere felter enn"),
        ("3.1;3", "Teksten på bokmål mangler"),
        ("3.2;3;En gang til;;", "Koden står også på linje 2"),
    ],
)
def test_each_row_that_cannot_be_used_is_told_with_its_line_and_reason(app: Flask, line: str, reason: str) -> None:
    found = read(f"{HEADER}3.2;3;God;;\n{line}\n11.4;11;Også god;;\n".encode())
    assert [row.code for row in found.rows] == ["3.2", "11.4"]
    assert [refused.line for refused in found.refused] == [3]
    assert reason in str(found.refused[0].reason)
    assert len(found.refused[0].text) <= 80


def test_the_column_for_use_takes_yes_and_no_only(app: Flask) -> None:
    found = read(b"kode;mal;nb;aktiv\nA1;1;En;ja\nA2;1;To;\nA3;1;Tre;kanskje\n")
    assert [(row.code, row.active) for row in found.rows] == [("A1", True), ("A2", None)]
    assert "ja eller nei" in str(found.refused[0].reason)


@pytest.mark.parametrize("data", [b"", b"\x00\x01\x02", b"PK\x03\x04\x00", b"navn;adresse\nx;y\n", b"kode;nb\n3.1;x\n"])
def test_a_file_that_is_something_else_is_refused_whole(app: Flask, data: bytes) -> None:
    with pytest.raises(UnreadableError) as refusal:
        read(data)
    assert str(refusal.value)


def test_a_file_with_too_many_lines_is_refused_before_it_is_held(app: Flask) -> None:
    lines = "".join(f"1.{number};1;Tekst;;\n" for number in range(subgoal_file.MOST + 1))
    with pytest.raises(UnreadableError):
        read((HEADER + lines).encode())


def test_what_is_taken_out_comes_back_the_same(cast: Cast) -> None:
    imported(HEADER + '3.2;3;"Trygt; og ""godt""";=1+1;-\n3.3;3;@alle;;\n')
    text = subgoals_file(cast.actor("adviser"))
    assert "'=1+1" in text, "no spreadsheet takes it for a formula"
    plan = import_subgoals(SYSTEM, read(text.encode()).rows)
    assert (plan.added, plan.changed, plan.unchanged) == ([], [], 2)


@pytest.mark.parametrize("name", ["resident", "employee", "moderator", "verifier", "partner"])
def test_nobody_else_runs_the_list(cast: Cast, name: str) -> None:
    for attempt in (lambda: imported(actor=cast.actor(name)), lambda: subgoals_file(cast.actor(name))):
        with pytest.raises(Forbidden):
            attempt()
    assert codes() == []


def sent(adviser: Visitor, data: bytes, status: int = 200) -> Page:
    return adviser.post("goals.subgoals", {"file": (io.BytesIO(data), "delmal.csv")}, status)


def test_the_file_is_seen_before_anything_is_done(cast: Cast, visitor: Callable[..., Visitor]) -> None:
    imported(HEADER + "3.2;3;Gammel tekst;;\n11.4;11;Grønt innen ti minutter;;\n")
    adviser = visitor("adviser")
    assert "Gammel tekst" in adviser.get("goals.subgoals").words
    preview = sent(adviser, (THREE + "77;1;Feil;;\n").encode())
    assert [each.get_text(" ", strip=True) for each in preview.all(".figures li")] == [
        "1 er nye",
        "1 endres",
        "1 er som før",
        "1 kan ikke leses inn",
    ]
    assert "Gammel tekst" in preview.words
    assert len(codes()) == 2, "nothing is done yet"
    done = adviser.follow(adviser.post("goals.import_subgoals", preview.form()))
    assert "2 delmål er lest inn" in done.words
    assert codes() == ["3.2", "3.10", "11.4"]
    again = sent(adviser, THREE.encode())
    assert "sier det samme fra før" in again.words
    assert not again.all("main form")


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"", "Velg en fil"), (b"tull", "Første linje"), (b"a" * (LARGEST + 1), "300 kB"), (b"\x00", "CSV-fil")],
)
def test_a_file_that_cannot_be_read_is_answered_at_the_field(
    cast: Cast, visitor: Callable[..., Visitor], data: bytes, reason: str
) -> None:
    page = sent(visitor("coordinator"), data, 422)
    assert reason in page.one("#file-error").get_text()


@pytest.mark.parametrize("file", ["tull", "", "AAAA", "Å"])
def test_rows_that_were_tampered_with_are_refused(cast: Cast, visitor: Callable[..., Visitor], file: str) -> None:
    visitor("admin").post("goals.import_subgoals", {"file": file}, 303 if not file else 422)
    assert codes() == []


def test_the_list_can_be_taken_out(cast: Cast, visitor: Callable[..., Visitor]) -> None:
    imported()
    page = visitor("coordinator").get("goals.subgoals_file")
    assert page.response.mimetype == "text/csv"
    assert page.text.splitlines()[1] == "3.2;3;Flere eldre bor hjemme;Fleire eldre bur heime;More live at home;ja"


def test_the_command_tells_what_it_did_and_what_it_refused(app: Flask, cast: Cast, tmp_path: Path) -> None:
    file = tmp_path / "delmal.csv"
    file.write_bytes((THREE + "77;1;Feil;;\n").encode("cp1252"))
    run = app.test_cli_runner().invoke
    tried = run(args=["import", "subgoals", str(file), "--dry-run"])
    assert (tried.exit_code, codes()) == (0, [])
    done = run(args=["import", "subgoals", str(file)])
    assert done.exit_code == 0
    assert re.search(r"3 new, 0 changed, 0 as before, 1 refused", done.output)
    assert "Line 5 refused: Koden må være" in done.output
    assert "0 new, 0 changed, 3 as before" in run(args=["import", "subgoals", str(file)]).output
    file.write_bytes(b"\x00")
    broken = run(args=["import", "subgoals", str(file)])
    assert (broken.exit_code, broken.output.count("\n")) == (1, 1)
    assert run(args=["import", "subgoals", str(tmp_path / "no.csv")]).exit_code == 2
