"""Who is told when somebody takes a solution in use, and when a solution is changed or goes."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from portal.kernel import clock
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import db
from portal.kernel.events import Event
from portal.kernel.extensions import content
from portal.notifications import people
from portal.notifications.actions import Telling
from portal.notifications.models import NoticeKind
from portal.notifications.reactions import ask_to_tell
from portal.solutions.adoption import Step, counts
from portal.solutions.events.adoptions import ADOPTION, AdoptionBegun, AdoptionMoved
from portal.solutions.events.solutions import SOLUTION, SolutionWithdrawn
from portal.solutions.models.adoptions import Adoption
from portal.solutions.models.solutions import Solution

SENTENCES: Mapping[Step, str] = {
    Step.INTERESTED: "solution_considered",
    Step.PILOTING: "solution_tried",
    Step.IN_USE: "solution_used",
    Step.STOPPED: "solution_left",
}


def tell_of_step(event: AdoptionBegun | AdoptionMoved) -> None:
    """Tell those who look after a solution how far somebody has come with it; its followers, when it is in use."""
    cause = _cause(event.subject(), event.step)
    keepers = _but(people.keepers(event.solution_id), event.actor.id)
    _ask(cause, SENTENCES[event.step], event.subject(), keepers)
    if counts(event.step):
        others = _but(people.followers([Ref(SOLUTION, event.solution_id)]), event.actor.id)
        _ask(cause, "solution_spread", event.subject(), others, NoticeKind.FOLLOWED)


def tell_of_text(event: Event) -> None:
    """When a solution, or what an adopter tells of one, is shown: tell those it matters to.

    Before `reactions.tell_of_text`, which tells the others who follow: the same cause tells a person once.
    """
    ref = event.subject()
    if ref is None or ref.kind not in {SOLUTION, ADOPTION}:
        return
    written = content().written([ref]).get(ref)
    if written is None or written.state is not PublicationState.PUBLISHED:
        return
    if ref.kind == ADOPTION:
        _tell_of_result(db.session.get_one(Adoption, ref.id))
    else:
        _tell_of_solution(db.session.get_one(Solution, ref.id))


def tell_of_withdrawal(event: SolutionWithdrawn) -> None:
    """Tell those who use a solution that those who shared it no longer stand for it."""
    for adoption_id, accounts in people.adopting(event.solution_id).items():
        ref = Ref(ADOPTION, adoption_id)
        _ask(f"gone:{ref}", "solution_withdrawn", ref, _but(accounts, event.actor.id))


def _tell_of_result(adoption: Adoption) -> None:
    """Tell the source how it goes elsewhere, unless it has just been told of the step."""
    if adoption.result or adoption.learning:
        ref = Ref(ADOPTION, adoption.id)
        keepers = _but(people.keepers(adoption.solution_id), adoption.author_id)
        _ask(_cause(ref, adoption.step), "solution_told", ref, keepers)


def _tell_of_solution(solution: Solution) -> None:
    """Tell those behind what it came of when it is new; those who follow and use it when it is changed."""
    ref = Ref(SOLUTION, solution.id)
    if solution.edition > 1:
        using = {each for accounts in people.adopting(solution.id).values() for each in accounts}
        cause = f"changed:{ref}:{solution.edition}"
        _ask(cause, "solution_changed", ref, _but(using, solution.author_id))
        following = [each for each in people.followers([ref]) if each not in using]
        _ask(cause, "followed_solution", ref, _but(following, solution.author_id), NoticeKind.FOLLOWED)
    elif solution.origin_kind and solution.origin_id:
        origin = Ref(solution.origin_kind, solution.origin_id)
        begun = content().written([origin]).get(origin)
        author = [begun.author_id] if begun and begun.state is PublicationState.PUBLISHED else []
        told = _but({*author, *people.followers([origin]), *people.supporters(origin)}, solution.author_id)
        _ask(f"made:{ref}", "solution_made", ref, told, NoticeKind.FOLLOWED)


def _cause(ref: Ref, step: Step) -> str:
    """Return what tells a person once a day, however often the words are mended."""
    return f"adopted:{ref}:{step}:{clock.today()}"


def _but(accounts: Collection[int], account_id: int | None) -> list[int]:
    return sorted(each for each in accounts if each != account_id)


def _ask(
    cause: str, sentence: str, ref: Ref, accounts: Collection[int], kind: NoticeKind = NoticeKind.SOLUTION
) -> None:
    ask_to_tell(Telling(cause=cause, sentence=sentence, notice_kind=kind, ref=ref, accounts=list(accounts)))
