"""Solutions and their translations as kinds of content: as links, to moderation and to search."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import sqlalchemy as sa

from portal.accounts.queries.bylines import shown_name
from portal.kernel import clock, municipalities
from portal.kernel.content import Card, ContentKind, Entry, PublicationState, Ref, Restriction, Written
from portal.kernel.db import by_ids, db
from portal.kernel.i18n import _, _l
from portal.kernel.identity import Actor
from portal.kernel.richtext import excerpt, plain
from portal.kernel.slugs import slug
from portal.solutions import policy
from portal.solutions.events.solutions import SOLUTION, TRANSLATION
from portal.solutions.models.solutions import WORDS, Solution, SolutionTranslation, SolutionVersion

EMPTY = "losning"

VERBS: Mapping[str, Callable[[Actor, Solution], bool]] = {
    "follow": policy.may_take_part,
    "ask": policy.may_ask,
    "answer": policy.may_manage,
    "attach": policy.may_manage,
    "benefit": policy.may_manage,
}


def address(solution: Solution) -> Mapping[str, object]:
    """Return the values of the address of a solution's page."""
    return {"solution_id": solution.id, "slug": slug(solution.title, EMPTY)}


def cards(ids: Sequence[int]) -> Mapping[int, Card]:
    """Return how solutions are shown as links."""
    return {each.id: card(each) for each in by_ids(Solution, ids).values()}


def card(solution: Solution) -> Card:
    """Return how one solution is shown as a link: whose it is stands as its status."""
    shown = solution.state is PublicationState.PUBLISHED
    owner = municipalities.find(solution.municipality_number)
    return Card(
        ref=Ref(SOLUTION, solution.id),
        title=solution.title or _("Løsning uten tittel"),
        endpoint="solutions.show",
        values=address(solution),
        excerpt=excerpt(solution.summary or solution.problem) if shown else "",
        language=solution.language,
        status=owner.name if shown and owner else "",
        tone="info",
    )


def may(actor: Actor, ref: Ref, verb: str) -> bool:
    """Say what somebody may do with a solution: with what one can't read, one can do nothing."""
    solution = _held(ref)
    if solution is None or not policy.may_read(actor, solution):
        return False
    ask = VERBS.get(verb)
    return verb == "read" or (ask is not None and ask(actor, solution))


def answers(ref: Ref) -> str:
    """Return the name of the municipality that answers for a solution, when it is another than the portal's own."""
    solution = _held(ref)
    if solution is None or solution.municipality_number == policy.home():
        return ""
    return policy.municipality_name(solution.municipality_number)


def written(ids: Sequence[int]) -> Mapping[int, Written]:
    """Return what the solutions say, under their authors' names."""
    rows = db.session.execute(sa.select(Solution, shown_name(Solution)).where(Solution.id.in_(ids)))
    return {
        each.id: Written(
            author_id=each.author_id,
            byline=name,
            language=each.language,
            state=each.state,
            fields={text: getattr(each, text) for text in WORDS},
            written_at=each.edited_at or each.created_at,
        )
        for each, name in rows
    }


def restrict(ref: Ref, restriction: Restriction) -> None:
    """Put what moderation decided into effect. What was withdrawn stays so."""
    solution = db.session.get_one(Solution, ref.id, with_for_update=True, populate_existing=True)
    if solution.state is PublicationState.WITHDRAWN:
        return
    for name in WORDS:
        setattr(solution, name, restriction.fields.get(name, getattr(solution, name)))
    if restriction.state is PublicationState.PUBLISHED and solution.shown_at == solution.created_at:
        solution.shown_at = clock.now()
    solution.state = restriction.state
    db.session.flush()
    versions = sa.update(SolutionVersion).where(SolutionVersion.solution_id == solution.id)
    db.session.execute(versions.values(hidden=restriction.hide_versions))


def entries(ids: Sequence[int]) -> Mapping[int, Sequence[Entry]]:
    """Return what the search index keeps of the solutions that everybody may read, in each of their languages."""
    shown = sa.select(Solution).where(Solution.id.in_(ids), policy.visible())
    found = {each.id: [_entry(each, each)] for each in db.session.scalars(shown)}
    translations = sa.select(SolutionTranslation, Solution).join(
        Solution, Solution.id == SolutionTranslation.solution_id
    )
    published = SolutionTranslation.state == PublicationState.PUBLISHED
    of_others = Solution.id.in_(found), SolutionTranslation.language != Solution.language
    for translation, solution in db.session.execute(translations.where(*of_others, published)):
        found[solution.id].append(_entry(solution, translation))
    return found


def all_ids(after: int, limit: int) -> Sequence[int]:
    """Return the numbers of solutions, for building the search index anew."""
    return db.session.scalars(
        sa.select(Solution.id).where(Solution.id > after).order_by(Solution.id).limit(limit)
    ).all()


def _held(ref: Ref) -> Solution | None:
    """Return a solution, held so that the next thing asked of it is answered without asking the database."""
    found = db.session.get(Solution, ref.id)
    db.session().info[SOLUTION] = found
    return found


def _entry(solution: Solution, words: Solution | SolutionTranslation) -> Entry:
    return Entry(
        title=words.title,
        body="\n".join(plain(getattr(words, name)) for name in WORDS[1:] if getattr(words, name)),
        language=words.language,
        updated_at=solution.edited_at or solution.shown_at,
        facets={"theme": (solution.theme.value,), "municipality": (solution.municipality_number,)},
    )


def translation_cards(ids: Sequence[int]) -> Mapping[int, Card]:
    """Return how translations are shown as links: to the solution in that language."""
    return {
        each.id: Card(
            ref=Ref(TRANSLATION, each.id),
            title=each.title or _("Løsning uten tittel"),
            endpoint="solutions.show",
            values={"solution_id": each.solution_id, "slug": slug(each.title, EMPTY), "tekst": each.language},
            language=each.language,
        )
        for each in by_ids(SolutionTranslation, ids).values()
    }


def may_with_translation(actor: Actor, ref: Ref, verb: str) -> bool:
    """Say whether somebody may read a translation; there is nothing else to do with one."""
    translation = db.session.get(SolutionTranslation, ref.id)
    solution = db.session.get(Solution, translation.solution_id) if translation else None
    if verb != "read" or translation is None or solution is None:
        return False
    return policy.may_read_translation(actor, translation, solution)


def translations_written(ids: Sequence[int]) -> Mapping[int, Written]:
    """Return what the translations say, under the names of the solutions' authors."""
    rows = sa.select(SolutionTranslation, shown_name(Solution)).join(
        Solution, Solution.id == SolutionTranslation.solution_id
    )
    return {
        each.id: Written(
            author_id=each.author_id,
            byline=name,
            language=each.language,
            state=each.state,
            fields={text: getattr(each, text) for text in WORDS},
            written_at=each.edited_at or each.written_at,
            on=Ref(SOLUTION, each.solution_id),
        )
        for each, name in db.session.execute(rows.where(SolutionTranslation.id.in_(ids)))
    }


def restrict_translation(ref: Ref, restriction: Restriction) -> None:
    """Put what moderation decided into effect. What was withdrawn stays so."""
    translation = db.session.get_one(SolutionTranslation, ref.id, with_for_update=True, populate_existing=True)
    if translation.state is PublicationState.WITHDRAWN:
        return
    for name in WORDS:
        setattr(translation, name, restriction.fields.get(name, getattr(translation, name)))
    translation.state = restriction.state
    db.session.flush()
    of = sa.update(Solution).where(Solution.id == translation.solution_id)
    db.session.execute(of.values(changed_at=clock.now()))


SOLUTIONS = ContentKind(
    name=SOLUTION,
    label=_l("løsning"),
    plural=_l("løsninger"),
    cards=cards,
    may=may,
    written=written,
    restrict=restrict,
    entries=entries,
    all_ids=all_ids,
    answers=answers,
)
TRANSLATIONS = ContentKind(
    name=TRANSLATION,
    label=_l("oversettelse av en løsning"),
    plural=_l("oversettelser av løsninger"),
    cards=translation_cards,
    may=may_with_translation,
    written=translations_written,
    restrict=restrict_translation,
)
KINDS = (SOLUTIONS, TRANSLATIONS)
