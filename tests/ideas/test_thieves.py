"""Tidstyver: what they take, whose they are to mend, what was freed, and who sees what."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
import sqlalchemy as sa

from portal.ideas import dugnad, questions
from portal.ideas.actions.cases import Said, decide_idea, realise_idea
from portal.ideas.actions.measures import MeasureDraft, TogetherDraft, change_measure, make_measure, measure_together
from portal.ideas.actions.proposing import consent_to_publishing
from portal.ideas.actions.thieves import (
    AfterDraft,
    TransferDraft,
    attach_thief,
    confirm_thief,
    measure_thief,
    save_thief,
    transfer_thief,
)
from portal.ideas.hours import Cause, Owner
from portal.ideas.kinds.ideas import entries
from portal.ideas.models.campaigns import Campaign
from portal.ideas.models.cases import CaseStep, Step
from portal.ideas.models.ideas import Idea
from portal.ideas.models.thieves import Confirmation, Measure, TimeThief, Transfer
from portal.ideas.queries.thief_pages import measure_page
from portal.ideas.queries.thieves import is_measured, panel
from portal.ideas.stages import Decision, Degree, IdeaKind, Stage, ThiefStatus
from portal.kernel import clock
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from portal.kernel.identity import ANONYMOUS
from portal.participation.actions.joining import support
from tests.support.counting import count_queries
from tests.support.ideas import published
from tests.support.thieves import at_stage, measured, on_measure, row, thief, told


def test_the_hours_are_the_three_factors_and_nothing_else(cast: Any) -> None:
    idea = thief(cast.actor("resident"))
    seen = panel(ANONYMOUS, idea)
    assert seen is not None
    assert row(idea).hours == Decimal(308)
    assert seen.hours is not None
    assert (seen.hours.number, seen.hours.is_exact) == (308, True)


@pytest.mark.parametrize("unknown", ["minutes", "times", "persons"])
def test_an_unknown_factor_is_never_guessed(cast: Any, unknown: str) -> None:
    idea = thief(cast.actor("resident"), **{unknown: None})
    seen = panel(ANONYMOUS, idea)
    assert seen is not None
    assert row(idea).hours is None
    assert seen.hours is None
    assert len(seen.missing) == 1


def test_an_idea_that_is_no_tidstyv_has_no_hours(cast: Any) -> None:
    assert panel(ANONYMOUS, published(cast.actor("resident"))) is None


def test_more_hours_than_there_are_is_a_slip_of_the_finger(cast: Any) -> None:
    idea = thief(cast.actor("resident"))
    with pytest.raises(Invalid) as refused:
        save_thief(cast.actor("resident"), idea.id, told(minutes=Decimal(10_000), times=100_000, persons=1_000_000))
    assert refused.value.field == "minutes"


def test_nobody_else_changes_what_the_author_told(cast: Any) -> None:
    idea = thief(cast.actor("resident"))
    with pytest.raises(Forbidden):
        save_thief(cast.actor("adviser"), idea.id, told(minutes=Decimal(1)))


def test_numbers_stand_once_the_time_is_measured(cast: Any) -> None:
    idea = thief(cast.actor("resident"))
    measured(cast.actor("adviser"), idea)
    with pytest.raises(Conflict):
        save_thief(cast.actor("resident"), idea.id, told(minutes=Decimal(60)))
    assert row(idea).minutes == 6


def test_what_is_measured_afterwards_is_freed(cast: Any) -> None:
    idea = thief(cast.actor("resident"))
    assert not is_measured(idea.id)
    measured(cast.actor("adviser"), idea, degree=Degree.REDUCED, used_for="Mer tid med elevene")
    seen = panel(ANONYMOUS, db.session.get_one(Idea, idea.id))
    assert seen is not None
    assert seen.freed == 231
    assert is_measured(idea.id)
    assert seen.used_for == "Mer tid med elevene"


def test_a_measurement_of_two_factors_is_none(cast: Any) -> None:
    idea = thief(cast.actor("resident"))
    with pytest.raises(Invalid) as refused:
        measured(cast.actor("adviser"), idea, persons=None)
    assert refused.value.field == "persons"


def test_nobody_measures_in_the_future(cast: Any) -> None:
    idea = thief(cast.actor("resident"))
    with pytest.raises(Invalid) as refused:
        measured(cast.actor("adviser"), idea, measured_on=clock.today().replace(year=clock.today().year + 1))
    assert refused.value.field == "measured_on"


def test_two_of_the_staff_who_measure_at_once_do_not_overwrite_each_other(cast: Any) -> None:
    idea = thief(cast.actor("resident"))
    opened = row(idea).version
    measured(cast.actor("adviser"), idea)
    with pytest.raises(Conflict):
        measure_thief(cast.actor("adviser"), idea.id, AfterDraft(), version=opened)
    assert row(idea).hours_after == 77


def test_residents_place_no_responsibility(cast: Any) -> None:
    idea = thief(cast.actor("resident"))
    with pytest.raises(Forbidden):
        transfer_thief(
            cast.actor("resident"), idea.id, TransferDraft(owner=Owner.STATE, reason="Nei"), version=1, key="a"
        )


def test_a_transfer_tells_whose_it_was_and_is_a_public_step(cast: Any) -> None:
    idea = thief(cast.actor("resident"), owner=Owner.OWN_UNIT)
    draft = TransferDraft(
        owner=Owner.STATE, owner_name="Skatteetaten", reason="Skjemaet er deres", receipt="26/118", is_known=True
    )
    for _time in range(2):  # the form sent twice
        transfer_thief(cast.actor("adviser"), idea.id, draft, version=row(idea).version, key="skjema-1")
    kept = db.session.scalars(sa.select(Transfer).where(Transfer.idea_id == idea.id)).one()
    assert (kept.from_owner, kept.to_owner, kept.to_name) == (Owner.OWN_UNIT, Owner.STATE, "Skatteetaten")
    assert kept.receipt == "26/118"
    assert row(idea).is_known is True
    step = db.session.scalars(
        sa.select(CaseStep).where(CaseStep.idea_id == idea.id, CaseStep.step == Step.DECIDED)
    ).one()
    assert step.is_public
    assert step.text == "Skjemaet er deres"
    told = panel(ANONYMOUS, db.session.get_one(Idea, idea.id))
    assert told is not None
    assert told.status is ThiefStatus.TRANSFERRED


def test_a_transfer_within_the_municipality_is_a_public_step_and_decides_nothing(cast: Any) -> None:
    idea = thief(cast.actor("resident"))
    draft = TransferDraft(owner=Owner.OTHER_UNIT, owner_name="Servicetorget", reason="De har skjemaet")
    transfer_thief(cast.actor("adviser"), idea.id, draft, version=row(idea).version, key="skjema-1")
    steps = {each.step: each for each in db.session.scalars(sa.select(CaseStep).where(CaseStep.idea_id == idea.id))}
    assert steps[Step.TRANSFERRED].text == "De har skjemaet"
    assert steps[Step.TRANSFERRED].is_public
    assert Step.DECIDED not in steps


def test_what_leaves_the_municipality_goes_to_somebody(cast: Any) -> None:
    idea = thief(cast.actor("resident"))
    with pytest.raises(Invalid) as refused:
        transfer_thief(
            cast.actor("adviser"), idea.id, TransferDraft(owner=Owner.STATE, reason="Deres"), version=1, key="a"
        )
    assert refused.value.field == "owner_name"
    assert row(idea).owner is None


def test_a_measured_time_is_enough_to_call_it_realised(cast: Any) -> None:
    adviser = cast.actor("adviser")
    idea = thief(cast.actor("resident"))
    decide_idea(adviser, idea.id, Decision.IN_THE_LINE, Said(text="Vi tar den", version=idea.version))
    with pytest.raises(Invalid):
        realise_idea(adviser, idea.id, Said(version=idea.version), Degree.REDUCED)
    measure = on_measure(adviser, idea)
    draft = TogetherDraft(hours_freed=Decimal(200), measured_on=clock.today())
    measure_together(adviser, measure.id, draft, version=measure.version)
    idea = db.session.get_one(Idea, idea.id)
    realise_idea(adviser, idea.id, Said(version=idea.version), Degree.REDUCED)
    seen = panel(ANONYMOUS, db.session.get_one(Idea, idea.id))
    assert seen is not None
    assert (seen.status, seen.freed) == (ThiefStatus.REDUCED, 200)


def test_once_staff_have_placed_it_the_author_does_not_move_it(cast: Any) -> None:
    idea = thief(cast.actor("resident"))
    draft = TransferDraft(owner=Owner.SUPPLIER, owner_name="Leverandør AS", reason="Systemet er deres")
    transfer_thief(cast.actor("adviser"), idea.id, draft, version=row(idea).version, key="skjema-1")
    save_thief(cast.actor("resident"), idea.id, told(owner=Owner.OWN_UNIT, cause=Cause.IT_SYSTEM))
    assert (row(idea).owner, row(idea).cause) == (Owner.SUPPLIER, Cause.IT_SYSTEM)


def test_several_tidstyver_share_one_measure_and_its_hours_count_once(cast: Any) -> None:
    adviser = cast.actor("adviser")
    one = thief(cast.actor("resident"), "Den ene")
    other = thief(cast.actor("resident2"), "Den andre", minutes=Decimal(3))
    measure = on_measure(adviser, one, other)
    measure_together(
        adviser,
        measure.id,
        TogetherDraft(hours_freed=Decimal(300), measured_on=clock.today()),
        version=measure.version,
    )
    page = measure_page(ANONYMOUS, measure.id)
    assert [each.freed for each in page.rows] == [200, 100]
    assert (page.total.before, page.total.freed) == (462, 300)
    assert is_measured(one.id)


def test_what_the_public_sees_of_a_measure_holds_nothing_of_an_internal_tidstyv(cast: Any) -> None:
    adviser = cast.actor("adviser")
    shown = thief(cast.actor("resident"), "Den alle ser")
    hidden = thief(cast.actor("employee"), "Den interne", internally=True)
    measure = on_measure(adviser, shown, hidden)
    measure_together(
        adviser, measure.id, TogetherDraft(hours_freed=Decimal(100), measured_on=clock.today()), version=measure.version
    )
    page = measure_page(ANONYMOUS, measure.id)
    assert [each.idea.title for each in page.rows] == ["Den alle ser"]
    assert (page.total.before, page.total.freed, page.others) == (308, 50, 1)
    assert len(measure_page(adviser, measure.id).rows) == 2


def test_a_measure_sent_twice_is_made_once(cast: Any) -> None:
    for _time in range(2):
        make_measure(cast.actor("adviser"), MeasureDraft(title="Ett felles skjema"), key="skjema-1")
    assert len(db.session.scalars(sa.select(Measure)).all()) == 1


def test_a_stale_measure_is_not_saved_over_the_newer(cast: Any) -> None:
    adviser = cast.actor("adviser")
    measure = make_measure(adviser, MeasureDraft(title="Ett felles skjema"), key="skjema-1")
    opened = measure.version
    change_measure(adviser, measure.id, MeasureDraft(title="To felles skjemaer"), version=opened)
    with pytest.raises(Conflict):
        change_measure(adviser, measure.id, MeasureDraft(title="Ingen skjemaer"), version=opened)
    assert db.session.get_one(Measure, measure.id, populate_existing=True).title == "To felles skjemaer"


def test_a_tidstyv_is_taken_off_its_measure(cast: Any) -> None:
    idea = thief(cast.actor("resident"))
    on_measure(cast.actor("adviser"), idea)
    attach_thief(cast.actor("adviser"), idea.id, None, version=row(idea).version)
    assert row(idea).measure_id is None


def test_the_status_is_the_case_in_other_words(cast: Any) -> None:
    idea = thief(cast.actor("resident"))
    seen = panel(ANONYMOUS, idea)
    assert seen is not None
    assert seen.status is ThiefStatus.REGISTERED
    at_stage(idea, Stage.REALISED)
    measured(cast.actor("adviser"), idea, minutes=Decimal(0), degree=Degree.REMOVED)
    seen = panel(ANONYMOUS, db.session.get_one(Idea, idea.id))
    assert seen is not None
    assert seen.status is ThiefStatus.REMOVED
    assert "status" not in TimeThief.__table__.columns


def test_those_who_had_it_say_whether_the_time_came_back(cast: Any) -> None:
    idea = thief(cast.actor("resident"))
    for name in ("resident2", "volunteer"):
        support(cast.actor(name), Ref("idea", idea.id))
    idea = at_stage(idea, Stage.REALISED)
    confirm_thief(cast.actor("resident"), idea.id, agrees=False)
    for name in ("resident", "resident2", "volunteer"):
        confirm_thief(cast.actor(name), idea.id, agrees=name != "volunteer")
    seen = panel(cast.actor("volunteer"), db.session.get_one(Idea, idea.id))
    assert seen is not None
    assert (seen.confirmed, seen.answers, seen.mine) == (2, 3, False)


def test_nobody_else_is_asked(cast: Any) -> None:
    idea = at_stage(thief(cast.actor("resident")), Stage.REALISED)
    with pytest.raises(Forbidden):
        confirm_thief(cast.actor("resident2"), idea.id, agrees=True)
    assert db.session.scalars(sa.select(Confirmation)).all() == []


def test_nobody_is_asked_before_the_time_is_said_to_be_back(cast: Any) -> None:
    idea = thief(cast.actor("resident"))
    with pytest.raises(Forbidden):
        confirm_thief(cast.actor("resident"), idea.id, agrees=True)


def test_an_internal_one_is_seen_by_staff_alone_until_its_author_agrees(cast: Any, visitor: Any) -> None:
    idea = thief(cast.actor("employee"), "Timelista i tre eksemplarer", internally=True)
    for reader in (None, "resident"):
        assert "Timelista" not in visitor(reader).get("thieves.index").text
        visitor(reader).get("ideas.permanent", _status=404, idea_id=idea.id)
    assert "Timelista" in visitor("employee2").get("thieves.index").text
    consent_to_publishing(cast.actor("employee"), idea.id)
    assert row(idea).consented_at is not None
    assert db.session.get_one(Idea, idea.id).state in {PublicationState.PENDING, PublicationState.PUBLISHED}


@pytest.mark.parametrize(
    "address",
    ["/tidstyver/", "/ideer/", "/api/v1/time-thieves", "/api/v1/ideas", "/ideer/atom.xml"],
)
def test_an_internal_one_is_in_no_list_search_or_feed_of_others(cast: Any, visitor: Any, address: str) -> None:
    thief(cast.actor("employee"), "Timelista i tre eksemplarer", internally=True)
    thief(cast.actor("employee"), "Timelista som alle ser")
    told = visitor().client.get(address).get_data(as_text=True)
    assert "Timelista som alle ser" in told
    assert "tre eksemplarer" not in told


def test_an_internal_one_is_not_found_by_searching(cast: Any) -> None:
    internal = thief(cast.actor("employee"), "Timelista i tre eksemplarer", internally=True)
    shown = thief(cast.actor("employee"), "Timelista som alle ser")
    assert list(entries([internal.id, shown.id])) == [shown.id]


def test_nobody_agrees_for_the_author(cast: Any) -> None:
    idea = thief(cast.actor("employee"), internally=True)
    with pytest.raises((Forbidden, NotFound)):
        consent_to_publishing(cast.actor("adviser"), idea.id)
    assert row(idea).consented_at is None


def test_a_panel_costs_one_statement(cast: Any) -> None:
    idea = thief(cast.actor("resident"))
    with count_queries(at_most=1):
        panel(cast.actor("resident2"), idea)


def test_what_was_measured_for_a_tidstyv_is_exact_on_both_databases(cast: Any) -> None:
    idea = thief(cast.actor("resident"), minutes=Decimal("0.1"), times=1, persons=1)
    assert row(idea).hours == Decimal("0.0017")
    seen = panel(ANONYMOUS, idea)
    assert seen is not None
    assert seen.before.hours == Fraction(1, 600)


def test_the_spring_dugnad_is_a_campaign_that_is_ready_to_be_changed(cast: Any, visitor: Any) -> None:
    browser = visitor("adviser")
    form = browser.get("ideas_campaigns.make", mal="dugnad").form()
    assert form["title_nn"] == "Vårdugnad mot tidstjuvar"
    for _time in range(2):  # the form sent twice
        browser.post("ideas_campaigns.make", _data=form, mal="dugnad")
    made = db.session.scalars(sa.select(Campaign)).one()
    assert made.kind is IdeaKind.TIME_THIEF
    assert [each.key for each in questions.read(made.questions)] == [each["key"] for each in dugnad.QUESTIONS]
    assert (made.closes_on - made.opens_on).days == dugnad.DAYS


@pytest.mark.parametrize("texts", [dugnad.TITLE, dugnad.LEAD, dugnad.INTRODUCTION, dugnad.GOAL])
def test_the_spring_dugnad_speaks_three_languages(texts: Any) -> None:
    assert len({texts["nb"], texts["nn"], texts["en"]}) == 3
