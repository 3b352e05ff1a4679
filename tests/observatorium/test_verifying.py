"""Verification: who may, blind until all have answered, disagreement shown, and the municipality's right of reply."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.accounts.models import Grant
from portal.kernel import clock
from portal.kernel.audit import AuditEntry
from portal.kernel.db import atomic, db
from portal.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from portal.kernel.identity import Actor, Role
from portal.notifications.models import Notice
from portal.observatorium.actions import appointing, rounds, verifying
from portal.observatorium.actions.appointing import AppointmentDraft, DatesDraft, ReplyDraft
from portal.observatorium.actions.publishing import publish_round
from portal.observatorium.actions.verifying import ConflictDraft, JudgementDraft, VerdictDraft
from portal.observatorium.catalogue import Level
from portal.observatorium.kinds import verifying as kinds
from portal.observatorium.models.assessing import PartAssessment
from portal.observatorium.models.rounds import OwnAssessment, RevisionResult, RoundState
from portal.observatorium.models.verifying import Appointment, EvidenceVerdict, Reply, Verdict, VerifierColour
from portal.observatorium.queries.verifying import missing, verifying_record
from portal.observatorium.queries.verifying_pages import task_page, tasks_page
from tests.observatorium.rounds import an_open_round, change, work
from tests.observatorium.verifying import (
    NUMBER,
    REASON,
    answers,
    appoint,
    change_evidence,
    evidence,
    judged,
    ready,
    stands,
    states_no_conflict,
)
from tests.support.cast import Cast

A_REPLY = ReplyDraft(text="Vi legger ut den nye planen.", by_title="Kommunalsjef for samfunn")


def count(model: type) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


@atomic
def give_role(account_id: int, role: Role) -> None:
    db.session.add(Grant(account_id=account_id, role=role, source="manual", granted_at=clock.now()))


def test_a_coordinator_appoints_several_to_several_at_once_and_each_is_told_once(cast: Cast) -> None:
    an_open_round(cast)
    assert appoint(cast, indicators=["1.8", "2.6", "4.9"]) == 6
    work()
    told = db.session.scalars(sa.select(Notice.account_id).where(Notice.sentence == "verify_asked")).all()
    assert sorted(told) == sorted([cast.verifier.id, cast.verifier2.id])
    assert appoint(cast, indicators=["1.8", "1.9"]) == 2, "who is appointed already isn't twice"


@pytest.mark.parametrize("who", ["resident", "employee", "coordinator", "admin", "verifier"])
def test_only_verifiers_can_be_appointed_and_only_by_a_coordinator(cast: Cast, who: str) -> None:
    an_open_round(cast)
    if who != "verifier":
        with pytest.raises(Invalid) as refused:
            appoint(cast, [who])
        assert refused.value.field == "verifiers"
    if who != "coordinator":
        draft = AppointmentDraft(account_ids=[cast.verifier.id], indicators=[NUMBER])
        with pytest.raises(Forbidden):
            appointing.appoint_verifiers(cast.actor(who), "2026", draft)
    assert count(Appointment) == 0


@pytest.mark.parametrize("role", [Role.EMPLOYEE, Role.COORDINATOR, Role.ADMIN])
def test_nobody_verifies_the_municipality_that_they_work_for(cast: Cast, role: Role) -> None:
    round_, _made = ready(cast)
    give_role(cast.verifier.id, role)
    both = replace(cast.actor("verifier"), roles=frozenset({Role.MEMBER, Role.VERIFIER, role}))
    with pytest.raises(Forbidden):
        answers(both)
    with pytest.raises(Forbidden):
        task_page(both, "2026", NUMBER)
    with pytest.raises(Invalid):
        appoint(cast, ["verifier"], ["2.6"])
    assert not stands(round_).answered


def test_an_appointment_needs_somebody_something_and_indicators_there_are(cast: Cast) -> None:
    an_open_round(cast)
    coordinator = cast.actor("coordinator")
    for draft, field in (
        (AppointmentDraft(account_ids=[], indicators=[NUMBER]), "verifiers"),
        (AppointmentDraft(account_ids=[cast.verifier.id], indicators=[]), "indicators"),
        (AppointmentDraft(account_ids=[999_999], indicators=[NUMBER]), "verifiers"),
    ):
        with pytest.raises(Invalid) as refused:
            appointing.appoint_verifiers(coordinator, "2026", draft)
        assert refused.value.field == field
    with pytest.raises(NotFound):
        appoint(cast, indicators=["9.9"])


def test_nothing_is_seen_or_judged_before_the_conflict_of_interest_is_stated(cast: Cast) -> None:
    round_ = an_open_round(cast)
    evidence(round_)
    appoint(cast)
    page = task_page(cast.actor("verifier"), "2026", NUMBER)
    assert page.is_unstated
    assert page.assessed.pieces == []
    with pytest.raises(Conflict):
        answers(cast.actor("verifier"))
    with pytest.raises(Conflict):
        verifying.note_criteria(cast.actor("verifier"), "2026", NUMBER, "Vedtatte planer.")
    assert missing(round_.id).statements == [NUMBER]


def test_a_conflict_of_interest_needs_a_word_excludes_and_cannot_be_taken_back(cast: Cast) -> None:
    round_, _made = ready(cast)
    verifier = cast.actor("verifier")
    answers(verifier, Level.RED)
    with pytest.raises(Invalid) as refused:
        verifying.state_conflict(verifier, "2026", NUMBER, ConflictDraft(has_conflict=True))
    assert refused.value.field == "statement"
    draft = ConflictDraft(has_conflict=True, statement="Broren min leder avdelingen.")
    verifying.state_conflict(verifier, "2026", NUMBER, draft)
    assert count(VerifierColour) == count(EvidenceVerdict) == 0, "what was said goes"
    assert task_page(verifier, "2026", NUMBER).assessed.pieces == []
    with pytest.raises(Conflict):
        answers(verifier)
    with pytest.raises(Conflict):
        states_no_conflict(verifier)
    answers(cast.actor("verifier2"))
    assert not stands(round_).is_revealed, "one without a conflict isn't enough"
    assert NUMBER in missing(round_.id).verifiers
    assert verifying_record(round_.id)[NUMBER]["verification"]["state"] == "not_verified"
    trail = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.name == "observatory.conflict_stated")).all()
    assert "Broren" not in json.dumps([each.body for each in trail], default=str)


def test_contesting_and_setting_a_level_need_reasons_and_a_level_needs_every_verdict(cast: Cast) -> None:
    round_, made = ready(cast)
    verifier = cast.actor("verifier")
    other = evidence(round_, "Referater", key="1.8.2")
    contested = VerdictDraft(verdict=Verdict.CONTESTED, seen_version=1)
    accepted = VerdictDraft(verdict=Verdict.ACCEPTED, seen_version=1)
    for draft, field in (
        (JudgementDraft(verdicts={made: contested}), f"reason-{made}"),
        (JudgementDraft(verdicts={made: accepted}, level=Level.GREEN, reason=REASON), f"verdict-{other}"),
        (JudgementDraft(verdicts={made: accepted, other: accepted}, level=Level.GREEN), "reason"),
    ):
        with pytest.raises(Invalid) as refused:
            verifying.judge(verifier, "2026", NUMBER, draft)
        assert refused.value.field == field
    assert count(EvidenceVerdict) == 0, "a refused judgement leaves nothing"
    assert not verifying.judge(verifier, "2026", NUMBER, JudgementDraft(verdicts={made: accepted}))
    done = JudgementDraft(verdicts={other: accepted}, level=Level.GREEN, reason=REASON)
    assert verifying.judge(verifier, "2026", NUMBER, done), "what was kept for later counts"


def test_a_verifier_sees_nothing_of_another_before_both_have_answered(cast: Cast) -> None:
    round_, _made = ready(cast)
    first, second = cast.actor("verifier"), cast.actor("verifier2")
    answers(first, Level.RED, Verdict.CONTESTED)
    page = task_page(second, "2026", NUMBER)
    assert page.said == []
    assert page.verdicts == {}
    assert page.waiting == 0
    assert task_page(first, "2026", NUMBER).waiting == 1
    assert not stands(round_).is_revealed
    answers(first, Level.YELLOW, Verdict.CONTESTED)
    answers(second, Level.GREEN)
    assert [(each.number, each.is_mine, each.level) for each in task_page(second, "2026", NUMBER).said] == [
        (1, False, Level.YELLOW),
        (2, True, Level.GREEN),
    ]


def test_what_is_revealed_cannot_be_changed(cast: Cast) -> None:
    ready(cast)
    first, second = cast.actor("verifier"), cast.actor("verifier2")
    answers(first, Level.RED)
    answers(second, Level.GREEN)
    for attempt in (
        lambda: answers(first, Level.GREEN),
        lambda: verifying.state_conflict(first, "2026", NUMBER, ConflictDraft(has_conflict=True, statement="Nå.")),
        lambda: verifying.note_criteria(first, "2026", NUMBER, "Bare vedtak."),
    ):
        with pytest.raises(Conflict):
            attempt()
    coordinator, appointment = cast.actor("coordinator"), db.session.scalars(sa.select(Appointment.id)).first()
    with pytest.raises(Conflict):
        appointing.release_verifier(coordinator, "2026", appointment or 0)


def test_two_who_differ_are_shown_as_differing_and_never_averaged(cast: Cast) -> None:
    round_, made = ready(cast)
    answers(cast.actor("verifier"), Level.RED, Verdict.CONTESTED)
    answers(cast.actor("verifier2"), Level.GREEN)
    record = verifying_record(round_.id)[NUMBER]["verification"]
    assert record["state"] == "differing"
    assert record["level"] is None
    assert [each["level"] for each in record["colours"]] == ["red", "green"]
    assert record["verdicts"] == {
        str(made): [
            {"verdict": "contested", "reason": "Planen er fra i fjor."},
            {"verdict": "accepted", "reason": ""},
        ]
    }
    assert missing(round_.id).replies == [NUMBER]


def test_two_who_agree_give_a_verified_level_and_under_two_give_none(cast: Cast) -> None:
    round_, _made = ready(cast)
    answers(cast.actor("verifier"), Level.YELLOW)
    one = verifying_record(round_.id)[NUMBER]["verification"]
    assert one == {"state": "not_verified", "level": None, "colours": [], "verdicts": {}, "criteria": []}
    answers(cast.actor("verifier2"), Level.YELLOW)
    both = verifying_record(round_.id)[NUMBER]["verification"]
    assert (both["state"], both["level"]) == ("agreed", "yellow")
    assert missing(round_.id).answers == []


def test_a_third_who_has_not_answered_holds_the_others_back_until_taken_off(cast: Cast) -> None:
    round_, _made = ready(cast)
    give_role(cast.resident.id, Role.VERIFIER)
    appoint(cast, ["resident"])
    answers(cast.actor("verifier"))
    answers(cast.actor("verifier2"))
    assert not stands(round_).is_revealed
    assert verifying_record(round_.id)[NUMBER]["verification"]["state"] == "agreed", "two have answered all the same"
    third = next(each for each in stands(round_).appointments if each.account_id == cast.resident.id)
    appointing.release_verifier(cast.actor("coordinator"), "2026", third.id)
    assert stands(round_).is_revealed
    with pytest.raises(NotFound):
        appointing.release_verifier(cast.actor("coordinator"), "2026", third.id)


def test_a_verdict_on_evidence_that_has_changed_must_be_given_again(cast: Cast) -> None:
    round_, made = ready(cast)
    first, second = cast.actor("verifier"), cast.actor("verifier2")
    answers(first, Level.RED, Verdict.CONTESTED)
    answers(second, Level.RED, Verdict.CONTESTED)
    before = judged(Verdict.ACCEPTED)
    change_evidence(made)
    assert not stands(round_).is_revealed, "the others' answers are hidden again"
    assert missing(round_.id).answers == [NUMBER]
    assert list(task_page(first, "2026", NUMBER).outdated) == [made]
    assert task_page(first, "2026", NUMBER).said == []
    record = verifying_record(round_.id)[NUMBER]["verification"]
    assert (record["state"], record["verdicts"]) == ("agreed", {}), "new evidence doesn't undo an answer"
    with pytest.raises(Invalid) as refused:
        verifying.judge(first, "2026", NUMBER, JudgementDraft(verdicts=before))
    assert refused.value.field == f"verdict-{made}", "it was changed while it was read"
    answers(first, Level.GREEN)
    answers(second, Level.YELLOW)
    assert stands(round_).state == "differing"


def test_evidence_of_what_is_copied_and_not_confirmed_is_not_judged(cast: Cast) -> None:
    round_, _made = ready(cast)
    copied = evidence(round_, "Fra i fjor", key="1.8.2")

    @atomic
    def unconfirmed() -> None:
        of = {"round_id": round_.id, "indicator": NUMBER}
        db.session.add(OwnAssessment(level=None, **of))
        db.session.add(PartAssessment(key="1.8.2", level="yellow", is_confirmed=False, **of))

    unconfirmed()
    assert copied not in stands(round_).evidence
    assert [
        piece.evidence.id for _part, piece in task_page(cast.actor("verifier"), "2026", NUMBER).assessed.pieces
    ] == [_made]


def test_verifiers_tell_each_other_what_counts_before_they_judge(cast: Cast) -> None:
    round_, _made = ready(cast)
    first, second = cast.actor("verifier"), cast.actor("verifier2")
    verifying.note_criteria(first, "2026", NUMBER, "Vedtatte planer, ikke utkast.")
    assert task_page(second, "2026", NUMBER).criteria == ["Vedtatte planer, ikke utkast."]
    assert task_page(first, "2026", NUMBER).criteria == [], "mine stands in my own field"
    answers(first)
    with pytest.raises(Conflict):
        verifying.note_criteria(first, "2026", NUMBER, "Alt teller.")
    assert verifying_record(round_.id)[NUMBER]["verification"]["criteria"] == ["Vedtatte planer, ikke utkast."]


@pytest.mark.parametrize("step", ["draft", "published", "publishing"])
def test_a_round_is_verified_from_when_it_opens_until_it_begins_to_be_published(cast: Cast, step: str) -> None:
    round_, _made = ready(cast)
    now = {"publishing_since": clock.now()} if step == "publishing" else {"state": RoundState(step)}
    change(sa.update(type(round_)).values(**now))
    with pytest.raises(Conflict):
        answers(cast.actor("verifier"))
    with pytest.raises(Conflict):
        appoint(cast, indicators=["2.6"])
    with pytest.raises(Conflict):
        appointing.reply_to_verifiers(cast.actor("coordinator"), "2026", NUMBER, A_REPLY)


def test_a_stranger_to_an_indicator_does_not_find_it(cast: Cast) -> None:
    an_open_round(cast)
    appoint(cast, ["verifier"])
    for attempt in (lambda: states_no_conflict(cast.actor("verifier2")), lambda: answers(cast.actor("verifier2"))):
        with pytest.raises(NotFound):
            attempt()
    limited = replace(cast.actor("verifier"), limited_until=clock.now() + timedelta(days=1))
    with pytest.raises(Forbidden):
        states_no_conflict(limited)


def test_the_municipality_replies_after_the_verifiers_and_the_reply_is_published(cast: Cast) -> None:
    round_, _made = ready(cast)
    coordinator = cast.actor("coordinator")
    with pytest.raises(Conflict):
        appointing.reply_to_verifiers(coordinator, "2026", NUMBER, A_REPLY)
    answers(cast.actor("verifier"), Level.RED, Verdict.CONTESTED)
    answers(cast.actor("verifier2"), Level.RED)
    for refused in (replace(A_REPLY, text=""), replace(A_REPLY, by_title="")):
        with pytest.raises(Invalid):
            appointing.reply_to_verifiers(coordinator, "2026", NUMBER, refused)
    appointing.reply_to_verifiers(coordinator, "2026", NUMBER, A_REPLY)
    assert missing(round_.id).replies == []
    (reply,) = verifying_record(round_.id)[NUMBER]["replies"]
    assert reply == {"text": A_REPLY.text, "by": A_REPLY.by_title, "date": clock.today().isoformat()}
    with pytest.raises(Invalid):
        appointing.reply_to_verifiers(coordinator, "2026", NUMBER, replace(A_REPLY, text="En annens."))
    appointing.reply_to_verifiers(coordinator, "2026", NUMBER, replace(A_REPLY, text="Rettet.", version=1))
    appointing.withdraw_reply(coordinator, "2026", NUMBER)
    appointing.withdraw_reply(coordinator, "2026", NUMBER)
    assert count(Reply) == 0


def test_the_date_for_replies_holds_until_it_is_moved(cast: Cast) -> None:
    ready(cast)
    coordinator, today = cast.actor("coordinator"), clock.today()
    answers(cast.actor("verifier"))
    answers(cast.actor("verifier2"))
    for draft, field in (
        (DatesDraft(verify_by=today + timedelta(days=9), reply_by=today + timedelta(days=8)), "reply_by"),
        (DatesDraft(verify_by=today - timedelta(days=9)), "verify_by"),
    ):
        with pytest.raises(Invalid) as refused:
            appointing.set_verifying_dates(coordinator, "2026", draft)
        assert refused.value.field == field
    appointing.set_verifying_dates(coordinator, "2026", DatesDraft(reply_by=today + timedelta(days=1)))
    with clock.moved(timedelta(days=2)), pytest.raises(Conflict):
        appointing.reply_to_verifiers(coordinator, "2026", NUMBER, A_REPLY)
    appointing.set_verifying_dates(coordinator, "2026", DatesDraft(reply_by=today + timedelta(days=5)))
    with clock.moved(timedelta(days=2)):
        appointing.reply_to_verifiers(coordinator, "2026", NUMBER, A_REPLY)


def test_a_published_revision_keeps_the_verification_as_it_was_and_no_name(cast: Cast) -> None:
    ready(cast)
    answers(cast.actor("verifier"), Level.RED, Verdict.CONTESTED)
    answers(cast.actor("verifier2"), Level.RED)
    coordinator = cast.actor("coordinator")
    appointing.reply_to_verifiers(coordinator, "2026", NUMBER, A_REPLY)
    rounds.close_round(coordinator, "2026")
    publish_round(coordinator, "2026")
    work()
    kept = db.session.scalars(sa.select(RevisionResult).where(RevisionResult.indicator == NUMBER)).one()
    assert kept.body["verified"] == "red"
    assert kept.record is not None
    assert kept.record["verification"]["state"] == "agreed"
    assert kept.record["replies"][0]["text"] == A_REPLY.text
    assert cast.verifier.name not in json.dumps(kept.record)


def test_an_erased_verifier_leaves_what_they_answered_without_a_name(cast: Cast) -> None:
    round_, _made = ready(cast)
    appoint(cast, ["verifier"], ["2.6"])
    answers(cast.actor("verifier"), Level.RED)
    account_id = cast.verifier.id
    exported = kinds.export(account_id)
    assert [row["indicator"] for row in exported["verifying"]] == ["1.8", "2.6"]
    assert len(exported["evidence_verdicts"]) == 1
    assert len(kinds.export(cast.coordinator.id)["appointed_verifiers"]) == 3
    assert kinds.stays(account_id)
    assert not kinds.stays(cast.resident.id)

    @atomic
    def erase() -> None:
        kinds.erase(account_id)
        kinds.erase(account_id)
        kinds.erase(cast.coordinator.id)

    erase()
    left = stands(round_)
    assert [(each.account_id, each.colour is not None) for each in left.appointments] == [
        (None, True),
        (cast.verifier2.id, False),
    ]
    assert not stands(round_, "2.6").appointments, "what nobody has answered waits for nobody"
    assert not any(kinds.export(cast.coordinator.id).values())


def test_a_verifier_finds_what_is_theirs_and_what_is_over(cast: Cast) -> None:
    round_, _made = ready(cast)
    page = tasks_page(cast.actor("verifier"))
    assert [(each.round.slug, len(each.tasks), each.done) for each in page.now] == [("2026", 1, 0)]
    change(sa.update(type(round_)).values(state=RoundState.PUBLISHED))
    page = tasks_page(cast.actor("verifier"))
    assert (list(page.now), [(each.slug, number) for each, number in page.before]) == ([], [("2026", 1)])
    with pytest.raises(Forbidden):
        tasks_page(Actor())
