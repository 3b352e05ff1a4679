"""What is shown to somebody who shares a solution, changes, translates, notes or withdraws it, and their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from portal.accounts.queries import settings
from portal.goals import queries as goals
from portal.goals.events import GOAL, SUBGOAL
from portal.kernel import municipalities
from portal.kernel.content import Option, PublicationState, Ref
from portal.kernel.db import db
from portal.kernel.errors import NotFound
from portal.kernel.i18n import LANGUAGES, language
from portal.kernel.identity import Actor
from portal.kernel.municipalities import Municipality
from portal.kernel.paging import Page, paginate
from portal.kernel.slugs import slug
from portal.solutions import policy
from portal.solutions.events.solutions import SOLUTION
from portal.solutions.facts import INDICATOR, Licence, Size
from portal.solutions.models.solutions import Solution, SolutionTranslation
from portal.solutions.queries.origins import Origin, binding_licence, origin

EMPTY = "losning"
SERVED = (GOAL, SUBGOAL, INDICATOR)
"""What a solution can serve."""
ON_A_PAGE = 30


@dataclass(frozen=True, kw_only=True)
class FormPage:
    """Everything that the form shows: what is kept, and what there is to choose among."""

    solution: Solution | None
    """None: nothing is shared yet."""
    origin: Origin | None
    serves: Sequence[Ref]
    options: Mapping[str, Sequence[Option]]
    """By what is served."""
    municipality: Municipality | None
    """For which it is shared."""
    bound: Licence | None
    """The licence it must have because of the solution it is made of; None: it is free to choose."""
    size: Size | None = None
    """Of the municipality, as it was told with the last solution it shared."""

    def served(self, kind: str) -> list[int]:
        return [each.id for each in self.serves if each.kind == kind]


@dataclass(frozen=True, kw_only=True)
class TranslatePage:
    """A solution beside what it says in another language."""

    solution: Solution
    slug: str
    language: str
    translation: SolutionTranslation | None
    """None: nobody has translated it to that language, or they took it back."""
    version: int | None
    """Of the row that is there, also when the translation was taken back."""

    @property
    def is_behind(self) -> bool:
        """Say whether the solution was changed after it was translated."""
        return self.translation is not None and self.translation.of_edition < self.solution.edition


@dataclass(frozen=True, kw_only=True)
class SolutionPage:
    """One solution, for a page about one thing to do with it."""

    solution: Solution
    slug: str
    owner: str
    """The name of the municipality that it belongs to."""
    moderation_hours: int = 0
    languages: Sequence[str] = ()
    """Those that it isn't written in."""


@dataclass(frozen=True, kw_only=True)
class OwnSolution:
    """A solution somebody looks after, and how its translations stand."""

    solution: Solution
    slug: str
    translations: Mapping[str, SolutionTranslation]
    untranslated: Sequence[str]
    """The languages it isn't said in."""


@dataclass(frozen=True, kw_only=True)
class OwnPage:
    """The solutions somebody looks after, the newest first."""

    municipality: Municipality | None
    rows: Page[OwnSolution]
    may_share: bool


def new_page(actor: Actor, ref: Ref | None) -> FormPage:
    """Return an empty form to somebody who may share, or one with all that its origin tells. Raises Forbidden.

    An origin that can't be read is as if it weren't there.
    """
    number = policy.must_share(actor)
    found = origin(actor, ref)
    if found is not None:
        return _form(number, origin=found, serves=found.serves, bound=binding_licence(ref))
    told = sa.select(Solution.size).where(Solution.municipality_number == number, Solution.source_uri.is_(None))
    return _form(number, serves=(), size=db.session.scalar(told.order_by(Solution.id.desc()).limit(1)))


def edit_page(actor: Actor, solution_id: int) -> FormPage:
    """Return the form of a solution one may change, filled in; raises NotFound, Forbidden."""
    solution = managed(actor, solution_id)
    ref = Ref(SOLUTION, solution.id)
    bound = binding_licence(solution.origin, solution.licence)
    return _form(solution.municipality_number, solution=solution, serves=goals.links([ref])[ref], bound=bound)


def translate_page(actor: Actor, solution_id: int, to: str) -> TranslatePage:
    """Return a solution one may translate, and how it is said in that language now; raises NotFound, Forbidden."""
    return _translation(managed(actor, solution_id), to)


def translation_to_withdraw(actor: Actor, solution_id: int, to: str) -> TranslatePage:
    """Return a translation one can take back; raises NotFound, Forbidden."""
    solution = policy.must_read(actor, db.session.get(Solution, solution_id))
    policy.must(policy.owns(actor, solution), actor, policy.NOT_YOURS)
    page = _translation(solution, to)
    if page.translation is None:
        raise NotFound(policy.NOT_FOUND)
    return page


def managed(actor: Actor, solution_id: int) -> Solution:
    """Return a solution to those who may change it; raises NotFound, Forbidden."""
    solution = policy.must_read(actor, db.session.get(Solution, solution_id))
    policy.must(policy.may_manage(actor, solution), actor, policy.NOT_YOURS)
    return solution


def receipt_page(actor: Actor, solution_id: int) -> SolutionPage:
    """Return what happens next with a solution one looks after; raises NotFound, Forbidden."""
    solution = managed(actor, solution_id)
    hours: int = settings.value("moderation_hours")
    return _page(solution, moderation_hours=hours)


def withdraw_page(actor: Actor, solution_id: int) -> SolutionPage:
    """Return a solution that one can withdraw; raises NotFound, Forbidden."""
    solution = policy.must_read(actor, db.session.get(Solution, solution_id))
    policy.must(policy.may_withdraw(actor, solution), actor, policy.NOT_YOURS)
    return _page(solution)


def note_page(actor: Actor, solution_id: int) -> SolutionPage:
    """Return a solution from another portal that one can write a note to; raises NotFound, Forbidden."""
    solution = policy.must_read(actor, db.session.get(Solution, solution_id))
    policy.must(policy.may_note(actor, solution), actor, policy.NOT_FOR_NOTES)
    return _page(solution)


def own_page(actor: Actor, cursor: str | None) -> OwnPage:
    """Return the solutions somebody looks after, in two statements. Raises Forbidden."""
    mine = sa.select(Solution).where(policy.owned(actor), Solution.state != PublicationState.WITHDRAWN)
    page = paginate(mine, Solution.id.desc(), cursor=cursor, limit=ON_A_PAGE)
    said = sa.select(SolutionTranslation).where(
        SolutionTranslation.solution_id.in_([each.id for each in page.items]),
        SolutionTranslation.state != PublicationState.WITHDRAWN,
    )
    translations: dict[int, dict[str, SolutionTranslation]] = {}
    for each in db.session.scalars(said.order_by(SolutionTranslation.language)):
        translations.setdefault(each.solution_id, {})[each.language] = each
    rows = [_own(each, translations.get(each.id, {})) for each in page.items]
    return OwnPage(
        municipality=municipalities.find(policy.municipality_of(actor) or ""),
        rows=Page(rows, page.next),
        may_share=policy.may_share(actor),
    )


def _translation(solution: Solution, to: str) -> TranslatePage:
    if to == solution.language:
        raise NotFound(policy.NOT_FOUND)
    row = db.session.scalar(
        sa.select(SolutionTranslation).where(
            SolutionTranslation.solution_id == solution.id, SolutionTranslation.language == to
        )
    )
    is_there = row is not None and row.state is not PublicationState.WITHDRAWN
    return TranslatePage(
        solution=solution,
        slug=slug(solution.title, EMPTY),
        language=to,
        translation=row if is_there else None,
        version=row.version if row else None,
    )


def _own(solution: Solution, translations: Mapping[str, SolutionTranslation]) -> OwnSolution:
    return OwnSolution(
        solution=solution,
        slug=slug(solution.title, EMPTY),
        translations=translations,
        untranslated=[code for code in _others(solution) if code not in translations],
    )


def _page(solution: Solution, *, moderation_hours: int = 0) -> SolutionPage:
    owner = municipalities.find(solution.municipality_number)
    return SolutionPage(
        solution=solution,
        slug=slug(solution.title, EMPTY),
        owner=owner.name if owner else "",
        moderation_hours=moderation_hours,
        languages=_others(solution),
    )


def _others(solution: Solution) -> list[str]:
    return [code for code in LANGUAGES if code != solution.language]


def _form(
    number: str,
    *,
    serves: Sequence[Ref],
    solution: Solution | None = None,
    origin: Origin | None = None,
    bound: Licence | None = None,
    size: Size | None = None,
) -> FormPage:
    return FormPage(
        solution=solution,
        origin=origin,
        serves=serves,
        options={kind: goals.choices(kind, language()) for kind in SERVED},
        municipality=municipalities.find(number),
        bound=bound,
        size=size,
    )
