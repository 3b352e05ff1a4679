"""The page of one solution: what helps somebody decide whether it is for them, in four statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from portal.files.queries import Attachments, attached, sorted_files
from portal.goals.events import GOAL, SUBGOAL
from portal.goals.models import Link, Subgoal
from portal.kernel import parts
from portal.kernel.content import Card, PublicationState, Ref
from portal.kernel.db import db
from portal.kernel.errors import NotFound
from portal.kernel.extensions import content
from portal.kernel.i18n import language
from portal.kernel.identity import Actor
from portal.kernel.richtext import excerpt, plain
from portal.kernel.slugs import slug
from portal.kernel.together import together
from portal.participation.models import Form, Tally
from portal.participation.queries import panels
from portal.portfolio.queries import panels as portfolio
from portal.search.models import Document
from portal.solutions import policy
from portal.solutions.events.solutions import SOLUTION
from portal.solutions.facts import INDICATOR, LICENCES, Evidence, Terms
from portal.solutions.models.solutions import WORDS, Solution, SolutionTranslation, SolutionVersion
from portal.solutions.queries import adoptions
from portal.solutions.queries.listing import EMPTY, owner

BRIEF = 280
"""Letters of a text that the check shows; of a longer one it shows the beginning, and the whole stands below."""
BRIEFS = ("context", "cost", "prerequisites", "results")
"""The texts of the check: does it fit here, what does it take, what can we expect."""


@dataclass(frozen=True)
class Brief:
    """A text of the check: whole when it is short, else its beginning."""

    text: str
    is_whole: bool


@dataclass(frozen=True)
class Said:
    """One text, in a language."""

    text: str
    language: str


@dataclass(frozen=True, kw_only=True)
class Told:
    """The words that the page shows, and how they stand to the solution's own."""

    said: Mapping[str, Said]
    """By text; what the translation leaves out is said in the solution's own language."""
    language: str
    languages: Sequence[str]
    """All that it is told in, its own first."""
    is_outdated: bool
    """The solution has been changed since it was translated."""
    waits: bool
    """Only those who look after it see this translation yet."""


@dataclass(frozen=True, kw_only=True)
class SolutionPage:
    """Everything that the page of a solution shows."""

    solution: Solution
    ref: Ref
    slug: str
    told: Told
    briefs: Mapping[str, Brief]
    municipality: str
    source: str | None
    """The address where it lives, when it came from another portal."""
    terms: Terms
    evidence_level: int
    """1 to 4."""
    has_versions: bool
    may: policy.Abilities
    may_withdraw: bool
    origin: Card | None
    panel: panels.Panel
    adoption: adoptions.Panel
    files: Attachments
    portfolio: portfolio.Panel
    goals: Sequence[Card]
    subgoals: Sequence[Subgoal]
    parts: Sequence[parts.Loaded]


def address_of(actor: Actor, solution_id: int) -> str:
    """Return the words of a solution's address to those who may read it; raises NotFound."""
    return slug(policy.must_read(actor, db.session.get(Solution, solution_id)).title, EMPTY)


def solution_page(actor: Actor, solution_id: int, asked: str | None = None) -> SolutionPage:
    """Return the page of a solution to those who may read it, in the language asked for where it is told in that.

    Raises NotFound. Four statements: the solution, what there are several of, what is asked, and the answers; and what
    the parts of others need. What it came of is told by the search index, which knows everything public.
    """
    solution, has_versions, stands = _found(actor, solution_id)
    ref = Ref(SOLUTION, solution_id)
    gains, used = portfolio.on(actor, ref), adoptions.on(actor, solution)
    found = together(*_several(actor, solution, ref), *gains, *used)
    translations, files, subgoals, goals, indicators, origin, *others = found
    told = _told(solution, [each for each in translations if policy.may_read_translation(actor, each, solution)], asked)
    cards = content().cards([Ref(GOAL, each) for each in goals])
    return SolutionPage(
        solution=solution,
        ref=ref,
        slug=slug(solution.title, EMPTY),
        told=told,
        briefs={name: _brief(told.said[name].text) for name in BRIEFS},
        municipality=owner(solution.municipality_number),
        source=_web(solution.source_uri),
        terms=LICENCES[solution.licence],
        evidence_level=list(Evidence).index(solution.evidence) + 1,
        has_versions=has_versions,
        may=policy.abilities(actor, solution),
        may_withdraw=policy.may_withdraw(actor, solution),
        origin=_origin(origin),
        panel=panels.panel(actor, ref, forms=(Form.QUESTION,), standing=stands),
        adoption=adoptions.panel_of(actor, solution, others[len(gains) :]),
        files=sorted_files(actor, ref, files),
        portfolio=portfolio.panel_of(actor, ref, others[: len(gains)]),
        goals=[*cards.values()],
        subgoals=subgoals,
        parts=parts.parts_of(actor, ref, [Ref(INDICATOR, each) for each in indicators]),
    )


def _found(actor: Actor, solution_id: int) -> tuple[Solution, bool, panels.Standing]:
    """Read the solution, whether there are earlier versions, and how the reader stands to it."""
    versions = sa.exists().where(SolutionVersion.solution_id == Solution.id, SolutionVersion.hidden.is_(False))
    statement = (
        sa.select(Solution, versions.correlate(Solution), *panels.standing_columns(actor))
        .select_from(Solution)
        .outerjoin(Tally, sa.and_(Tally.kind == SOLUTION, Tally.target_id == Solution.id))
        .where(Solution.id == solution_id)
    )
    found = db.session.execute(statement).one_or_none()
    if found is None:
        raise NotFound(policy.NOT_FOUND)
    return policy.must_read(actor, found[0]), bool(found[1]), panels.standing_of(found[2:])


def _several(actor: Actor, solution: Solution, ref: Ref) -> tuple[sa.Select[Any], ...]:
    """Select what there are several of: translations, files, what it serves, and what it came of."""
    serves = (Link.kind == SOLUTION, Link.target_id == solution.id)
    return (
        sa.select(SolutionTranslation).where(SolutionTranslation.solution_id == solution.id),
        attached(actor, ref),
        sa.select(Subgoal).where(Subgoal.id.in_(sa.select(Link.to_id).where(*serves, Link.to_kind == SUBGOAL))),
        sa.select(Link.to_id).where(*serves, Link.to_kind == GOAL),
        sa.select(Link.to_id).where(*serves, Link.to_kind == INDICATOR),
        sa.select(Document).where(Document.kind == solution.origin_kind, Document.target_id == solution.origin_id),
    )


def _told(solution: Solution, translations: Sequence[SolutionTranslation], asked: str | None) -> Told:
    """Choose the words: those asked for, else the reader's own language while that says what the solution says now."""
    found = {each.language: each for each in translations}
    mine = found.get(language())
    is_fresh = mine and mine.of_edition == solution.edition and mine.state is PublicationState.PUBLISHED
    chosen = None if asked == solution.language else found.get(asked or "") or (mine if is_fresh else None)
    return Told(
        said={name: _said(solution, chosen, name) for name in WORDS},
        language=chosen.language if chosen else solution.language,
        languages=[solution.language, *sorted(found)],
        is_outdated=chosen is not None and chosen.of_edition < solution.edition,
        waits=chosen is not None and chosen.state is not PublicationState.PUBLISHED,
    )


def _said(solution: Solution, translation: SolutionTranslation | None, name: str) -> Said:
    translated: str = getattr(translation, name) if translation else ""
    if translation and translated:
        return Said(translated, translation.language)
    return Said(getattr(solution, name), solution.language)


def _brief(text: str) -> Brief:
    return Brief(text, True) if len(plain(text)) <= BRIEF else Brief(excerpt(text, BRIEF), False)


def _web(address: str | None) -> str | None:
    """Return an address that a reader can be sent to; another portal may have said anything."""
    return address if address and address.startswith(("https://", "http://")) else None


def _origin(documents: Sequence[Document]) -> Card | None:
    """Return how what it came of is shown, in the reader's language when it has that; only what is public."""
    code = language()
    found = min(documents, key=lambda each: (each.language != code, each.language), default=None)
    if found is None:
        return None
    ref = Ref(found.kind, found.target_id)
    return Card(ref=ref, title=found.title, endpoint=found.endpoint, values=found.values, language=found.language)
