"""Input to a project: given on the page, or entered from a meeting; and what became of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from portal.cocreation import policy
from portal.cocreation.actions.posting import edit_post, withdraw_post, write_post
from portal.cocreation.events.posts import INPUT
from portal.cocreation.events.together import InputAnswered
from portal.cocreation.membership import alive, byline, lock, lock_post, must_point_at_nobody
from portal.cocreation.models.together import Input, Meeting, Use, Way
from portal.kernel import clock
from portal.kernel.content import PublicationState
from portal.kernel.db import atomic, db
from portal.kernel.errors import Conflict, Invalid
from portal.kernel.events import publish
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor

MOST_PARTICIPANTS = 100_000
NOT_THE_AUTHOR = _l("Det kan bare den som ga innspillet, gjøre.")


@dataclass(frozen=True, kw_only=True)
class InputDraft:
    """Input given on the page."""

    text: str
    language: str = "nb"


@dataclass(frozen=True, kw_only=True)
class MetDraft:
    """Input from a meeting, a walk, a stand: what was said, and how many and what kind of people were there."""

    text: str
    who: str
    participants: int
    held_on: date
    meeting_id: int | None = None
    language: str = "nb"


@atomic
def give_input(actor: Actor, project_id: int, draft: InputDraft, *, key: str) -> Input:
    """Give input to a project that runs: whoever is signed in. Raises Forbidden."""
    project, _member = lock(actor, project_id)
    policy.must(policy.may_take_part(actor, project), actor, policy.OVER)
    values = {"project_id": project_id, "way": Way.DIGITAL, **asdict(draft)}
    return write_post(actor, Input, values, key=key)


@atomic
def enter_input(actor: Actor, project_id: int, draft: MetDraft, *, key: str) -> Input:
    """Enter what came up where people met: every member may. Raises Forbidden, Invalid."""
    project, member = lock(actor, project_id)
    policy.must(policy.may_contribute(actor, project, member), actor, policy.NOT_A_MEMBER)
    values = {"project_id": project_id, "way": Way.PHYSICAL, **_met(project_id, draft)}
    return write_post(actor, Input, values, key=key)


@atomic
def edit_input(actor: Actor, input_id: int, draft: InputDraft | MetDraft, *, version: int) -> Input:
    """Change what one gave or entered, until it is answered: the answer is to those words.

    Raises Conflict, Forbidden, Invalid, NotFound.
    """
    post, project, _member = lock_post(actor, Input, input_id)
    policy.must(policy.is_author(actor, post), actor, NOT_THE_AUTHOR)
    if post.use is not None:
        raise Conflict(_l("Innspillet har fått svar, så det kan ikke endres. Gi heller et nytt."))
    values = _met(project.id, draft) if isinstance(draft, MetDraft) else asdict(draft)
    return edit_post(actor, Input, input_id, values, version=version)


@atomic
def withdraw_input(actor: Actor, input_id: int) -> None:
    """Take back what one gave: nobody else takes it away, but a moderator may hide it. Raises Forbidden, NotFound."""
    post, _project, _member = lock_post(actor, Input, input_id)
    policy.must(policy.is_author(actor, post), actor, NOT_THE_AUTHOR)
    withdraw_post(actor, Input, input_id)


@atomic
def answer_input(actor: Actor, input_id: int, use: Use, answer: str, *, version: int) -> Input:
    """Say what became of an input, and why: owners and representatives, also when the project is over.

    The answer is shown at once, under a title: were it to wait as other texts do, the input itself would be out of
    sight meanwhile, and what a moderator decides of the answer would be told to whoever gave the input. It can be
    reported and masked as the rest; what may tell who somebody is, is refused here.

    Raises Conflict when the input or its answer was changed since that version, Forbidden, Invalid, NotFound.
    """
    post, project, member = lock_post(actor, Input, input_id)
    may = policy.may_agree(actor, project, member) or policy.may_represent(actor, project, member)
    policy.must(may, actor, policy.NOT_A_VOICE)
    if post.state is not PublicationState.PUBLISHED:
        raise Conflict(_l("Innspillet venter på en moderator. Svar når det er synlig for alle."))
    if post.version != version:
        raise Conflict(_l("Noen har endret dette siden du åpnet det. Se over det som står der nå, og lagre på nytt."))
    must_point_at_nobody("answer", answer)
    title = byline(actor, member)  # asks the database, and half an answer can't be kept there
    post.use, post.answer, post.answered_by_title, post.answered_at = use, answer, title, clock.now()
    alive(project)
    db.session.flush()
    publish(InputAnswered(actor=actor, kind=INPUT, post_id=post.id, project_id=project.id, use=use))
    return post


def _met(project_id: int, draft: MetDraft) -> Mapping[str, Any]:
    if draft.held_on > clock.today():
        raise Invalid("held_on", _l("Skriv dagen dere møttes. Den kan ikke være fram i tid."))
    if not 1 <= draft.participants <= MOST_PARTICIPANTS:
        raise Invalid("participants", _l("Skriv hvor mange som var med."))
    if draft.meeting_id is not None:
        meeting = db.session.get(Meeting, draft.meeting_id)
        if meeting is None or meeting.project_id != project_id or meeting.state is PublicationState.WITHDRAWN:
            raise Invalid("meeting_id", _l("Velg et møte i dette prosjektet."))
    return asdict(draft)
