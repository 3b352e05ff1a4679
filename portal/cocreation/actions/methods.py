"""Adding, changing and retiring the municipality's own method cards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from portal.cocreation import policy
from portal.cocreation.events.finding import MethodAdded, MethodChanged
from portal.cocreation.methods import LANGUAGES, LINES, LISTS, LONGEST_MINUTES, MOST_PERSONS, NEEDED
from portal.cocreation.models.finding import MethodCard
from portal.kernel import clock
from portal.kernel.db import atomic, db, insert_once
from portal.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from portal.kernel.events import publish
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor

MAIN, *OTHERS = LANGUAGES


@dataclass(frozen=True, kw_only=True)
class MethodDraft:
    """A card as it is written."""

    texts: Mapping[str, Mapping[str, Any]]
    """By language: title, audience and goal, and how, tips and equipment as lists of lines."""
    minutes: tuple[int, int]
    persons: tuple[int, int]
    level: str
    types: tuple[str, ...]
    phases: tuple[str, ...]


@atomic
def add_method(actor: Actor, draft: MethodDraft, *, key: str) -> MethodCard:
    """Add a card; the same form twice is one. Raises Forbidden, Invalid."""
    _must_manage(actor)
    values = {"texts": _texts(draft), "facts": _facts(draft), "made_by_id": actor.id, "created_at": clock.now()}
    is_new = insert_once(MethodCard, {**values, "key": key, "version": 1})
    card = db.session.scalars(sa.select(MethodCard).where(MethodCard.key == key)).one()
    if is_new:
        publish(MethodAdded(actor=actor, method_id=card.id))
    return card


@atomic
def change_method(actor: Actor, method_id: int, draft: MethodDraft, *, version: int) -> MethodCard:
    """Change a card. Raises Conflict when it was changed since that version, Forbidden, Invalid, NotFound."""
    card = _card(actor, method_id)
    if card.version != version:
        raise Conflict(_l("Noen har endret dette siden du åpnet det. Se over det som står der nå, og lagre på nytt."))
    card.texts, card.facts = _texts(draft), _facts(draft)
    db.session.flush()
    publish(MethodChanged(actor=actor, method_id=card.id))
    return card


@atomic
def retire_method(actor: Actor, method_id: int, *, retired: bool = True) -> None:
    """Take a card out of use, or bring it back."""
    card = _card(actor, method_id)
    if (card.retired_at is not None) is retired:
        return
    card.retired_at = clock.now() if retired else None
    db.session.flush()
    publish(MethodChanged(actor=actor, method_id=card.id))


def _must_manage(actor: Actor) -> None:
    if not policy.may_manage_methods(actor):
        raise Forbidden


def _card(actor: Actor, method_id: int) -> MethodCard:
    _must_manage(actor)
    card = db.session.get(MethodCard, method_id, with_for_update=True, populate_existing=True)
    if card is None:
        raise NotFound(_l("Vi finner ikke denne metoden. Den kan være tatt ut av bruk."))
    return card


def _texts(draft: MethodDraft) -> dict[str, Any]:
    """Return the languages that are written; each is whole or isn't there."""
    written = {code: draft.texts.get(code, {}) for code in LANGUAGES}
    kept = {code: texts for code, texts in written.items() if code == MAIN or any(texts.values())}
    for code, texts in kept.items():
        for name in NEEDED:
            if not texts.get(name):
                message = _l("Skriv dette også, eller la alt på dette språket stå tomt.")
                raise Invalid(f"{name}_{code}", _l("Fyll ut dette feltet.") if code == MAIN else message)
    return {
        code: {name: texts.get(name, "") for name in LINES} | {name: list(texts.get(name, ())) for name in LISTS}
        for code, texts in kept.items()
    }


def _facts(draft: MethodDraft) -> dict[str, Any]:
    for name, (first, last), most in (
        ("minutes_last", draft.minutes, LONGEST_MINUTES),
        ("persons_last", draft.persons, MOST_PERSONS),
    ):
        if not 1 <= first <= last <= most:
            raise Invalid(name, _l("Dette kan ikke være mindre enn det det begynner med."))
    if not draft.types:
        raise Invalid("types", _l("Velg minst én type."))
    if not draft.phases:
        raise Invalid("phases", _l("Velg minst én fase."))
    return {
        "minutes": list(draft.minutes),
        "persons": list(draft.persons),
        "level": draft.level,
        "types": list(draft.types),
        "phases": list(draft.phases),
    }
