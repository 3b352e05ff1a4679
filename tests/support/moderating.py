"""Deciding about a text as a moderator does, for the tests of other packages."""

from __future__ import annotations

from typing import Any

from portal.kernel.content import Ref
from portal.kernel.identity import Actor
from portal.moderation import casework
from portal.moderation.actions.decisions import DecisionDraft, decide
from portal.moderation.actions.queueing import open_case
from portal.moderation.models import Decision, Verdict


def decided(actor: Actor, ref: Ref, verdict: Verdict = Verdict.APPROVE, **changes: Any) -> Decision:
    """Decide about a thing; of its open case, or of one made for it."""
    case = open_case(actor, ref)
    rule = "" if verdict is Verdict.APPROVE else "personal_data"
    values = {"verdict": verdict, "rule": rule, "version": case.version, **changes}
    fingerprint = casework.fingerprint(casework.written_at(ref))
    return decide(actor, case.id, DecisionDraft(fingerprint=fingerprint, **values))
