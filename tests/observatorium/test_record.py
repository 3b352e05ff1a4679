"""What a revision keeps beside the figures: all three views as they were, whatever happens afterwards."""

from __future__ import annotations

import json

import sqlalchemy as sa

from portal.kernel.db import db
from portal.kernel.identity import SYSTEM
from portal.observatorium.actions.appointing import ReplyDraft, reply_to_verifiers
from portal.observatorium.actions.own_levels import OwnLevelDraft, set_own_level
from portal.observatorium.actions.publishing import CorrectionDraft, correct_round, publish_round, store_revision
from portal.observatorium.actions.rounds import close_round
from portal.observatorium.catalogue import Level
from portal.observatorium.models.rounds import Revision, RevisionResult, Round
from portal.observatorium.models.verifying import Verdict
from portal.observatorium.queries.publishing import compute, is_intact, recount
from portal.observatorium.queries.rounds import get_round
from tests.observatorium import verifying
from tests.observatorium.published import a_published_round
from tests.observatorium.rounds import an_open_round, change, work
from tests.support.cast import Cast

NUMBER = verifying.NUMBER


def stored(number: int = 1, indicator: str = NUMBER) -> RevisionResult:
    return db.session.scalars(
        sa.select(RevisionResult)
        .join(Revision, Revision.id == RevisionResult.revision_id)
        .where(Revision.number == number, RevisionResult.indicator == indicator)
    ).one()


def revision(number: int = 1) -> Revision:
    return db.session.scalars(sa.select(Revision).where(Revision.number == number)).one()


def a_verified_round(cast: Cast, *levels: Level, reply: str = "") -> Round:
    """Run a round in which the verifiers gave these levels, until it is published."""
    coordinator = cast.actor("coordinator")
    round_, _evidence = verifying.ready(cast)
    set_own_level(coordinator, "2026", OwnLevelDraft(indicator=NUMBER, level=Level.GREEN, justification="Møteplan."))
    for name, level in zip(verifying.VERIFIERS, levels, strict=False):
        contested = Verdict.CONTESTED if level is Level.RED else Verdict.ACCEPTED
        verifying.answers(cast.actor(name), level, contested)
    close_round(coordinator, "2026")
    if reply:
        reply_to_verifiers(coordinator, "2026", NUMBER, ReplyDraft(text=reply, by_title="Kommunedirektør"))
    publish_round(coordinator, "2026")
    work()
    return round_


def test_a_revision_keeps_own_level_evidence_verdicts_colours_and_reply(cast: Cast) -> None:
    a_verified_round(cast, Level.GREEN, Level.RED, reply="Planen er fornyet i år.")
    record = stored().record
    assert record
    assert (record["own"]["level"], record["own"]["summary"]) == ("green", "Møteplan.")
    (evidence,) = record["evidence"]
    assert evidence["title"] == "Møteplan"
    assert sorted(each["verdict"] for each in evidence["verdicts"]) == ["accepted", "contested"]
    assert record["verification"]["state"] == "differing"
    assert sorted(each["level"] for each in record["verification"]["colours"]) == ["green", "red"]
    assert [each["text"] for each in record["replies"]] == ["Planen er fornyet i år."]
    assert stored().body["verified"] is None


def test_verifiers_who_agree_give_the_verified_level(cast: Cast) -> None:
    a_verified_round(cast, Level.YELLOW, Level.YELLOW)
    assert stored().body["verified"] == "yellow"
    assert stored(indicator="1.1").body["verified"] is None


def test_one_verifier_verifies_nothing_and_is_not_quoted(cast: Cast) -> None:
    a_verified_round(cast, Level.RED)
    record = stored().record
    assert record
    assert (record["verification"]["state"], record["verification"]["colours"]) == ("not_verified", [])
    assert [each["verdicts"] for each in record["evidence"]] == [[]]


def test_no_record_names_an_account_or_a_verifier(cast: Cast) -> None:
    a_verified_round(cast, Level.GREEN, Level.RED)
    told = json.dumps([each.record for each in db.session.scalars(sa.select(RevisionResult))], ensure_ascii=False)
    for name in (*verifying.VERIFIERS, "coordinator"):
        account = getattr(cast, name)
        assert account.name not in told
        assert account.email not in told
    assert "account" not in told


def test_the_hash_covers_the_record_and_is_counted_again(cast: Cast) -> None:
    round_ = a_verified_round(cast, Level.GREEN, Level.GREEN)
    assert recount(get_round(SYSTEM, "2026"), revision()).content_hash == revision().content_hash
    rows = list(db.session.scalars(sa.select(RevisionResult)))
    assert is_intact(round_, revision(), rows)
    row = stored()
    row.record = {**(row.record or {}), "replies": [{"text": "Lagt til siden.", "date": "2026-01-01", "by": "Noen"}]}
    assert not is_intact(round_, revision(), rows)


def test_a_revision_from_before_there_were_records_still_verifies(cast: Cast) -> None:
    """Its hash was made without them: it must be the same when it is made again."""
    a_published_round(cast)
    first, rows = revision(), list(db.session.scalars(sa.select(RevisionResult)))
    for row in rows:
        row.record = None
    older = recount(get_round(SYSTEM, "2026"), first)
    change(sa.update(Revision).values(content_hash=older.content_hash))
    db.session.flush()
    assert older.records == {}
    assert is_intact(get_round(SYSTEM, "2026"), revision(), rows)
    assert recount(get_round(SYSTEM, "2026"), revision()).content_hash == older.content_hash


def test_what_changes_afterwards_changes_nothing_published(cast: Cast) -> None:
    a_verified_round(cast, Level.GREEN, Level.GREEN)
    before = (stored().record, stored().body, revision().content_hash)
    verifying.change_evidence(before[0]["evidence"][0]["id"] if before[0] else 0, "En helt annen plan")
    correct_round(cast.actor("coordinator"), "2026", CorrectionDraft(reason="Skrivefeil."))
    work()
    db.session.expire_all()
    assert (stored().record, stored().body, revision().content_hash) == before
    assert stored(2).record == before[0]


def test_a_correction_of_an_own_level_is_in_the_record_of_the_new_revision_only(cast: Cast) -> None:
    a_verified_round(cast, Level.YELLOW, Level.YELLOW)
    own = OwnLevelDraft(indicator=NUMBER, level=Level.YELLOW, justification="Planen gjelder ikke alt.", version=1)
    correct_round(cast.actor("coordinator"), "2026", CorrectionDraft(reason="Ført feil.", own_levels=(own,)))
    work()
    first, second = stored().record, stored(2).record
    assert first
    assert second
    assert (first["own"]["level"], second["own"]["level"]) == ("green", "yellow")
    assert (first["own"]["summary"], second["own"]["summary"]) == ("Møteplan.", "Planen gjelder ikke alt.")
    assert {**second, "own": first["own"]} == first
    assert recount(get_round(SYSTEM, "2026"), revision(2)).content_hash == revision(2).content_hash


def test_a_correction_may_give_a_reason_where_there_was_no_record(cast: Cast) -> None:
    a_published_round(cast)
    own = OwnLevelDraft(indicator="2.2", level=Level.GREEN, justification="Vi hadde en plan.", version=1)
    correct_round(cast.actor("coordinator"), "2026", CorrectionDraft(reason="Ført feil.", own_levels=(own,)))
    work()
    record = stored(2, "2.2").record
    assert stored(1, "2.2").record is None
    assert record
    assert (record["own"]["level"], record["own"]["summary"]) == ("green", "Vi hadde en plan.")


def test_asking_twice_stores_nothing_more(cast: Cast) -> None:
    """No action changes a revision: storing the same number again gives back what stands."""
    a_published_round(cast)
    other = compute(get_round(SYSTEM, "2026"), 1, "Noe annet")
    stands = store_revision(SYSTEM, "2026", 1, "Noe annet", other)
    assert stands
    assert (stands.reason, stands.content_hash) == ("", revision().content_hash)
    assert other.content_hash != stands.content_hash


def test_an_indicator_that_nobody_assessed_has_no_record(cast: Cast) -> None:
    an_open_round(cast)
    close_round(cast.actor("coordinator"), "2026")
    publish_round(cast.actor("coordinator"), "2026")
    work()
    assert (stored().record, stored().body["own"], stored().body["verified"]) == (None, None, None)
