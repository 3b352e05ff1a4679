"""What a project needs from others: asking for it, signing up without overbooking, and saying thanks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

import sqlalchemy as sa

from portal.cocreation import policy
from portal.cocreation.actions.posting import edit_post, withdraw_post, write_post
from portal.cocreation.events.posts import NEED
from portal.cocreation.events.together import HelpThanked, NeedChanged, NeedClosed, NeedReopened, SignedOff, SignedUp
from portal.cocreation.membership import alive, lock, lock_post, must_point_at_nobody
from portal.cocreation.models.projects import Project
from portal.cocreation.models.together import Need, NeedKind, SignUp
from portal.cocreation.queries.measures import measured
from portal.cocreation.queries.needs import NOT_ARRANGING, NOT_YOURS
from portal.kernel import clock
from portal.kernel.content import PublicationState
from portal.kernel.db import atomic, db
from portal.kernel.errors import Conflict, Invalid
from portal.kernel.events import publish
from portal.kernel.i18n import _, _l
from portal.kernel.identity import Actor

MOST = 10_000_000
"""Of anything, kroner too."""
SKILLS_AT_MOST = 10
SKILL_LONGEST = 40
WORDS = ("title", "text", "language")

NOT_SHOWN_YET = _l("Behovet venter på en moderator. Prøv igjen når det er publisert.")


@dataclass(frozen=True, kw_only=True)
class NeedDraft:
    """What is needed. `capacity`: hours, persons, rooms, pieces or whole kroner, after its kind."""

    kind: NeedKind
    title: str
    capacity: int
    text: str = ""
    skills: tuple[str, ...] = ()
    needed_on: date | None = None
    language: str = "nb"


@atomic
def write_need(actor: Actor, project_id: int, draft: NeedDraft, *, key: str) -> Need:
    """Say what the project needs: it waits for moderation. Raises Invalid at the field, Forbidden."""
    project, member = lock(actor, project_id)
    policy.must(policy.may_agree(actor, project, member), actor, NOT_ARRANGING)
    _must_be_whole(draft)
    return write_post(actor, Need, {**_values(draft), "project_id": project_id}, key=key)


@atomic
def edit_need(actor: Actor, need_id: int, draft: NeedDraft, *, version: int) -> Need:
    """Change a need: never to less than people have signed up for already.

    Raises Conflict when it was changed since the writer opened it, Invalid at the field, Forbidden.
    """
    need, project, member = lock_post(actor, Need, need_id)
    policy.must(policy.may_look_after(actor, need, project, member), actor, NOT_YOURS)
    _must_be_whole(draft)
    if need.taken and draft.kind is not need.kind:
        raise Invalid("kind", _l("Noen har alt meldt seg til dette. Skriv heller et nytt behov."))
    if draft.capacity < need.taken:
        taken = measured(need.kind, need.taken)
        raise Invalid("capacity", _l("Folk har alt meldt seg til %(taken)s. Skriv minst det.", taken=taken))
    values = _values(draft)
    changed = any(getattr(need, name) != value for name, value in values.items() if name not in WORDS)
    need = edit_post(actor, Need, need_id, values, version=version)
    if changed:
        publish(NeedChanged(actor=actor, **_subject(need), capacity=need.capacity))
    return need


@atomic
def withdraw_need(actor: Actor, need_id: int) -> None:
    """Take a need back that nobody has signed up for. Raises Conflict, Forbidden, NotFound."""
    need = lock_post(actor, Need, need_id)[0]
    if need.taken:
        raise Conflict(_l("Noen har meldt seg til dette. Lukk behovet i stedet, så ser de hva de har sagt ja til."))
    withdraw_post(actor, Need, need_id)
    need.skills = []


@atomic
def close_need(actor: Actor, need_id: int) -> None:
    """Let nobody more sign up. Twice is once."""
    need, project = _looked_after(actor, need_id)
    if need.closed_at is None:
        need.closed_at = clock.now()
        _changed(project)
        publish(NeedClosed(actor=actor, **_subject(need)))


@atomic
def reopen_need(actor: Actor, need_id: int) -> None:
    """Let people sign up again. Twice is once."""
    need, project = _looked_after(actor, need_id)
    if need.closed_at is not None:
        need.closed_at = None
        _changed(project)
        publish(NeedReopened(actor=actor, **_subject(need)))


@atomic
def sign_up(actor: Actor, need_id: int, amount: int, note: str = "") -> SignUp:
    """Take places, or say another amount than before; `amount` is all that one takes, so the same form twice is one.

    Raises Invalid at the amount with how much is left, Conflict when it is closed, Forbidden.
    """
    need, project, _member = lock_post(actor, Need, need_id)
    policy.must(policy.may_take_part(actor, project), actor, policy.OVER)
    if need.state is not PublicationState.PUBLISHED:
        raise Conflict(NOT_SHOWN_YET)
    if need.closed_at is not None:
        raise Conflict(_l("Behovet er lukket. Prosjektet trenger ikke mer av dette nå."))
    if amount < 1:
        raise Invalid("amount", _l("Skriv minst 1."))
    mine = db.session.get(SignUp, (need.id, actor.id))
    _take(need, amount, mine.amount if mine else 0)
    if mine is not None and (mine.amount, mine.note) == (amount, note):
        return mine
    if mine is None:
        mine = SignUp(need_id=need.id, account_id=actor.id, at=clock.now())
        db.session.add(mine)
    mine.amount, mine.note = amount, note
    _changed(project)
    publish(SignedUp(actor=actor, **_subject(need), amount=amount))
    return mine


@atomic
def sign_off(actor: Actor, need_id: int) -> None:
    """Give one's places back, at any time. Twice is once."""
    need = db.session.get(Need, need_id, with_for_update=True, populate_existing=True)
    if need is not None:
        _give_back(actor, need, actor.id)


@atomic
def take_off(actor: Actor, need_id: int, account_id: int) -> None:
    """Take somebody off a need. Twice is once. Raises Forbidden."""
    need, _project = _looked_after(actor, need_id)
    _give_back(actor, need, account_id)


@atomic
def thank(actor: Actor, need_id: int) -> int:
    """Thank those who signed up and haven't had a thank-you; return how many."""
    need, project = _looked_after(actor, need_id)
    waits = sa.select(SignUp).where(SignUp.need_id == need.id, SignUp.thanked_at.is_(None)).with_for_update()
    thanked, now = db.session.scalars(waits).all(), clock.now()
    for each in thanked:
        each.thanked_at = now
    if thanked:
        _changed(project)
        publish(HelpThanked(actor=actor, **_subject(need), accounts=len(thanked)))
    return len(thanked)


def _looked_after(actor: Actor, need_id: int) -> tuple[Need, Project]:
    need, project, member = lock_post(actor, Need, need_id)
    policy.must(policy.may_look_after(actor, need, project, member), actor, NOT_YOURS)
    return need, project


def _take(need: Need, amount: int, had: int) -> None:
    """Take places in one statement that can't take more than there are: of two who want the last, one gets it."""
    there_is_room = Need.taken + (amount - had) <= Need.capacity
    taking = sa.update(Need).where(Need.id == need.id, there_is_room).values(taken=Need.taken + (amount - had))
    if cast("sa.CursorResult[Any]", db.session.execute(taking)).rowcount == 1:
        return
    left = need.capacity - need.taken + had
    if left == 0:
        raise Invalid("amount", _l("Nå er alt dekket: noen kom rett før deg. Blir noe ledig, står det her."))
    raise Invalid("amount", _("Det er %(left)s igjen. Skriv høyst det.", left=measured(need.kind, left)))


def _give_back(actor: Actor, need: Need, account_id: int | None) -> None:
    held = db.session.get(SignUp, (need.id, account_id))
    if held is None:
        return
    db.session.execute(sa.update(Need).where(Need.id == need.id).values(taken=Need.taken - held.amount))
    db.session.delete(held)
    _changed(db.session.get_one(Project, need.project_id))
    publish(SignedOff(actor=actor, **_subject(need), amount=held.amount, account_id=held.account_id))


def _changed(project: Project) -> None:
    db.session.flush()
    alive(project)


def _subject(need: Need) -> Mapping[str, Any]:
    return {"kind": NEED, "post_id": need.id, "project_id": need.project_id}


def _values(draft: NeedDraft) -> dict[str, Any]:
    return {**vars(draft), "skills": list(draft.skills)}


def _must_be_whole(draft: NeedDraft) -> None:
    if not draft.title.strip():
        raise Invalid("title", _l("Skriv kort hva dere trenger."))
    if not 1 <= draft.capacity <= MOST:
        raise Invalid("capacity", _l("Skriv et tall fra 1 til %(most)s.", most=measured(None, MOST)))
    if len(draft.skills) > SKILLS_AT_MOST or any(len(each) > SKILL_LONGEST for each in draft.skills):
        raise Invalid("skills", _l("Skriv høyst %(number)d ferdigheter, hver på noen få ord.", number=SKILLS_AT_MOST))
    must_point_at_nobody("skills", "\n".join(draft.skills))
