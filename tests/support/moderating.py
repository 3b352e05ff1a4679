"""Deciding about a text as a moderator does, for the tests of other packages."""

from __future__ import annotations

from typing import Any

from portal.kernel.content import Ref
from portal.kernel.identity import Actor
from portal.moderation import casework
from portal.moderation.actions.appeals import AppealDraft, appeal
from portal.moderation.actions.decisions import DecisionDraft, decide
from portal.moderation.actions.queueing import open_case
from portal.moderation.models import Decision, Verdict
from portal.observatorium.actions.comments import CommentDraft, comment
from portal.observatorium.events.rounds import COMMENT


def decided(actor: Actor, ref: Ref, verdict: Verdict = Verdict.APPROVE, **changes: Any) -> Decision:
    """Decide about a thing; of its open case, or of one made for it."""
    case = open_case(actor, ref)
    rule = "" if verdict is Verdict.APPROVE else "personal_data"
    values = {"verdict": verdict, "rule": rule, "version": case.version, **changes}
    fingerprint = casework.fingerprint(casework.written_at(ref))
    return decide(actor, case.id, DecisionDraft(fingerprint=fingerprint, **values))


def a_complaint(cast: Any) -> tuple[int, int]:
    """Let somebody complain of a decision about a comment in the round 2026; return the case and the complaint."""
    written = comment(cast.actor("resident"), CommentDraft(round="2026", indicator="1.1", text="Ring 91234567"))
    made = decided(cast.actor("moderator2"), Ref(COMMENT, written.id), Verdict.REJECT)
    draft = AppealDraft(text="Det er mitt eget nummer.", decision_id=made.id)
    return made.case_id, appeal(cast.actor("resident"), draft).id
