"""Sharing a solution, changing and translating what it says, and withdrawing it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import Byline
from portal.goals import actions as goals
from portal.goals.events import GOAL, SUBGOAL
from portal.kernel import clock
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import atomic, db, insert_once
from portal.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from portal.kernel.events import publish
from portal.kernel.extensions import content
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor
from portal.participation.models import Tally
from portal.solutions import policy
from portal.solutions.events.solutions import (
    SOLUTION,
    SolutionEdited,
    SolutionNoted,
    SolutionShared,
    SolutionTranslated,
    SolutionWithdrawn,
)
from portal.solutions.facts import INDICATOR, ORIGINS, Cost, Evidence, Licence, Size, Theme
from portal.solutions.models.solutions import WORDS, Solution, SolutionTranslation
from portal.solutions.queries.origins import binding_licence
from portal.solutions.standing import empty, keep_version, lock, take_back_translation

LONGEST = 5000
SAME_TERMS = _l("Løsningen dette er laget av, skal deles videre på samme vilkår: CC BY-SA 4.0.")
CHANGED = _l("Løsningen er endret siden du åpnet den. Se over det som står der nå, og lagre på nytt.")


@dataclass(frozen=True, kw_only=True)
class WordsDraft:
    """What a solution says, in one language."""

    title: str
    summary: str = ""
    problem: str = ""
    core: str = ""
    adaptable: str = ""
    context: str = ""
    cost: str = ""
    prerequisites: str = ""
    results: str = ""
    risk: str = ""
    procedures: str = ""
    language: str = "nb"


@dataclass(frozen=True, kw_only=True)
class SolutionDraft:
    """What a solution says, and what it is sorted by."""

    words: WordsDraft
    theme: Theme
    cost_class: Cost
    evidence: Evidence
    size: Size
    licence: Licence = Licence.CC_BY
    contact_title: str = ""
    used_since: date | None = None
    goals: tuple[int, ...] = ()
    subgoals: tuple[int, ...] = ()
    indicators: tuple[int, ...] = ()


@atomic
def share_solution(actor: Actor, draft: SolutionDraft, *, origin: Ref | None = None, key: str = "") -> Solution:
    """Share a solution for the municipality one works in; it waits for moderation. The same form twice is one solution.

    Raises Invalid at the field, Forbidden.
    """
    number = policy.must_share(actor)
    _must_be_whole(draft)
    if origin is not None and (origin.kind not in ORIGINS or not content().may(actor, origin, "read")):
        raise Forbidden(_l("Du kan bare lage en løsning av en idé, et prosjekt eller en løsning du kan lese."))
    _must_keep(binding_licence(origin), draft)
    now = clock.now()
    key = key or uuid.uuid4().hex
    row = {
        **_said(draft.words),
        **_sorted(draft),
        "municipality_number": number,
        "author_id": actor.id,
        "byline": Byline.NAME,
        "origin_kind": origin.kind if origin else None,
        "origin_id": origin.id if origin else None,
        "local_note": "",
        "state": PublicationState.PENDING,
        "in_use": 0,
        "edition": 1,
        "key": key,
        "created_at": now,
        "shown_at": now,
        "version": 1,
    }
    is_new = insert_once(Solution, row)
    solution = db.session.scalars(sa.select(Solution).where(Solution.author_id == actor.id, Solution.key == key)).one()
    if not is_new:
        return solution
    db.session.add(Tally(kind=SOLUTION, target_id=solution.id))
    db.session.flush()
    _serve(actor, solution.id, draft)
    publish(SolutionShared(actor=actor, solution_id=solution.id, origin=str(origin or "")))
    return solution


@atomic
def edit_solution(actor: Actor, solution_id: int, draft: SolutionDraft, *, version: int) -> Solution:
    """Change a solution. What was shown is kept beside as an earlier version, and new words wait for moderation.

    What it is sorted by and what it serves changes at once. Raises Conflict when it was changed since the writer
    opened it, Invalid, Forbidden, NotFound.
    """
    solution = lock(actor, solution_id)
    policy.must(policy.may_manage(actor, solution), actor, policy.NOT_YOURS)
    if solution.version != version:
        raise Conflict(CHANGED)
    _must_be_whole(draft)
    _must_be_free(solution, draft.words.language)
    _must_keep(binding_licence(solution.origin, solution.licence), draft)
    said = _said(draft.words)
    reworded = any(said[name] != getattr(solution, name) for name in (*WORDS, "language"))
    if reworded:
        keep_version(solution)
    for name, value in (said | _sorted(draft)).items():
        setattr(solution, name, value)
    _serve(actor, solution.id, draft)
    if reworded:
        solution.edited_at = clock.now()
        solution.state = PublicationState.PENDING
    db.session.flush()
    publish(SolutionEdited(actor=actor, solution_id=solution.id, edition=solution.edition))
    return solution


@atomic
def translate_solution(
    actor: Actor, solution_id: int, words: WordsDraft, *, version: int | None = None
) -> SolutionTranslation:
    """Say a solution in another language than its own; what was said before in that language is replaced.

    `version`: of the translation one changes, None for a new one. Raises Conflict, Invalid, Forbidden, NotFound.
    """
    solution = lock(actor, solution_id)
    policy.must(policy.may_manage(actor, solution), actor, policy.NOT_YOURS)
    if words.language == solution.language:
        raise Invalid("language", _l("Løsningen er skrevet på dette språket. Endre den der."))
    _must_be_said(words)
    found = sa.select(SolutionTranslation).where(
        SolutionTranslation.solution_id == solution.id, SolutionTranslation.language == words.language
    )
    translation = db.session.scalars(found.with_for_update()).one_or_none()
    if (translation.version if translation else None) != version:
        raise Conflict(CHANGED)
    if translation is None:
        translation = SolutionTranslation(solution_id=solution.id, author_id=actor.id, written_at=clock.now())
        db.session.add(translation)
    else:
        translation.edited_at = clock.now()
    for name, value in _said(words).items():
        setattr(translation, name, value)
    translation.of_edition = solution.edition
    translation.state = PublicationState.PENDING
    db.session.flush()
    publish(SolutionTranslated(actor=actor, translation_id=translation.id, solution_id=solution.id))
    return translation


@atomic
def withdraw_translation(actor: Actor, translation_id: int) -> None:
    """Take a translation back. Raises Forbidden, NotFound."""
    translation = db.session.get(SolutionTranslation, translation_id)
    if translation is None:
        raise NotFound(policy.NOT_FOUND)
    solution = lock(actor, translation.solution_id)  # first, as everywhere: two who lock the other way round hang
    policy.must(policy.owns(actor, solution), actor, policy.NOT_YOURS)
    db.session.refresh(translation, with_for_update=True)
    if translation.state is PublicationState.WITHDRAWN:
        raise NotFound(policy.NOT_FOUND)
    take_back_translation(actor, translation)


@atomic
def withdraw_solution(actor: Actor, solution_id: int) -> None:
    """No longer stand for a solution: its texts, files and versions go; that somebody used it stays in their account.

    Raises Forbidden, NotFound.
    """
    solution = lock(actor, solution_id)
    policy.must(policy.may_withdraw(actor, solution), actor, policy.NOT_YOURS)
    translations = sa.select(SolutionTranslation).where(
        SolutionTranslation.solution_id == solution.id, SolutionTranslation.state != PublicationState.WITHDRAWN
    )
    for translation in db.session.scalars(translations.with_for_update()).all():
        take_back_translation(actor, translation)
    empty(solution)
    publish(SolutionWithdrawn(actor=actor, solution_id=solution.id))


@atomic
def note_solution(actor: Actor, solution_id: int, note: str) -> None:
    """Write what the home municipality says beside a solution from another portal. Raises Invalid, Forbidden."""
    solution = lock(actor, solution_id)
    policy.must(policy.may_note(actor, solution), actor, policy.NOT_FOR_NOTES)
    if len(note) > LONGEST:
        raise Invalid("note", _l("Skriv høyst %(max)d tegn.", max=LONGEST))
    solution.local_note = note
    db.session.flush()
    publish(SolutionNoted(actor=actor, solution_id=solution.id))


def _serve(actor: Actor, solution_id: int, draft: SolutionDraft) -> None:
    """Keep which goals and indicators a solution serves."""
    ref = Ref(SOLUTION, solution_id)
    goals.link(actor, ref, GOAL, draft.goals)
    goals.link(actor, ref, SUBGOAL, draft.subgoals)
    goals.link(actor, ref, INDICATOR, draft.indicators)


def _said(words: WordsDraft) -> dict[str, str]:
    return {each.name: getattr(words, each.name) for each in fields(words)}


def _sorted(draft: SolutionDraft) -> dict[str, Any]:
    names = ("theme", "cost_class", "evidence", "size", "licence", "contact_title", "used_since")
    return {name: getattr(draft, name) for name in names}


def _must_be_whole(draft: SolutionDraft) -> None:
    _must_be_said(draft.words)
    if not draft.contact_title.strip():
        raise Invalid("contact_title", _l("Skriv hvem andre kan spørre, med tittel og ikke navn."))
    if draft.used_since and draft.used_since > clock.today():
        raise Invalid("used_since", _l("Velg en dag som har vært."))


def _must_keep(bound: Licence | None, draft: SolutionDraft) -> None:
    """Let what is made of a solution that others must share on the same terms, be shared on those."""
    if bound is not None and draft.licence is not bound:
        raise Invalid("licence", SAME_TERMS)


def _must_be_free(solution: Solution, language: str) -> None:
    """Let a solution be said once in each language."""
    taken = sa.select(SolutionTranslation.id).where(
        SolutionTranslation.solution_id == solution.id,
        SolutionTranslation.language == language,
        SolutionTranslation.state != PublicationState.WITHDRAWN,
    )
    if language != solution.language and db.session.scalar(taken) is not None:
        raise Invalid("language", _l("Løsningen er oversatt til dette språket. Trekk oversettelsen først."))


def _must_be_said(words: WordsDraft) -> None:
    required = {
        "title": _l("Gi løsningen et navn."),
        "problem": _l("Fortell hvilket problem den løser."),
        "core": _l("Fortell hva som er kjernen: det som gir virkningen."),
    }
    for name, message in required.items():
        if not getattr(words, name).strip():
            raise Invalid(name, message)
    for name in WORDS[1:]:
        if len(getattr(words, name)) > LONGEST:
            raise Invalid(name, _l("Skriv høyst %(max)d tegn.", max=LONGEST))
