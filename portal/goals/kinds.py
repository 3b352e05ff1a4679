"""What goals tell the kernel: the 17 and the delmål as kinds of content that others can point to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from portal.accounts.settings_catalogue import GOALS as NAMES
from portal.goals import queries
from portal.goals.events import GOAL, SUBGOAL
from portal.goals.models import Subgoal
from portal.kernel.content import Card, ContentKind, Entry, Option, Ref
from portal.kernel.i18n import LANGUAGES, _, _l, in_language, language
from portal.kernel.identity import Actor

ADOPTED = datetime(2015, 9, 25, tzinfo=UTC)
"""When the United Nations agreed on the goals (A/RES/70/1)."""
BOTH = frozenset({"read", "follow"})


def goal_cards(ids: Sequence[int]) -> Mapping[int, Card]:
    """Return how goals are shown as links, in the reader's language."""
    return {
        id_: Card(
            ref=Ref(GOAL, id_),
            title=f"{id_} {NAMES[id_]}",
            endpoint="goals.goal",
            values={"number": id_},
            language=language(),
        )
        for id_ in ids
        if id_ in NAMES
    }


def may_with_goal(actor: Actor, ref: Ref, verb: str) -> bool:
    """Say what somebody may do with a goal: everybody reads, and those who are signed in follow."""
    return ref.id in NAMES and _may(actor, verb)


def goal_entries(ids: Sequence[int]) -> Mapping[int, Sequence[Entry]]:
    """Return what the search index keeps of the goals with their delmål, in all three languages."""
    subgoals = [each for each in queries.subgoals().values() if each.active]
    return {id_: tuple(_goal_entry(id_, code, subgoals) for code in LANGUAGES) for id_ in ids if id_ in NAMES}


def goal_ids(after: int, limit: int) -> Sequence[int]:
    """Return the numbers of the goals, for building the search index anew."""
    return [id_ for id_ in NAMES if id_ > after][:limit]


def goal_options(code: str) -> Sequence[Option]:
    """Return the 17 for forms: those that the municipality has chosen come first."""
    chosen = queries.prioritised()
    with in_language(code):
        first, rest = str(_("Mål kommunen prioriterer")), str(_("Andre mål"))
        return [
            Option(id=id_, label=f"{id_} {NAMES[id_]}", group=(first if id_ in chosen else rest) if chosen else "")
            for id_ in sorted(NAMES, key=lambda id_: (id_ not in chosen, id_))
        ]


def _goal_entry(number: int, code: str, subgoals: Sequence[Subgoal]) -> Entry:
    with in_language(code):
        return Entry(
            title=f"{number} {NAMES[number]}",
            body="\n".join(f"{each.code} {each.text(code)}" for each in subgoals if each.goal == number),
            language=code,
            updated_at=ADOPTED,
        )


def subgoal_cards(ids: Sequence[int]) -> Mapping[int, Card]:
    """Return how delmål are shown as links, in the reader's language."""
    return {
        id_: Card(
            ref=Ref(SUBGOAL, id_),
            title=f"{each.code} {each.text(language())}",
            endpoint="goals.subgoal",
            values={"code": each.code},
            language=language(),
        )
        for id_, each in queries.subgoals(ids).items()
    }


def may_with_subgoal(actor: Actor, ref: Ref, verb: str) -> bool:
    """Say what somebody may do with a delmål: the same as with a goal."""
    return _may(actor, verb) and ref.id in queries.subgoals([ref.id])


def subgoal_options(code: str) -> Sequence[Option]:
    """Return the delmål of the plan for forms, under their goals."""
    with in_language(code):
        return [
            Option(id=id_, label=f"{each.code} {each.text(code)}", group=f"{each.goal} {NAMES[each.goal]}")
            for id_, each in queries.subgoals().items()
            if each.active
        ]


def _may(actor: Actor, verb: str) -> bool:
    return verb == "read" or (verb == "follow" and actor.is_signed_in and not actor.is_limited)


GOALS = ContentKind(
    name=GOAL,
    label=_l("bærekraftsmål"),
    cards=goal_cards,
    may=may_with_goal,
    entries=goal_entries,
    all_ids=goal_ids,
    options=goal_options,
)

SUBGOALS = ContentKind(
    name=SUBGOAL,
    label=_l("delmål"),
    cards=subgoal_cards,
    may=may_with_subgoal,
    options=subgoal_options,
)
