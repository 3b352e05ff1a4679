"""Publishing: computed once by the worker, stored with its hash, counted again from the raw ratings, and corrected."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.kernel import clock, outbox
from portal.kernel.audit import AuditEntry
from portal.kernel.db import atomic, db
from portal.kernel.errors import Conflict, Forbidden, Invalid
from portal.kernel.identity import SYSTEM
from portal.kernel.outbox import OutboxRow
from portal.observatorium import secrecy
from portal.observatorium.actions import publishing, rounds
from portal.observatorium.actions.own_levels import OwnLevelDraft, set_own_level
from portal.observatorium.actions.publishing import CorrectionDraft, correct_round, publish_round, store_revision
from portal.observatorium.actions.rating import withdraw_all
from portal.observatorium.catalogue import Answer, Level, catalogue
from portal.observatorium.models.rounds import Revision, RevisionResult, Round, RoundState, Tie
from portal.observatorium.queries.publishing import compute, list_cells, recount
from portal.observatorium.queries.rounds import get_round
from portal.observatorium.reactions import publish_result
from tests.observatorium.rounds import an_open_round, answers, people, work
from tests.observatorium.test_rating import for_organisation
from tests.support.cast import Cast


@pytest.fixture(autouse=True)
def _sender(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The wiring lists the sender; the tests hold whether or not it does yet."""
    monkeypatch.setitem(app.extensions, "portal_senders", {publishing.TOPIC: publish_result})


def test_who_is_in_a_hidden_group_changes_nothing_that_is_told(cast: Cast) -> None:
    """28 residents are told exactly, by indicator: a rounded sum of all, like 20, would leave one for the others."""
    round_ = an_open_round(cast)
    for number, actor in enumerate(people(28)):
        answers(actor, "1.1", tuple(Answer)[number % 4])
    alone = compute(round_, 1, "")
    for who in ("knowledge", "business"):
        standing = replace(for_organisation(cast, who), tie=Tie.LIVES)
        answers(cast.actor(who), "1.1", Answer.RED, standing=standing)
    assert compute(round_, 1, "") == alone


def a_closed_round(cast: Cast, raters: int = 12) -> Round:
    """A round in which people answered the first three indicators, differently."""
    opened = an_open_round(cast)
    chance = random.Random(7)  # noqa: S311 - the same answers in every run
    for actor in people(raters):
        for number in ("1.1", "1.2", "1.10"):
            answers(actor, number, chance.choice(list(Answer)))
    rounds.close_round(cast.actor("coordinator"), "2026")
    return opened


def published(cast: Cast, raters: int = 12) -> Revision:
    a_closed_round(cast, raters)
    publish_round(cast.actor("coordinator"), "2026")
    work()
    return revision()


def revision(number: int = 1) -> Revision:
    return db.session.scalars(sa.select(Revision).where(Revision.number == number)).one()


def bodies(found: Revision) -> dict[str, Mapping[str, Any]]:
    rows = db.session.scalars(sa.select(RevisionResult).where(RevisionResult.revision_id == found.id))
    return {row.indicator: row.body for row in rows}


def told(name: str) -> list[dict[str, Any]]:
    return [
        entry.body
        for entry in db.session.scalars(sa.select(AuditEntry).where(AuditEntry.name == name).order_by(AuditEntry.id))
    ]


def test_the_worker_publishes_what_the_coordinator_asked_for(cast: Cast) -> None:
    a_closed_round(cast)
    asked = publish_round(cast.actor("coordinator"), "2026")
    assert (asked.state, asked.publishing_since is not None) == (RoundState.CLOSED, True)
    work()
    done = get_round(SYSTEM, "2026")
    assert (done.state, done.publishing_since) == (RoundState.PUBLISHED, None)
    first = revision()
    assert done.published_at == first.published_at
    assert (first.number, first.catalogue_version, first.reason) == (1, catalogue().version, "")
    assert set(bodies(first)) == {indicator.number for indicator in catalogue().indicators}
    assert told("observatory.round_published")[0]["content_hash"] == first.content_hash


def test_a_recount_from_the_raw_ratings_equals_what_is_stored(cast: Cast) -> None:
    first = published(cast, raters=40)
    again = recount(get_round(SYSTEM, "2026"), first)
    assert again.bodies == bodies(first)
    assert again.summary == first.summary
    assert again.content_hash == first.content_hash
    assert any(group["n"] for body in again.bodies.values() for group in body["groups"]), "there was something to count"


def test_a_recount_tells_when_a_stored_figure_was_changed(cast: Cast) -> None:
    first = published(cast, raters=40)
    stored = db.session.scalars(sa.select(RevisionResult).where(RevisionResult.indicator == "1.1")).one()
    stored.body = {**stored.body, "level": "red", "gap": 2}
    db.session.flush()
    assert recount(get_round(SYSTEM, "2026"), first).bodies != bodies(first)


def test_all_ratings_are_counted_in_one_statement(cast: Cast, count_queries: Any) -> None:
    closed = a_closed_round(cast)
    with count_queries(at_most=1):
        cells = list_cells(closed.id)
    assert sum(cell.count for cell in cells) == 36


def test_the_summary_says_who_took_part_in_tens(cast: Cast) -> None:
    summary = published(cast, raters=23).summary
    assert summary["participants"] == {"resident": 20, "voluntary_sector": None, "business": None, "knowledge": None}
    assert {tie: count for tie, count in summary["ties"].items() if count} == {"lives": 20}
    assert summary["sign_in_methods"] == ["oidc", "password"]
    assert sum(summary["levels"].values()) == 39


def test_people_who_took_everything_back_are_not_counted(cast: Cast) -> None:
    an_open_round(cast)
    ten = people(10)
    for actor in ten:
        answers(actor)
    withdraw_all(ten[0], "2026")
    rounds.close_round(cast.actor("coordinator"), "2026")
    publish_round(cast.actor("coordinator"), "2026")
    work()
    assert set(revision().summary["participants"].values()) == {None}


def test_the_own_level_is_a_part_of_what_is_published(cast: Cast) -> None:
    a_closed_round(cast)
    set_own_level(cast.actor("coordinator"), "2026", OwnLevelDraft(indicator="1.1", level=Level.GREEN))
    publish_round(cast.actor("coordinator"), "2026")
    with pytest.raises(Conflict):  # while the worker works
        set_own_level(cast.actor("coordinator"), "2026", OwnLevelDraft(indicator="1.2", level=Level.GREEN))
    work()
    found = bodies(revision())
    assert (found["1.1"]["own"], found["1.2"]["own"]) == ("green", None)
    with pytest.raises(Conflict):  # and when it is published
        set_own_level(cast.actor("coordinator"), "2026", OwnLevelDraft(indicator="1.2", level=Level.GREEN))


def test_only_a_closed_round_is_published_and_only_once(cast: Cast) -> None:
    coordinator = cast.actor("coordinator")
    an_open_round(cast)
    with pytest.raises(Conflict):
        publish_round(coordinator, "2026")
    rounds.close_round(coordinator, "2026")
    with pytest.raises(Forbidden):
        publish_round(cast.actor("admin"), "2026")
    publish_round(coordinator, "2026")
    with pytest.raises(Conflict):
        publish_round(coordinator, "2026")
    with pytest.raises(Conflict):
        rounds.withdraw_round(coordinator, "2026", "Mens det regnes")
    work()
    with pytest.raises(Conflict):
        publish_round(coordinator, "2026")


def test_a_worker_that_was_killed_and_tries_again_publishes_once(cast: Cast) -> None:
    a_closed_round(cast)
    publish_round(cast.actor("coordinator"), "2026")
    payload = dict(db.session.scalars(sa.select(OutboxRow).where(OutboxRow.topic == publishing.TOPIC)).one().payload)
    publish_result(payload)  # killed here: done, but the row in the outbox doesn't know
    before = revision().content_hash
    work()
    assert [each.content_hash for each in db.session.scalars(sa.select(Revision))] == [before]
    assert len(told("observatory.round_published")) == 1


def test_a_worker_that_was_killed_before_storing_leaves_the_round_waiting(cast: Cast) -> None:
    a_closed_round(cast)
    publish_round(cast.actor("coordinator"), "2026")

    @atomic
    def killed() -> None:
        store_revision(SYSTEM, "2026", 1, "", compute(get_round(SYSTEM, "2026"), 1, ""))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        killed()
    assert db.session.scalars(sa.select(Revision)).all() == []
    assert get_round(SYSTEM, "2026").publishing_since is not None
    work()
    assert get_round(SYSTEM, "2026").state is RoundState.PUBLISHED


def test_nobody_but_the_worker_stores_a_result(cast: Cast) -> None:
    a_closed_round(cast)
    publish_round(cast.actor("coordinator"), "2026")
    made_up = compute(get_round(SYSTEM, "2026"), 1, "")
    with pytest.raises(Forbidden):
        store_revision(cast.actor("coordinator"), "2026", 1, "", made_up)


def test_a_correction_is_a_new_revision_and_the_old_one_stays(cast: Cast) -> None:
    first = published(cast, raters=40)
    before = (bodies(first), first.content_hash, first.summary)
    correction = CorrectionDraft(
        reason="Egenvurderingen av 1.1 var ført feil.",
        own_levels=(OwnLevelDraft(indicator="1.1", level=Level.RED, justification="Mangler plan."),),
    )
    correct_round(cast.actor("coordinator"), "2026", correction)
    work()
    db.session.expire_all()
    assert (bodies(revision()), revision().content_hash, revision().summary) == before
    second = revision(2)
    assert second.reason == "Egenvurderingen av 1.1 var ført feil."
    assert (before[0]["1.1"]["own"], bodies(second)["1.1"]["own"]) == (None, "red")
    assert {k: v for k, v in bodies(second).items() if k != "1.1"} == {k: v for k, v in before[0].items() if k != "1.1"}
    assert told("observatory.round_corrected")[0]["revision"] == 2
    for each in (revision(1), second):
        assert recount(get_round(SYSTEM, "2026"), each).content_hash == each.content_hash


def test_a_correction_needs_a_published_round_and_a_reason(cast: Cast) -> None:
    a_closed_round(cast)
    with pytest.raises(Conflict):
        correct_round(cast.actor("coordinator"), "2026", CorrectionDraft(reason="For tidlig"))
    publish_round(cast.actor("coordinator"), "2026")
    work()
    with pytest.raises(Invalid):
        correct_round(cast.actor("coordinator"), "2026", CorrectionDraft(reason=""))
    with pytest.raises(Forbidden):
        correct_round(cast.actor("resident"), "2026", CorrectionDraft(reason="Jeg vil"))


def test_a_published_round_can_be_withdrawn_and_counted_after_the_key_is_gone(cast: Cast) -> None:
    first = published(cast, raters=40)
    with clock.moved(timedelta(days=31)):
        assert rounds.destroy_due_keys() == 1
    assert secrecy.find_key(first.round_id) is None
    assert recount(get_round(SYSTEM, "2026"), first).content_hash == first.content_hash
    rounds.withdraw_round(cast.actor("coordinator"), "2026", "Metoden var feil.")
    assert revision().content_hash == first.content_hash


def test_the_outbox_forgets_what_was_published(cast: Cast) -> None:
    published(cast)
    row = db.session.scalars(sa.select(OutboxRow).where(OutboxRow.topic == publishing.TOPIC)).one()
    assert (row.done_at is not None, row.payload) == (True, {})
    assert outbox.stuck() == []
