"""Solutions as the API gives them: what their pages show in public, and no person's name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from portal.goals.queries import links
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import db
from portal.kernel.errors import NotFound
from portal.kernel.extensions import content
from portal.kernel.paging import paginate
from portal.kernel.slugs import slug
from portal.solutions import policy
from portal.solutions.events.solutions import SOLUTION
from portal.solutions.facts import INDICATOR
from portal.solutions.models.adoptions import Adoption
from portal.solutions.models.solutions import WORDS, Solution, SolutionTranslation
from portal.solutions.queries.listing import EMPTY, GOAL, Filters, conditions, owner


@dataclass(frozen=True, kw_only=True)
class Texts:
    """What a solution says, in one language, with a small part of Markdown; the heading without."""

    lang: str
    title: str
    summary: str
    problem: str
    core: str
    """What gives the effect, and must not be changed."""
    adaptable: str
    context: str
    cost: str
    prerequisites: str
    results: str
    risk: str
    procedures: str


@dataclass(frozen=True, kw_only=True)
class SolutionItem:
    """One solution. Times are UTC; texts are the owner's own, in `lang`, with a small part of Markdown."""

    id: int
    url: str
    kind: str
    """The theme, after the areas KOSTRA reports in: education, health, social, culture, transport, technical, planning,
    business, emergency, administration or democracy."""
    state: str
    """in_use when others than its owner have it in use, else shared."""
    lang: str
    title: str
    summary: str
    problem: str
    core: str
    """What gives the effect, and must not be changed."""
    adaptable: str
    context: str
    cost: str
    prerequisites: str
    results: str
    risk: str
    procedures: str
    municipality: str
    """The number of the one it belongs to."""
    municipality_name: str
    size: str
    """Of that municipality: small (under 5,000 who live there), middle, or large (20,000 or more)."""
    cost_class: str
    """What it takes to begin: none but working hours, low (under 100,000 kroner), middle (to a million) or high."""
    evidence: str
    """How well the effect is known: told, measured, compared or evaluated."""
    licence: str
    """An SPDX identifier."""
    contact: str
    """A title, never a name."""
    used_since: str | None
    """The day its owner took it in use."""
    in_use: int
    """How many others have it in use."""
    origin: str | None
    """What it came of, as kind:number."""
    source: str | None
    """Where it lives, when it came from another portal."""
    version: int
    """Of its words."""
    goals: list[int]
    indicators: list[str]
    created: str
    updated: str
    """When anything of it was new to readers last."""


@dataclass(frozen=True, kw_only=True)
class SolutionList:
    """Solutions, newest first."""

    items: list[SolutionItem]
    next: str | None


@dataclass(frozen=True, kw_only=True)
class AdoptionItem:
    """Who took a solution in use, and what they tell of it."""

    adopter: str
    kind: str
    """municipality, organisation or unit (of the portal's own municipality)."""
    municipality: str
    """The number of the adopter's."""
    state: str
    """interested, piloting, in_use or stopped; only those in use count."""
    way: str | None
    """copied, adapted or inspired."""
    in_use_since: str | None
    adapted: str
    """What was changed, and why."""
    result: str
    learning: str
    lang: str


@dataclass(frozen=True, kw_only=True)
class SolutionWhole:
    """One solution with what it says in other languages, and who took it in use."""

    solution: SolutionItem
    translations: list[Texts]
    adoptions: list[AdoptionItem]


Addresses = Callable[[int, str], str]
"""From a solution's number and slug to its address."""


def solutions(
    asked: Filters, since: datetime | None, cursor: str | None, limit: int, address: Addresses
) -> SolutionList:
    """Return one page of what everybody can see: two statements, and one more when there are words to look for."""
    statement = sa.select(Solution).where(*conditions(asked))
    if since:
        statement = statement.where(Solution.changed_at >= since)
    found = paginate(statement, Solution.shown_at.desc(), Solution.id.desc(), cursor=cursor, limit=limit)
    return SolutionList(items=_items(found.items, address), next=found.next)


def solution(number: int, address: Addresses) -> SolutionWhole:
    """Return one solution that everybody can see; raises NotFound."""
    found = db.session.scalar(sa.select(Solution).where(Solution.id == number, policy.visible()))
    if found is None:
        raise NotFound
    translations = sa.select(SolutionTranslation).where(
        SolutionTranslation.solution_id == number, SolutionTranslation.state == PublicationState.PUBLISHED
    )
    adoptions = sa.select(Adoption).where(Adoption.solution_id == number, Adoption.state != PublicationState.WITHDRAWN)
    return SolutionWhole(
        solution=_items([found], address)[0],
        translations=[
            Texts(lang=each.language, **_words(each))
            for each in db.session.scalars(translations.order_by(SolutionTranslation.language))
        ],
        adoptions=[_adoption(each) for each in db.session.scalars(adoptions.order_by(Adoption.id))],
    )


def _items(found: Sequence[Solution], address: Addresses) -> list[SolutionItem]:
    serves = links([Ref(SOLUTION, each.id) for each in found])
    kind = content().find(INDICATOR)
    numbers = {each.id: each.label.split(" ", 1)[0] for each in kind.options("nb")} if kind and kind.options else {}
    return [_item(each, address, serves[Ref(SOLUTION, each.id)], numbers) for each in found]


def _item(each: Solution, address: Addresses, serves: Sequence[Ref], numbers: dict[int, str]) -> SolutionItem:
    return SolutionItem(
        id=each.id,
        url=address(each.id, slug(each.title, EMPTY)),
        kind=each.theme.value,
        state="in_use" if each.in_use else "shared",
        lang=each.language,
        municipality=each.municipality_number,
        municipality_name=owner(each.municipality_number),
        size=each.size.value,
        cost_class=each.cost_class.value,
        evidence=each.evidence.value,
        licence=each.licence.value,
        contact=each.contact_title,
        used_since=each.used_since.isoformat() if each.used_since else None,
        in_use=each.in_use,
        origin=f"{each.origin_kind}:{each.origin_id}" if each.origin_kind else None,
        source=each.source_uri,
        version=each.edition,
        goals=[ref.id for ref in serves if ref.kind == GOAL],
        indicators=[numbers[ref.id] for ref in serves if ref.kind == INDICATOR and ref.id in numbers],
        created=_moment(each.shown_at),
        updated=_moment(each.changed_at),
        **_words(each),
    )


def _adoption(each: Adoption) -> AdoptionItem:
    shown = each.state is PublicationState.PUBLISHED
    return AdoptionItem(
        adopter=each.byline,
        kind=each.kind.value,
        municipality=each.municipality_number,
        state=each.step.value,
        way=each.way.value if each.way else None,
        in_use_since=each.in_use_since.isoformat() if each.in_use_since else None,
        adapted=each.adapted if shown else "",
        result=each.result if shown else "",
        learning=each.learning if shown else "",
        lang=each.language,
    )


def _words(said: Solution | SolutionTranslation) -> dict[str, Any]:
    return {name: getattr(said, name) for name in WORDS}


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
