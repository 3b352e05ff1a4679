"""Who is told when something happens in a project, or between those who might make one together."""

from __future__ import annotations

from collections.abc import Collection

from portal.cocreation.events.finding import MESSAGE, MessageSent
from portal.cocreation.events.posts import AGREEMENT, INPUT
from portal.cocreation.events.process import AgreementConfirmed, PhaseMoved, ProjectEnded
from portal.cocreation.events.projects import PROJECT, MemberJoined, MembershipAsked
from portal.cocreation.events.together import (
    HelpThanked,
    InputAnswered,
    MeetingCancelled,
    MeetingChanged,
    SignedOff,
    SignedUp,
)
from portal.cocreation.models.projects import Project
from portal.cocreation.models.together import Input
from portal.cocreation.phases import Phase
from portal.cocreation.queries.messages import recipients
from portal.kernel import clock
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import db
from portal.kernel.events import Event
from portal.kernel.extensions import content
from portal.notifications import people
from portal.notifications.actions import Telling
from portal.notifications.models import NoticeKind
from portal.notifications.reactions import ask_to_tell


def tell_of_post(event: Event) -> None:
    """When a text of a project, or the project itself, is shown: tell those it asks something of.

    Before `reactions.tell_of_text`, which tells the others who follow: the same cause tells a person once.
    """
    ref = event.subject()
    written = content().written([ref]).get(ref) if ref else None
    if ref is None or written is None or written.state is not PublicationState.PUBLISHED:
        return
    if ref.kind == PROJECT:
        _tell_of_project(event, ref)
    elif ref.kind == AGREEMENT and written.on:
        others = _but(people.voices(written.on.id), written.author_id)
        _ask(f"shown:{ref}", "agreement_to_confirm", ref, others)
    elif ref.kind == INPUT and written.on:
        others = _but(people.owners(written.on.id), written.author_id)
        _ask(f"inputs:{written.on}:{clock.today()}", "input_given", ref, others)


def tell_of_asking(event: MembershipAsked) -> None:
    """Tell the owners that somebody asks to join."""
    day = clock.today()
    cause = f"asked:{event.project_id}:{event.account_id}:{day}"
    _ask(cause, "membership_asked", event.subject(), people.owners(event.project_id))


def tell_of_joining(event: MemberJoined) -> None:
    """Tell somebody that they were let in; the owners, when somebody came in by their own right."""
    cause = f"joined:{event.project_id}:{event.account_id}:{clock.today()}"
    if event.actor.id != event.account_id:
        _ask(cause, "member_joined", event.subject(), [event.account_id])
    else:
        _ask(cause, "member_came", event.subject(), _but(people.owners(event.project_id), event.account_id))


def tell_of_phase(event: PhaseMoved) -> None:
    """Tell those who are in a project or follow it that it has come to another phase; to the last one by its ending."""
    if event.came_to is Phase.REALISE:
        return
    ref = event.subject()
    cause = f"phase:{ref}:{event.came_from}:{event.came_to}:{clock.today()}"
    _ask(cause, "project_moved", ref, _but(people.followers([ref]), event.actor.id), NoticeKind.FOLLOWED)


def tell_of_ending(event: ProjectEnded) -> None:
    """Tell the members that it is over; others when they may read what was learnt: see `tell_of_post`."""
    ref = event.subject()
    members = _but(people.members(event.project_id), event.actor.id)
    _ask(f"ended:{ref}", "project_ended", ref, members, NoticeKind.FOLLOWED)


def tell_of_confirmation(event: AgreementConfirmed) -> None:
    """Tell the owners that a party has confirmed the agreement."""
    cause = f"confirmed:{event.agreement_id}:{event.party_id}"
    owners = _but(people.owners(event.project_id), event.actor.id)
    _ask(cause, "agreement_confirmed", Ref(AGREEMENT, event.agreement_id), owners)


def tell_of_input_answer(event: InputAnswered) -> None:
    """Tell whoever gave an input what became of it; again when that is changed, but not for every mended word."""
    given = db.session.get_one(Input, event.post_id)
    cause = f"answered:{event.subject()}:{event.use}:{clock.today()}"
    _ask(cause, "input_answered", event.subject(), _but([given.author_id], event.actor.id), NoticeKind.REPLY)


def tell_of_help(event: SignedUp) -> None:
    """Tell the owners that there is help, once a day for each need however many sign up."""
    cause = f"help:{event.subject()}:{clock.today()}"
    owners = _but(people.owners(event.project_id or 0), event.actor.id)
    _ask(cause, "signed_up", event.subject(), owners)


def tell_of_signing_off(event: SignedOff) -> None:
    """Tell somebody who was taken off by others."""
    cause = f"off:{event.subject()}:{event.account_id}:{clock.today()}"
    _ask(cause, "signed_off", event.subject(), _but([event.account_id], event.actor.id))


def tell_of_thanks(event: HelpThanked) -> None:
    """Tell those who helped that they are thanked: each once for a need."""
    thanked = _but(people.helpers(event.post_id, thanked=True), event.actor.id)
    _ask(f"thanked:{event.subject()}", "help_thanked", event.subject(), thanked)


def tell_of_meeting(event: MeetingChanged | MeetingCancelled) -> None:
    """Tell those who come to a meeting that it is at another time or place, or isn't."""
    coming = _but(people.attending(event.post_id), event.actor.id)
    if isinstance(event, MeetingCancelled):
        _ask(f"cancelled:{event.subject()}", "meeting_cancelled", event.subject(), coming)
    elif event.moved:
        _ask(f"moved:{event.subject()}:{event.sequence}", "meeting_moved", event.subject(), coming)


def tell_of_message(event: MessageSent) -> None:
    """Tell those a message is to; what it says is for them to open."""
    ref = Ref(MESSAGE, event.message_id)
    _ask(f"sent:{ref}", "message_sent", ref, _but(recipients(event.message_id), event.actor.id))


def _tell_of_project(event: Event, ref: Ref) -> None:
    """Tell those behind what a project was started from, the first time it is shown; and all, when it is over."""
    project = db.session.get_one(Project, ref.id)
    if project.ended_at is not None:
        followers = _but(people.followers([ref]), event.actor.id)
        _ask(f"ended:{ref}", "project_ended", ref, followers, NoticeKind.FOLLOWED)
    elif project.origin_kind and project.origin_id:
        origin = Ref(project.origin_kind, project.origin_id)
        begun = content().written([origin]).get(origin)
        author = [begun.author_id] if begun and begun.state is PublicationState.PUBLISHED else []
        behind = {*author, *people.followers([origin]), *people.supporters(origin)}
        _ask(f"begun:{ref}", "project_begun", ref, _but(behind, project.author_id), NoticeKind.FOLLOWED)


def _but(accounts: Collection[int], account_id: int | None) -> list[int]:
    return sorted(each for each in accounts if each != account_id)


def _ask(cause: str, sentence: str, ref: Ref, accounts: Collection[int], kind: NoticeKind = NoticeKind.PROJECT) -> None:
    ask_to_tell(Telling(cause=cause, sentence=sentence, notice_kind=kind, ref=ref, accounts=list(accounts)))
