"""Signs that forms are not what they look like: found when they are there, silent when not, never of one person."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from math import exp, factorial

import pytest
import sqlalchemy as sa

from portal.kernel import clock
from portal.kernel.audit import AuditEntry
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Forbidden, Invalid
from portal.observatorium import trust
from portal.observatorium.actions import weights as actions
from portal.observatorium.actions.publishing import CorrectionDraft, correct_round, publish_round
from portal.observatorium.actions.rating import AnswersDraft, Standing, rate_several
from portal.observatorium.actions.rounds import close_round
from portal.observatorium.actions.weights import ExclusionDraft
from portal.observatorium.catalogue import Answer, catalogue
from portal.observatorium.models.rounds import Ballot, Revision, RevisionResult, Round, Tie
from portal.observatorium.models.weights import Exclusion, RoundJoin, SignalKind
from portal.observatorium.queries.publishing import list_cells, recount
from portal.observatorium.queries.trust import TrustPage, trust_page
from tests.observatorium.ratings import RESIDENT
from tests.observatorium.rounds import an_open_round, people, work
from tests.support.cast import Cast

NUMBERS = [one.number for one in catalogue().indicators]
FIRST, LAST = date(2026, 9, 1), date(2026, 9, 30)


def at(day: int, hour: int) -> datetime:
    return datetime(2026, 9, day, hour, tzinfo=UTC)


def form(*answers: str) -> trust.Answers:
    return frozenset(zip(NUMBERS, answers, strict=False))


# --- the pure piece ---------------------------------------------------------------------------------------------------


def test_an_hour_far_beyond_the_same_hour_on_other_days_is_a_burst() -> None:
    joins = {at(day, 18): 4 for day in range(1, 31)} | {at(12, 18): 40}
    (burst,) = trust.bursts(joins, FIRST, LAST)
    assert (burst.hour, burst.count, burst.usual) == (at(12, 18), 40, 4.0)


def test_an_evening_that_is_always_busy_and_a_quiet_round_are_not() -> None:
    assert trust.bursts({at(day, 18): 40 for day in range(1, 31)}, FIRST, LAST) == []
    assert trust.bursts({at(3, 9): 4}, FIRST, LAST) == []
    assert trust.bursts({}, FIRST, LAST) == []


@pytest.mark.parametrize(("count", "mean"), [(5, 1.0), (12, 4.0), (40, 4.0), (3, 0.2)])
def test_the_chance_of_so_many_is_that_of_poisson(count: int, mean: float) -> None:
    fewer = sum(exp(-mean) * mean**number / factorial(number) for number in range(count))
    assert trust.at_least(count, mean) == pytest.approx(1 - fewer, abs=1e-12)


def test_equal_forms_beyond_chance_are_found_and_straight_lines_are_not_among_them() -> None:
    dice = random.Random(1)  # noqa: S311 - made-up answers
    forms = Counter(form(*dice.choices(["red", "yellow", "green"], k=39)) for _person in range(200))
    copied, straight = form(*(["red", "yellow", "green"] * 13)), form(*["green"] * 39)
    forms[copied] += 9
    forms[straight] += 30
    (pattern,) = trust.patterns(forms)
    assert (pattern.key, pattern.count) == (trust.key_of(copied), 9)
    assert pattern.by_chance < 1e-6
    assert [each for each in forms if trust.is_straight(each)] == [straight]


def test_few_short_or_expected_forms_are_no_pattern() -> None:
    assert trust.patterns(Counter({form(*["red", "green"] * 10): 4})) == []
    assert trust.patterns(Counter({form("red", "green"): 400, form("green", "red"): 10})) == []
    assert trust.patterns(Counter()) == []


@pytest.mark.parametrize(("persons", "told"), [(1, None), (4, None), (5, 5), (9, 5), (12, 10)])
def test_how_many_were_taken_out_is_told_in_fives(persons: int, told: int | None) -> None:
    assert trust.rounded_excluded(persons) == told


# --- in a round -------------------------------------------------------------------------------------------------------

ALIKE = (["red", "yellow", "green"] * 13)[:39]


def a_round_with_copies(cast: Cast, copies: int = 12) -> Round:
    """Let sixty answer each in their own way, and some all alike from one network."""
    opened, dice = an_open_round(cast), random.Random(2)  # noqa: S311 - made-up answers
    for place, actor in enumerate(people(60 + copies)):
        copied = place < copies
        given = ALIKE if copied else dice.choices(["red", "yellow", "green"], k=39)
        standing = Standing(group=RESIDENT, tie=Tie.LIVES, network="library" if copied else f"home {place}")
        answers = dict(zip(NUMBERS, map(Answer, given), strict=True))
        rate_several(actor, AnswersDraft(round="2026", answers=answers, standing=standing))
    return opened


def closed(cast: Cast, copies: int = 12) -> TrustPage:
    a_round_with_copies(cast, copies)
    close_round(cast.actor("coordinator"), "2026")
    return page(cast)


def page(cast: Cast) -> TrustPage:
    return trust_page(cast.actor("coordinator"), "2026")


def take_out(cast: Cast, kind: SignalKind, reason: str = "Like skjemaer fra samme maskin.") -> Exclusion:
    (cluster,) = page(cast).of(kind)
    return actions.exclude(cast.actor("coordinator"), "2026", ExclusionDraft(kind=kind, key=cluster.key, reason=reason))


def answered() -> int:
    return sum(cell.count for cell in list_cells(db.session.scalar(sa.select(Round.id))) if cell.indicator == "1.1")


def test_a_coordinator_sees_clusters_as_counts_when_the_round_is_closed(cast: Cast) -> None:
    found = closed(cast)
    assert [(each.kind, each.count) for each in found.clusters] == [
        (SignalKind.NETWORK, 12),
        (SignalKind.IDENTICAL, 12),
    ]
    assert found.bursts[0].count == 72
    assert found.joined == 70


def test_while_people_answer_nobody_sees_answers_or_networks(cast: Cast) -> None:
    a_round_with_copies(cast)
    found = page(cast)
    assert found.clusters == ()
    assert not found.reads_answers
    assert not found.may_exclude
    with pytest.raises(Conflict):
        actions.exclude(
            cast.actor("coordinator"), "2026", ExclusionDraft(kind=SignalKind.STRAIGHT, key="all", reason="x")
        )


def test_four_from_one_network_are_not_told_of(cast: Cast) -> None:
    assert list(closed(cast, 4).clusters) == []


def test_others_see_and_do_nothing_here(cast: Cast) -> None:
    closed(cast)
    for key in ("resident", "employee", "verifier", "moderator", "admin"):
        with pytest.raises(Forbidden):
            trust_page(cast.actor(key), "2026")
        with pytest.raises(Forbidden):
            actions.exclude(cast.actor(key), "2026", ExclusionDraft(kind=SignalKind.STRAIGHT, key="all", reason="x"))


def test_what_is_taken_out_no_longer_counts_and_the_trail_tells_how_many_and_why(cast: Cast) -> None:
    closed(cast)
    taken = take_out(cast, SignalKind.IDENTICAL)
    assert (taken.count, taken.from_revision) == (12, 1)
    assert answered() == 60
    assert page(cast).clusters == []
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.name == "observatory.answers_excluded")).one()
    assert entry.body["count"] == 10
    assert entry.body["reason"] == "Like skjemaer fra samme maskin."


def test_taking_out_needs_a_reason_and_at_least_five(cast: Cast) -> None:
    (cluster,) = closed(cast).of(SignalKind.NETWORK)
    with pytest.raises(Invalid):
        take_out(cast, SignalKind.NETWORK, "")
    for key in ("", "zz", "ab" * 32):
        with pytest.raises(Invalid):
            actions.exclude(
                cast.actor("coordinator"), "2026", ExclusionDraft(kind=cluster.kind, key=key, reason="Prøve")
            )
    assert answered() == 72


def test_it_can_be_undone_until_it_is_published(cast: Cast) -> None:
    coordinator = cast.actor("coordinator")
    closed(cast)
    taken = take_out(cast, SignalKind.NETWORK)
    actions.lift_exclusion(coordinator, "2026", taken.id)
    assert answered() == 72
    assert db.session.scalars(sa.select(Exclusion)).all() == []
    again = take_out(cast, SignalKind.NETWORK)
    publish_round(coordinator, "2026")
    work()
    with pytest.raises(Conflict):
        actions.lift_exclusion(coordinator, "2026", again.id)


def body(number: int, indicator: str = "1.1") -> dict:
    return db.session.scalars(
        sa.select(RevisionResult.body)
        .join(Revision, Revision.id == RevisionResult.revision_id)
        .where(Revision.number == number, RevisionResult.indicator == indicator)
    ).one()


def revision(number: int) -> Revision:
    return db.session.scalars(sa.select(Revision).where(Revision.number == number)).one()


def test_the_published_result_says_how_many_were_taken_out_and_why(cast: Cast) -> None:
    closed(cast)
    take_out(cast, SignalKind.IDENTICAL)
    publish_round(cast.actor("coordinator"), "2026")
    work()
    (told,) = revision(1).summary["exclusions"]
    assert (told["kind"], told["count"], told["reason"]) == ("identical", 10, "Like skjemaer fra samme maskin.")
    assert revision(1).summary["participants"]["resident"] == 60
    assert body(1)["groups"][0]["n"] == 60


def test_taken_out_as_a_correction_the_first_result_stands_and_can_be_counted_again(cast: Cast) -> None:
    """Twelve of one mind at each indicator could not be told as a group, so theirs is withdrawn."""
    coordinator = cast.actor("coordinator")
    closed(cast)
    publish_round(coordinator, "2026")
    work()
    assert take_out(cast, SignalKind.IDENTICAL).from_revision == 2
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Revision)) == 1
    correct_round(coordinator, "2026", CorrectionDraft(reason="Like skjemaer er tatt ut."))
    work()
    assert body(1)["groups"][0]["n"] == 72
    assert body(2)["groups"][0] == {**body(2)["groups"][0], "suppressed": True, "n": None, "shares": None}
    round_ = db.session.scalars(sa.select(Round)).one()
    for number in (1, 2):
        assert recount(round_, revision(number)).content_hash == revision(number).content_hash


# --- what is forgotten ------------------------------------------------------------------------------------------------


def networks() -> set[bytes | None]:
    return set(db.session.scalars(sa.select(Ballot.network)))


def test_a_network_is_another_each_week_and_forgotten_after_14_days(cast: Cast) -> None:
    an_open_round(cast, days=60)
    persons = people(2)
    for actor, days in zip(persons, (0, 7), strict=True):
        with clock.moved(timedelta(days=days)):
            standing = Standing(group=RESIDENT, tie=Tie.LIVES, network="library")
            rate_several(actor, AnswersDraft(round="2026", answers={"1.1": Answer.RED}, standing=standing))
    assert len(networks()) == 2
    assert None not in networks()
    with clock.moved(timedelta(days=14)):
        actions.forget_networks()
    assert len(networks() - {None}) == 1
    with clock.moved(timedelta(days=21)):
        actions.forget_networks()
    assert networks() == {None}


def test_when_people_joined_is_forgotten_when_the_result_is_there(cast: Cast) -> None:
    closed(cast)
    assert db.session.scalar(sa.select(sa.func.sum(RoundJoin.count))) == 72
    actions.forget_networks()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(RoundJoin)) == 1
    publish_round(cast.actor("coordinator"), "2026")
    work()
    actions.forget_networks()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(RoundJoin)) == 0
    assert networks() == {None}


def test_answering_again_is_not_joining_again(cast: Cast) -> None:
    an_open_round(cast)
    (actor,) = people(1)
    for answer in (Answer.RED, Answer.GREEN):
        standing = Standing(group=RESIDENT, tie=Tie.LIVES)
        rate_several(actor, AnswersDraft(round="2026", answers={"1.1": answer}, standing=standing))
    assert db.session.scalar(sa.select(sa.func.sum(RoundJoin.count))) == 1
