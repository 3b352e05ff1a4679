"""News from a project, and its log of decisions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from portal.cocreation import policy
from portal.cocreation.actions.posting import edit_post, withdraw_post, write_post
from portal.cocreation.events.posts import DECISION, PostEdited
from portal.cocreation.membership import lock, lock_post
from portal.cocreation.models.together import ProjectDecision, Update
from portal.kernel import clock
from portal.kernel.db import atomic, db
from portal.kernel.errors import Invalid
from portal.kernel.events import publish
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor


@dataclass(frozen=True, kw_only=True)
class NewsDraft:
    """News as it is written."""

    title: str
    text: str
    language: str = "nb"


@dataclass(frozen=True, kw_only=True)
class DecisionDraft:
    """What was decided, why, by whom (titles or parties, never names) and when."""

    what: str
    why: str
    decided_by: str
    decided_on: date
    language: str = "nb"


@atomic
def write_news(actor: Actor, project_id: int, draft: NewsDraft, *, key: str) -> Update:
    """Tell what is new: every member may. Raises Forbidden."""
    project, member = lock(actor, project_id)
    policy.must(policy.may_contribute(actor, project, member), actor, policy.NOT_A_MEMBER)
    return write_post(actor, Update, {"project_id": project_id, **asdict(draft)}, key=key)


@atomic
def edit_news(actor: Actor, post_id: int, draft: NewsDraft, *, version: int) -> Update:
    """Change news; new words wait for moderation. Raises Conflict, Forbidden, NotFound."""
    return edit_post(actor, Update, post_id, asdict(draft), version=version)


@atomic
def withdraw_news(actor: Actor, post_id: int) -> None:
    """Take news back, with its pictures. Raises Forbidden, NotFound."""
    withdraw_post(actor, Update, post_id)


@atomic
def write_decision(actor: Actor, project_id: int, draft: DecisionDraft, *, key: str) -> ProjectDecision:
    """Write down what was decided: owners and representatives may. Raises Forbidden, Invalid."""
    project, member = lock(actor, project_id)
    policy.must(policy.may_agree(actor, project, member), actor, policy.NOT_A_VOICE)
    return write_post(actor, ProjectDecision, {"project_id": project_id, **_values(draft)}, key=key)


@atomic
def edit_decision(actor: Actor, post_id: int, draft: DecisionDraft, *, version: int) -> ProjectDecision:
    """Change what the log says, and say that it was changed, also when only the day is another.

    Raises Conflict, Forbidden, Invalid, NotFound.
    """
    values = _values(draft)
    kept, project, _member = lock_post(actor, ProjectDecision, post_id)
    is_other_day = kept.decided_on != draft.decided_on
    said_of = kept.edited_at
    post = edit_post(actor, ProjectDecision, post_id, values, version=version)
    if is_other_day and post.edited_at == said_of:  # with other words, it has been said
        post.edited_at = clock.now()
        db.session.flush()
        publish(PostEdited(actor=actor, kind=DECISION, post_id=post.id, project_id=project.id))
    return post


def _values(draft: DecisionDraft) -> Mapping[str, Any]:
    if draft.decided_on > clock.today():
        raise Invalid("decided_on", _l("Skriv dagen det ble bestemt. Den kan ikke være fram i tid."))
    return asdict(draft)
