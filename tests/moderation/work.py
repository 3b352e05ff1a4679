"""What the tests of moderation begin with: a text that waits, a moderator who decides."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from portal.accounts.actions.settings import SettingDraft, change_setting
from portal.accounts.queries import settings
from portal.kernel.content import Ref
from portal.kernel.db import db
from portal.kernel.identity import Actor
from portal.moderation import casework
from portal.moderation.actions.decisions import DecisionDraft, decide
from portal.moderation.models import Case, Decision, Verdict
from portal.observatorium.actions.comments import CommentDraft, comment
from portal.observatorium.events.rounds import COMMENT
from portal.observatorium.models.rounds import Comment
from tests.support.cast import Cast

CALM = "Bussen går for sjelden."
PHONE = "Ring meg på 912 34 567 i kveld."


def write(actor: Actor, text: str = CALM, *, indicator: str = "1.1", language: str = "nb") -> Comment:
    """Let somebody comment on an indicator in the open round 2026."""
    return comment(actor, CommentDraft(round="2026", indicator=indicator, text=text, language=language))


def ref(written: Comment) -> Ref:
    return Ref(COMMENT, written.id)


def case_of(written: Comment) -> Case:
    """Return the newest case about a comment."""
    found = db.session.scalar(
        sa.select(Case).where(Case.kind == COMMENT, Case.target_id == written.id).order_by(Case.id.desc()).limit(1)
    )
    assert found is not None
    return found


def draft(case: Case, verdict: Verdict = Verdict.APPROVE, **changes: Any) -> DecisionDraft:
    """Return the form of a case as it stands now."""
    values: dict[str, Any] = {
        "verdict": verdict,
        "rule": "" if verdict is Verdict.APPROVE else "personal_data",
        "version": case.version,
        "fingerprint": casework.fingerprint(casework.written_at(casework.ref_of(case))),
    }
    return DecisionDraft(**{**values, **changes})


def decided(actor: Actor, written: Comment, verdict: Verdict = Verdict.APPROVE, **changes: Any) -> Decision:
    """Decide the case of a comment."""
    case = case_of(written)
    return decide(actor, case.id, draft(case, verdict, **changes))


def set_to(cast: Cast, key: str, value: Any) -> None:
    """Change a setting."""
    change_setting(cast.actor("admin"), key, SettingDraft(value=value, version=settings.setting(key).version))


def shown(written: Comment) -> tuple[str, str]:
    """Return state and text as they are kept now."""
    db.session.expire_all()
    found = db.session.get_one(Comment, written.id)
    return found.state.value, found.text
