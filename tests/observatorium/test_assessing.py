"""The self-assessment: parts, evidence, the colour that follows, who may, and what a revision keeps of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.files import actions as files
from portal.files.intake import FileDraft, receive
from portal.files.models import File
from portal.kernel import clock
from portal.kernel.content import PublicationState
from portal.kernel.db import atomic, db
from portal.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from portal.kernel.extensions import personal_data
from portal.kernel.identity import SYSTEM, Actor
from portal.kernel.personal import NOTHING_LEFT
from portal.notifications.models import Notice
from portal.observatorium.actions import assessing, assigning, rounds
from portal.observatorium.actions.assessing import SummaryDraft, confirm, remove_evidence, sum_up
from portal.observatorium.actions.assigning import PartDraft, add_part, change_part, copy_assessments, remind, unassign
from portal.observatorium.actions.own_levels import OwnLevelDraft, set_own_level
from portal.observatorium.actions.publishing import publish_round
from portal.observatorium.catalogue import Level
from portal.observatorium.colour_rule import PartLevel
from portal.observatorium.models.assessing import Assignment, Evidence, EvidenceKind
from portal.observatorium.queries.assessing import assessing_record, closing_day, find_round
from tests.files import made
from tests.observatorium.assessing import an_area, in_area, link, owe, own, say, say_all, stands
from tests.observatorium.rounds import an_open_round, draft, work
from tests.support.cast import Cast

RED, YELLOW, GREEN, NOT_ASSESSED, NOT_RELEVANT = PartLevel


@pytest.fixture
def coordinator(cast: Cast) -> Actor:
    an_open_round(cast)
    return cast.actor("coordinator")


def refused(error: pytest.ExceptionInfo[Invalid]) -> str:
    return error.value.field


def a_file_as_evidence(actor: Actor, key: str = "1.8.1", slug: str = "2026") -> Evidence:
    received = receive(actor, made.pdf(), "referat.pdf", FileDraft())
    piece = link(kind=EvidenceKind.FILE, url="", file=received)
    return assessing.add_evidence(actor, slug, key, piece)


@atomic
def erase(account_id: int) -> None:
    for package in personal_data():
        package.erase(account_id, NOTHING_LEFT)


def publish(coordinator: Actor, slug: str = "2026") -> None:
    rounds.close_round(coordinator, slug)
    publish_round(coordinator, slug)
    work()


def test_the_level_of_an_indicator_follows_from_its_parts(coordinator: Actor) -> None:
    say(coordinator, "1.8.1", GREEN)
    assert own(coordinator, "1.8").level is Level.YELLOW  # the others are not assessed
    say_rest = [part.key for part in stands(coordinator, "1.8").parts if part.key != "1.8.1"]
    for key in say_rest:
        say(coordinator, key, GREEN)
    assert own(coordinator, "1.8").level is Level.GREEN
    say(coordinator, say_rest[0], RED, version=1)
    assert own(coordinator, "1.8").level is Level.RED


def test_there_is_no_green_without_evidence(coordinator: Actor) -> None:
    draft_ = assessing.AssessmentDraft(level=GREEN, justification="Vi gjør det.")
    with pytest.raises(Invalid) as error:
        assessing.assess(coordinator, "2026", "1.8.1", draft_)
    assert refused(error) == "level"
    assert "Grønt krever belegg" in str(error.value.message)
    assert stands(coordinator, "1.8").own is None


def test_evidence_that_is_not_valid_when_the_round_closes_gives_no_green(coordinator: Actor) -> None:
    with pytest.raises(Invalid) as error:
        say(coordinator, "1.8.1", GREEN, link(valid_to=clock.today()))
    assert refused(error) == "level"
    assert db.session.scalar(sa.select(sa.func.count(Evidence.id))) == 0  # nothing of it is kept


def test_a_colour_needs_a_justification_and_what_is_not_relevant_a_reason(coordinator: Actor) -> None:
    for level in (RED, NOT_RELEVANT):
        with pytest.raises(Invalid) as error:
            say(coordinator, "1.8.1", level, why="")
        assert refused(error) == "justification"
    say(coordinator, "1.8.1", NOT_ASSESSED, why="")
    assert own(coordinator, "1.8").level is None


def test_evidence_that_expires_before_a_later_closing_day_counts_no_more(coordinator: Actor) -> None:
    last = closing_day(find_round(coordinator, "2026"))
    for part in stands(coordinator, "1.8").parts:
        say(coordinator, part.key, GREEN, link(valid_to=last))
    assert own(coordinator, "1.8").level is Level.GREEN
    rounds.extend_round(coordinator, "2026", clock.end_of_day(last + timedelta(days=3)))
    assert own(coordinator, "1.8").level is None
    rounds.close_round(coordinator, "2026")  # it closes today, when all of it is valid
    assert own(coordinator, "1.8").level is Level.GREEN


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": ""}, "title"),
        ({"url": "asker.kommune.no"}, "url"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": "https://[::1"}, "url"),
        ({"url": "https://asker.example/" + "a" * 2000}, "url"),
        ({"kind": EvidenceKind.FILE}, "file"),
        ({"kind": EvidenceKind.FIGURE}, "figure_value"),
        ({"kind": EvidenceKind.FIGURE, "figure_value": 1.5}, "figure_unit"),
        ({"kind": EvidenceKind.FIGURE, "figure_value": 1.5, "figure_unit": "prosent"}, "figure_source"),
    ],
)
def test_evidence_with_something_missing_is_refused_at_its_field(
    coordinator: Actor, wrong: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as error:
        say(coordinator, "1.8.1", YELLOW, link(**wrong))
    assert refused(error) == field


def test_dates_in_the_wrong_order_are_refused(coordinator: Actor) -> None:
    today = clock.today()
    for said, field in (
        ({"dated_on": today + timedelta(days=1)}, "dated_on"),
        ({"valid_from": today, "valid_to": today - timedelta(days=1)}, "valid_to"),
    ):
        with pytest.raises(Invalid) as error:
            say(coordinator, "1.8.1", YELLOW, link(**said))
        assert refused(error) == field


def test_evidence_that_is_sent_twice_is_one_piece_and_another_date_or_file_is_another(coordinator: Actor) -> None:
    first, again = (assessing.add_evidence(coordinator, "2026", "1.8.1", link()) for _ in range(2))
    assert first is again
    later = assessing.add_evidence(coordinator, "2026", "1.8.1", link(valid_to=clock.today()))
    elsewhere = assessing.add_evidence(coordinator, "2026", "1.8.2", link())
    assert len({first.id, later.id, elsewhere.id}) == 3
    assert a_file_as_evidence(coordinator).id == a_file_as_evidence(coordinator).id
    assert db.session.scalar(sa.select(sa.func.count()).select_from(File)) == 1


def test_the_last_evidence_of_a_green_part_is_not_removed(coordinator: Actor) -> None:
    say(coordinator, "1.8.1", GREEN)
    (first,) = stands(coordinator, "1.8").parts[0].pieces
    with pytest.raises(Conflict):
        remove_evidence(coordinator, "2026", first.evidence.id)
    assessing.add_evidence(coordinator, "2026", "1.8.1", link("Ny rapport"))
    remove_evidence(coordinator, "2026", first.evidence.id)
    assert [piece.evidence.title for piece in stands(coordinator, "1.8").parts[0].pieces] == ["Ny rapport"]
    with pytest.raises(NotFound):
        remove_evidence(coordinator, "2026", first.evidence.id)


def test_the_second_who_saves_a_part_is_told_and_nothing_is_lost(coordinator: Actor) -> None:
    say(coordinator, "1.8.1", YELLOW, why="Den første.")
    with pytest.raises(Invalid) as error:
        say(coordinator, "1.8.1", RED, why="Den andre.")
    assert refused(error) == ""
    kept = stands(coordinator, "1.8").parts[0].assessment
    assert kept is not None
    assert (kept.justification, kept.version) == ("Den første.", 1)
    say(coordinator, "1.8.1", YELLOW, why="Den første.")  # the same again is no quarrel
    say(coordinator, "1.8.1", RED, version=1, why="Den andre.")
    assert own(coordinator, "1.8").level is Level.RED


def test_an_employee_assesses_what_their_area_owes_and_nothing_else(cast: Cast, coordinator: Actor) -> None:
    area = an_area(cast)
    employee = in_area(cast.actor("employee"), area)
    with pytest.raises(Forbidden):
        say(employee, "1.8.1", YELLOW)
    owe(cast, area, "1.8")
    say(employee, "1.8.1", YELLOW)
    with pytest.raises(Forbidden):
        say(employee, "1.9.1", YELLOW)
    for name in ("employee2", "resident", "verifier", "moderator"):
        with pytest.raises(Forbidden):
            say(cast.actor(name), "1.8.1", YELLOW)
    limited = replace(employee, limited_until=clock.now() + timedelta(days=1))
    with pytest.raises(Forbidden):
        say(limited, "1.8.2", YELLOW)


def test_an_employee_may_begin_in_a_draft_that_is_assigned_to_them(cast: Cast) -> None:
    rounds.make_round(cast.actor("coordinator"), draft())
    area = an_area(cast)
    employee = in_area(cast.actor("employee"), area)
    with pytest.raises(NotFound):
        say(employee, "1.8.1", YELLOW)
    owe(cast, area, "1.8")
    say(employee, "1.8.1", YELLOW)


def test_only_a_coordinator_signs_and_a_later_change_takes_the_signature_away(cast: Cast, coordinator: Actor) -> None:
    area = an_area(cast)
    owe(cast, area, "1.8")
    employee = in_area(cast.actor("employee"), area)
    with pytest.raises(Invalid) as error:
        sum_up(coordinator, "2026", "1.8", SummaryDraft(text="", signed_by_title="Kommunalsjef"))
    assert refused(error) == "signed_by_title"
    say(employee, "1.8.1", YELLOW)
    with pytest.raises(Forbidden):
        sum_up(
            employee,
            "2026",
            "1.8",
            SummaryDraft(text="Vi er på vei.", signed_by_title="Leder", version=own(employee, "1.8").version),
        )
    sum_up(employee, "2026", "1.8", SummaryDraft(text="Vi er på vei.", version=own(employee, "1.8").version))
    sum_up(
        coordinator,
        "2026",
        "1.8",
        SummaryDraft(text="Vi er på vei.", signed_by_title="Kommunalsjef", version=own(coordinator, "1.8").version),
    )
    assert own(coordinator, "1.8").signed_by_title == "Kommunalsjef"
    say(employee, "1.8.2", YELLOW)
    assert own(coordinator, "1.8").signed_at is None


def test_two_who_write_the_summary_are_told(coordinator: Actor) -> None:
    sum_up(coordinator, "2026", "1.8", SummaryDraft(text="Den første."))
    with pytest.raises(Invalid):
        sum_up(coordinator, "2026", "1.8", SummaryDraft(text="Den andre."))
    assert own(coordinator, "1.8").justification == "Den første."


def test_parts_are_added_reworded_and_hidden_in_a_draft_only(cast: Cast) -> None:
    coordinator = cast.actor("coordinator")
    rounds.make_round(coordinator, draft())
    before = len(stands(coordinator, "1.8").parts)
    added = add_part(coordinator, "2026", "1.8", PartDraft(name_nb="Ungdomsrådet blir hørt"))
    assert added.key == f"1.8.{before + 1}"
    change_part(coordinator, "2026", "1.8.1", PartDraft(name_nb="Omskrevet", name_nn="Omskrive", name_en="Reworded"))
    change_part(coordinator, "2026", "1.8.2", PartDraft(name_nb="Skjult", hidden=True))
    parts = stands(coordinator, "1.8").parts
    assert [part.key for part in parts] == [f"1.8.{n}" for n in range(1, before + 2) if n != 2]
    assert parts[0].name.nn == "Omskrive"
    with pytest.raises(Conflict):
        say(coordinator, "1.8.2", YELLOW)
    rounds.open_round(coordinator, "2026")
    with pytest.raises(Conflict):
        add_part(coordinator, "2026", "1.8", PartDraft(name_nb="For sent"))
    say_all(coordinator, "1.8")
    assert own(coordinator, "1.8").level is Level.GREEN


def test_the_last_part_that_is_shown_is_not_hidden(cast: Cast) -> None:
    coordinator = cast.actor("coordinator")
    rounds.make_round(coordinator, draft())
    *others, last = [part.key for part in stands(coordinator, "1.8").parts]
    for key in others:
        change_part(coordinator, "2026", key, PartDraft(name_nb="Skjult", hidden=True))
    with pytest.raises(Invalid) as error:
        change_part(coordinator, "2026", last, PartDraft(name_nb="Skjult", hidden=True))
    assert refused(error) == "hidden"


def test_what_is_copied_counts_when_somebody_has_confirmed_it(cast: Cast, coordinator: Actor) -> None:
    say_all(coordinator, "1.8")
    publish(coordinator)
    with clock.moved(timedelta(days=365)):
        an_open_round(cast, "2027")
        number = copy_assessments(coordinator, "2027", "2026")
        state = stands(coordinator, "1.8", "2027")
        assert number == len(state.parts)
        assert all(part.is_unconfirmed and part.pieces for part in state.parts)
        assert own(coordinator, "1.8", "2027").level is None
        with pytest.raises(Invalid):
            copy_assessments(coordinator, "2027", "2026")
        record = assessing_record(find_round(coordinator, "2027").id)["1.8"]
        assert {part["level"] for part in record["own"]["parts"]} == {"not_assessed"}
        assert record["evidence"] == []
        assert confirm(coordinator, "2027", "1.8") == number
        assert own(coordinator, "1.8", "2027").level is Level.GREEN


def test_a_green_with_evidence_that_has_expired_is_not_confirmed_with_the_rest(cast: Cast, coordinator: Actor) -> None:
    say(coordinator, "1.8.1", GREEN, link(valid_to=clock.today() + timedelta(days=60)))
    say(coordinator, "1.8.2", YELLOW)
    publish(coordinator)
    with clock.moved(timedelta(days=365)):
        an_open_round(cast, "2027")
        copy_assessments(coordinator, "2027", "2026")
        assert confirm(coordinator, "2027", "1.8") == 1
        waiting = [part.key for part in stands(coordinator, "1.8", "2027").parts if part.is_unconfirmed]
    assert waiting == ["1.8.1"]


def test_what_has_begun_to_be_published_is_frozen(coordinator: Actor) -> None:
    say(coordinator, "1.8.1", GREEN)
    (piece,) = stands(coordinator, "1.8").parts[0].pieces
    rounds.close_round(coordinator, "2026")
    publish_round(coordinator, "2026")
    for published in (False, True):
        with pytest.raises(Conflict):
            say(coordinator, "1.8.2", YELLOW)
        with pytest.raises(Conflict):
            remove_evidence(coordinator, "2026", piece.evidence.id)
        with pytest.raises(Conflict):
            sum_up(coordinator, "2026", "1.8", SummaryDraft(text="For sent"))
        if not published:
            work()


def test_the_municipality_s_files_wait_for_no_moderator_and_cannot_vanish_when_published(
    cast: Cast, coordinator: Actor
) -> None:
    evidence = a_file_as_evidence(coordinator)
    file = db.session.get_one(File, evidence.file_id)
    assert file.state is PublicationState.PUBLISHED
    publish(coordinator)
    for work_ in (files.remove, files.detach):
        with pytest.raises((Conflict, Forbidden)):
            work_(coordinator, file.id)
    erase(cast.coordinator.id)
    db.session.expire_all()
    assert db.session.get_one(Evidence, evidence.id).file_id == file.id
    assert db.session.get_one(Evidence, evidence.id).created_by_id is None


def test_a_file_that_is_taken_back_before_publishing_is_gone(cast: Cast, coordinator: Actor) -> None:
    area = an_area(cast)
    owe(cast, area, "1.8")
    evidence = a_file_as_evidence(in_area(cast.actor("employee"), area))
    file_id = evidence.file_id
    remove_evidence(coordinator, "2026", evidence.id)
    db.session.expire_all()
    assert db.session.get(File, file_id) is None


def test_nobody_puts_a_second_file_on_evidence(coordinator: Actor) -> None:
    evidence = a_file_as_evidence(coordinator)
    file = files.upload(coordinator, receive(coordinator, made.pdf(), "to.pdf", FileDraft()))
    target = db.session.get_one(File, evidence.file_id).target
    assert target is not None
    with pytest.raises(Forbidden):
        files.attach(coordinator, target, [file.id])


def test_a_round_without_parts_keeps_the_level_that_was_set(coordinator: Actor) -> None:
    set_own_level(coordinator, "2026", OwnLevelDraft(indicator="1.8", level=Level.GREEN))
    assessing.judge_round(coordinator, "2026")
    assert own(coordinator, "1.8").level is Level.GREEN
    assert assessing_record(find_round(coordinator, "2026").id) == {}


def test_a_revision_can_keep_all_that_was_said_and_no_names(cast: Cast, coordinator: Actor) -> None:
    say(coordinator, "1.8.1", GREEN)
    figure = link(kind=EvidenceKind.FIGURE, url="", figure_value=41.5, figure_unit="prosent", figure_source="SSB 12362")
    say(coordinator, "1.8.2", YELLOW, figure)
    say(coordinator, "1.8.3", NOT_RELEVANT, why="Fylket har oppgaven.")
    a_file_as_evidence(coordinator, "1.8.2")
    sum_up(
        coordinator,
        "2026",
        "1.8",
        SummaryDraft(text="På vei.", signed_by_title="Kommunalsjef", version=own(coordinator, "1.8").version),
    )
    record = assessing_record(find_round(coordinator, "2026").id)["1.8"]
    assert record["own"]["level"] == "yellow"
    assert record["own"]["counts"]["not_relevant"] == 1
    assert record["own"]["summary"] == "På vei."
    assert record["own"]["signed_by"] == "Kommunalsjef"
    assert [each["kind"] for each in record["evidence"]] == ["link", "figure", "file"]
    assert record["evidence"][1]["figure"] == {"value": 41.5, "unit": "prosent", "source": "SSB 12362"}
    assert len(record["evidence"][2]["file"]["sha256"]) == 64
    assert record["own"]["parts"][1]["evidence"] == [each["id"] for each in record["evidence"][1:]]
    assert cast.coordinator.name not in str(record)


def test_areas_are_reminded_before_and_after_the_deadline_and_not_when_they_are_done(
    cast: Cast, coordinator: Actor
) -> None:
    area, other = an_area(cast), an_area(cast, "employee2", "Kultur")
    owe(cast, area, "1.8", "1.9", due_on=clock.today() + timedelta(days=10))
    owe(cast, other, "1.7", due_on=clock.today() + timedelta(days=10))
    assert remind(SYSTEM) == 0  # there is time
    say_all(coordinator, "1.7")
    with clock.moved(timedelta(days=4)):
        assert remind(SYSTEM) == 1
        assert remind(SYSTEM) == 0
    with clock.moved(timedelta(days=11)):
        assert remind(SYSTEM) == 1
        assert remind(SYSTEM) == 0
        work()
    told = db.session.scalars(sa.select(Notice.account_id)).all()
    assert set(told) == {cast.employee.id}


def test_an_assignment_is_taken_back_and_what_was_assessed_stays(cast: Cast, coordinator: Actor) -> None:
    area = an_area(cast)
    owe(cast, area, "1.8")
    say(in_area(cast.actor("employee"), area), "1.8.1", YELLOW)
    unassign(coordinator, "2026", db.session.scalars(sa.select(Assignment.id)).one())
    with pytest.raises(Forbidden):
        say(in_area(cast.actor("employee"), area), "1.8.2", YELLOW)
    assert own(coordinator, "1.8").level is Level.YELLOW


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"indicators": ()}, "indicators"),
        ({"service_area_id": None}, "service_area_id"),
        ({"service_area_id": 999}, "service_area_id"),
        ({"due_on": clock.today() - timedelta(days=1)}, "due_on"),
    ],
)
def test_an_assignment_with_something_missing_is_refused(
    cast: Cast, coordinator: Actor, said: dict[str, object], field: str
) -> None:
    whole = {"indicators": ("1.8",), "service_area_id": an_area(cast).id, "due_on": clock.today()}
    with pytest.raises(Invalid) as error:
        assigning.assign(coordinator, "2026", assigning.AssignmentDraft(**{**whole, **said}))
    assert refused(error) == field
