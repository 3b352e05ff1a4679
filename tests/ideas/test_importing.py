"""Ideas taken in from files: published as they were, each once, and told of to nobody."""

import io
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from portal.accounts.models import Account, ServiceArea
from portal.ideas.actions.importing import Taken, import_ideas
from portal.ideas.cli import export, import_
from portal.ideas.formats.plain import write_csv
from portal.ideas.formats.rows import ProposalRow
from portal.ideas.models.cases import CaseStep, Step
from portal.ideas.models.ideas import Idea, Origin
from portal.ideas.models.thieves import TimeThief
from portal.ideas.queries.cases import is_overdue, timeline
from portal.ideas.queries.importing import exported
from portal.ideas.stages import Decision, IdeaKind, Stage
from portal.kernel.content import PublicationState
from portal.kernel.db import db
from portal.kernel.errors import Forbidden
from portal.kernel.identity import ANONYMOUS, SYSTEM
from portal.kernel.outbox import OutboxRow
from portal.places.models import Location, Neighbourhood
from portal.search.models import Document
from tests.support.ideas import published

DATA = Path(__file__).parent / "data"
BENCH = ProposalRow(
    source="meta.eksempel.org",
    origin_id="15",
    url="https://meta.eksempel.org/proposals/15",
    title="Benker langs stien",
    body="Vi vil ha **benker**.",
    language="nb",
    state="accepted",
    answer="Ja, til våren.",
    supports=42,
    published_at=datetime(2020, 11, 24, 7, 17, 40, tzinfo=UTC),
    address="Bakkeveien 1",
    latitude=59.8333,
    longitude=10.4392,
)


def run(app: Flask, *arguments: Any) -> Result:
    command = {"import": import_, "export": export}[arguments[0]]
    return app.test_cli_runner().invoke(command, [str(each) for each in arguments[1:]])


def imported() -> list[Idea]:
    return list(db.session.scalars(sa.select(Idea).join(Origin, Origin.idea_id == Idea.id).order_by(Idea.id)))


def test_a_proposal_is_published_with_where_it_comes_from(cast: Any) -> None:
    assert import_ideas(SYSTEM, [BENCH]) == Taken(new=1)
    [idea] = imported()
    assert (idea.title, idea.solution, idea.state) == (BENCH.title, BENCH.body, PublicationState.PUBLISHED)
    assert (idea.stage, idea.decision, idea.shown_at) == (Stage.DECIDED, None, BENCH.published_at)
    origin = db.session.get_one(Origin, idea.id)
    assert (origin.source, origin.origin_id, origin.address, origin.supports) == (
        BENCH.source,
        BENCH.origin_id,
        BENCH.url,
        42,
    )
    assert db.session.scalars(sa.select(Location.is_public).where(Location.target_id == idea.id)).one()


def test_it_is_found_and_nobody_is_told_nor_asked_to_look_at_it(cast: Any) -> None:
    letters = sa.select(sa.func.count()).select_from(OutboxRow)
    before = db.session.scalar(letters)
    import_ideas(SYSTEM, [BENCH])
    [idea] = imported()
    document = db.session.scalars(
        sa.select(Document).where(Document.kind == "idea", Document.target_id == idea.id)
    ).one()
    assert document.title == BENCH.title
    assert db.session.scalar(letters) == before


def test_what_was_answered_there_is_answered_here_and_nothing_is_due(cast: Any) -> None:
    import_ideas(SYSTEM, [BENCH, replace(BENCH, origin_id="16", state="", answer="")])
    answered, waiting = imported()
    assert not is_overdue(answered)
    assert not is_overdue(waiting)
    case = timeline(ANONYMOUS, answered)
    assert case.answer is not None
    assert (case.answer.text, case.answer.by) == ("Ja, til våren.", "meta.eksempel.org")
    assert waiting.stage is Stage.RECEIVED


def test_a_second_time_changes_nothing(cast: Any) -> None:
    import_ideas(SYSTEM, [BENCH])
    assert import_ideas(SYSTEM, [replace(BENCH, title="En annen tittel"), BENCH]) == Taken(unchanged=2)
    assert [idea.title for idea in imported()] == [BENCH.title]


def test_of_two_rows_with_one_number_the_first_counts(cast: Any) -> None:
    assert import_ideas(SYSTEM, [BENCH, replace(BENCH, title="Den andre")]) == Taken(new=1, unchanged=1)
    assert [idea.title for idea in imported()] == [BENCH.title]


def test_its_author_is_nobody_who_can_be_found(cast: Any, run_worker: Any) -> None:
    import_ideas(SYSTEM, [replace(BENCH, author_name="Kari Prøve")])
    import_ideas(SYSTEM, [replace(BENCH, origin_id="16")])
    named, unnamed = imported()
    assert named.author_id == unnamed.author_id
    assert (named.pseudonym, unnamed.pseudonym) == ("Kari Prøve", None)
    nobody = db.session.get_one(Account, named.author_id)
    assert nobody.erased_at is not None
    assert nobody.email is None


def test_a_place_we_have_no_map_of_is_left_out(cast: Any) -> None:
    there = replace(BENCH, latitude=41.38, longitude=2.17)
    assert import_ideas(SYSTEM, [there]) == Taken(new=1, without_place=1)
    assert db.session.scalars(sa.select(Location)).all() == []


def test_names_we_know_become_service_area_and_lokalsamfunn(cast: Any) -> None:
    area = ServiceArea(name="Parker og torg", active=True, version=1)
    vollen = Neighbourhood(slug="vollen-prove", name="Vollen prøve", latitude=59.8, longitude=10.48, active=True)
    db.session.add_all([area, vollen])
    db.session.commit()
    row = replace(BENCH, category="Parker og torg", scope="Vollen prøve", latitude=None, longitude=None)
    import_ideas(SYSTEM, [row])
    [idea] = imported()
    assert idea.service_area_id == area.id
    assert db.session.scalars(sa.select(Location.neighbourhood_id)).one() == vollen.id


def test_a_tidstyv_keeps_its_factors_and_hours(cast: Any) -> None:
    row = replace(
        BENCH, kind="time_thief", minutes=6, times=220, persons=14, cause="reporting", hit="employees, nobody"
    )
    import_ideas(SYSTEM, [row])
    found = db.session.scalars(sa.select(TimeThief)).one()
    assert (found.hours, found.hit, found.cause) == (308, ["employees"], "reporting")


def test_only_advisers_and_the_command_line_take_ideas_in(cast: Any) -> None:
    for name in ("resident", "employee", "moderator"):
        with pytest.raises(Forbidden):
            import_ideas(cast.actor(name), [BENCH])
    assert import_ideas(cast.actor("adviser"), [BENCH]).new == 1


def test_a_batch_that_fails_leaves_nothing(cast: Any) -> None:
    with pytest.raises(sa.exc.StatementError):
        import_ideas(SYSTEM, [BENCH, replace(BENCH, origin_id="16", published_at=datetime(2020, 1, 1))])  # noqa: DTZ001
    assert imported() == []


def test_the_command_says_what_it_did_and_lists_what_it_refused(app: Flask, cast: Any, tmp_path: Path) -> None:
    file = Path(shutil.copy(DATA / "decidim-today.csv", tmp_path))
    first, again = run(app, "import", file), run(app, "import", file)
    assert first.exit_code == again.exit_code == 0
    assert "decidim, utf-8, separator ';'" in first.output
    assert "6 rows: 2 new, 0 here already, 2 passed over (1 unpublished, 1 withdrawn), 2 refused." in first.output
    assert "0 new, 2 here already" in again.output
    refused = (tmp_path / "decidim-today.csv.refused.csv").read_text(encoding="utf-8-sig").splitlines()
    assert refused == [
        "row;line;reason",
        "6;8;«591.8» er ikke en koordinat i grader.",
        "7;9;«javascript:alert(1)» er ikke en nettadresse.",
    ]


def test_a_dry_run_changes_nothing(app: Flask, cast: Any) -> None:
    told = run(app, "import", DATA / "consul.csv", "--dry-run", "--report", "/dev/null", "--language", "es")
    assert "2 new" in told.output
    assert "Nothing was changed." in told.output
    assert imported() == []


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["missing.csv"], 2, "does not exist"),
        ([DATA / "consul.csv", "--format", "excel"], 2, "Invalid value"),
        ([DATA / "consul.csv", "--language", "norsk"], 2, "two letters"),
        ([DATA / "consul.csv", "--format", "decidim"], 1, "mangler kolonnen"),
        ([DATA / "consul.csv", "--campaign", "finnes-ikke"], 1, "Vi finner ikke kampanjen"),
        ([Path(__file__)], 1, "mangler kolonnen"),
    ],
)
def test_wrong_use_is_answered_by_one_line(app: Flask, cast: Any, arguments: list[Any], code: int, says: str) -> None:
    told = run(app, "import", *arguments)
    assert (told.exit_code, isinstance(told.exception, SystemExit)) == (code, True)
    assert says in told.output
    assert "Traceback" not in told.output


def rows_of(app: Flask) -> list[ProposalRow]:
    return list(exported(names=True))


def test_what_we_export_comes_back_the_same(app: Flask, cast: Any, tmp_path: Path) -> None:
    published(cast.actor("resident"), solution="=SUM(A1)\n\n- en\n- to", usefulness="'@alle")
    thief = published(cast.actor("employee"), "Samme skjema to ganger", kind=IdeaKind.TIME_THIEF)
    found = db.session.get_one(TimeThief, thief.id)
    found.minutes, found.times, found.persons, found.hours, found.hit = 6, 220, 14, 308, ["employees"]
    thief.stage, thief.decision = Stage.DECIDED, Decision.SENT_ON
    import_ideas(SYSTEM, [replace(BENCH, author_name="Kari Prøve", state="assessing", category="Uten navn her")])
    db.session.commit()
    file = tmp_path / "ideer.csv"
    assert run(app, "export", file, "--names").exit_code == 0
    before, bytes_before = rows_of(app), file.read_bytes()
    assert len(before) == 3
    assert "0 new, 3 here already" in run(app, "import", file, "--names").output
    ids = [idea.id for idea in db.session.scalars(sa.select(Idea))]
    for table in ("idea_origins", "idea_case_steps", "time_thieves", "ideas"):
        db.session.execute(sa.text(f"DELETE FROM {table}"))  # noqa: S608 - the names are ours
    db.session.execute(sa.delete(Location).where(Location.target_id.in_(ids)))
    db.session.commit()
    db.session.expunge_all()
    told = run(app, "import", file, "--names")
    assert "3 new" in told.output
    assert rows_of(app) == before
    run(app, "export", file, "--names")
    assert file.read_bytes() == bytes_before


def test_no_name_is_exported_unless_asked_for(app: Flask, cast: Any, tmp_path: Path) -> None:
    published(cast.actor("resident"))
    run(app, "export", tmp_path / "ideer.csv")
    assert cast.actor("resident").name not in (tmp_path / "ideer.csv").read_text(encoding="utf-8-sig")


def test_only_what_everybody_may_read_is_exported(app: Flask, cast: Any) -> None:
    idea = published(cast.actor("resident"))
    idea.state = PublicationState.INTERNAL
    db.session.commit()
    assert rows_of(app) == []


def test_many_are_written_some_at_a_time(app: Flask, cast: Any, count_queries: Any) -> None:
    many = [replace(BENCH, origin_id=str(number), latitude=None, longitude=None) for number in range(450)]
    for start in (0, 200, 400):
        import_ideas(SYSTEM, many[start : start + 200])
    with count_queries(at_most=3 * 3 + 1):
        assert [row.origin_id for row in exported()] == [row.origin_id for row in many]
    steps = sa.select(sa.func.count()).select_from(CaseStep).where(CaseStep.step == Step.ANSWERED)
    assert db.session.scalar(steps) == 450


def test_a_run_that_was_stopped_goes_on_where_it_was(app: Flask, cast: Any, tmp_path: Path) -> None:
    many = [replace(BENCH, origin_id=str(number), latitude=None, longitude=None) for number in range(300)]
    import_ideas(SYSTEM, many[:200])
    file = io.StringIO(newline="")
    write_csv(many, file)
    (tmp_path / "many.csv").write_text(file.getvalue(), encoding="utf-8-sig", newline="")
    assert "100 new, 200 here already" in run(app, "import", tmp_path / "many.csv").output
    assert len(imported()) == 300


@pytest.mark.parametrize("language", ["nb", "ca"])
def test_its_pages_tell_where_it_comes_from_whatever_its_language(
    cast: Any, visitor: Callable[..., Any], language: str
) -> None:
    import_ideas(SYSTEM, [replace(BENCH, language=language, kind="time_thief", summary="", minutes=6)])
    [idea] = imported()
    page = visitor().get("ideas.show", idea_id=idea.id, slug="benker-langs-stien")
    assert page.status == 200
    assert "der 42 støttet den" in page.words
    assert "meta.eksempel.org" in page.words
    assert "Ja, til våren." in page.words
    assert "Benker langs stien" in visitor().get("ideas.index").words
    for address in ("/api/v1/ideas", "/ideer/atom.xml", f"/api/v1/ideas/{idea.id}"):
        answer = visitor().client.get(address)
        assert answer.status_code == 200
        assert "Benker langs stien" in answer.text
    adviser = visitor("adviser")
    for endpoint in ("ideas_cases.case", "ideas_archive.idea", "ideas_assess.assess", "ideas_merge.choose"):
        assert adviser.get(endpoint, idea_id=idea.id).status == 200
