"""What serves what: for pages, filters and forms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from portal.accounts.queries.settings import value
from portal.accounts.settings_catalogue import GOALS as NAMES
from portal.goals import policy
from portal.goals.events import GOAL, SUBGOAL
from portal.goals.models import Link, Subgoal
from portal.goals.subgoal_file import FileRow, write
from portal.goals.words import MEANINGS
from portal.kernel.content import Card, ContentKind, Option, Ref
from portal.kernel.db import db
from portal.kernel.errors import Forbidden, NotFound
from portal.kernel.extensions import content
from portal.kernel.i18n import _l, language
from portal.kernel.identity import Actor

SHOWN = 10
"""How many of a kind a goal's page shows before one asks for all."""
ON_A_PAGE = 50
COLOURS = ("red", "yellow", "green", "grey")
NO_SUCH_GOAL = _l("Det finnes 17 mål, med nummer fra 1 til 17.")
NO_SUCH_SUBGOAL = _l("Vi finner ikke noe delmål med denne koden. Kanskje har planen fått en ny utgave.")


@dataclass(frozen=True, kw_only=True)
class Goal:
    """One of the 17, and how much there is that serves it."""

    number: int
    name: Any
    meaning: Any
    prioritised: bool
    counts: Sequence[tuple[ContentKind, int]] = ()
    """How many of each kind of thing, where there are any."""


@dataclass(frozen=True, kw_only=True)
class SubgoalRow:
    """A delmål and how many things point straight at it."""

    code: str
    text: str
    count: int


@dataclass(frozen=True, kw_only=True)
class Group:
    """Things of one kind that serve a goal."""

    kind: ContentKind
    count: int
    cards: Sequence[Card]
    tones: Sequence[tuple[str, int]] = ()
    """How many there are of each colour of judgement, where the kind has such colours and all were looked at."""
    next: int | None = None
    """Where the next page begins, when there is one."""

    @property
    def more(self) -> bool:
        return self.count > len(self.cards)


@dataclass(frozen=True, kw_only=True)
class Change:
    """A delmål that a file says something else of: what, as it is and as it will be."""

    row: FileRow
    subgoal: Subgoal
    parts: Sequence[tuple[Any, Any, Any]]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a file of delmål will do, or has done."""

    added: Sequence[FileRow]
    changed: Sequence[Change]
    unchanged: int


@dataclass(frozen=True, kw_only=True)
class IndexPage:
    """The 17: those that the municipality has chosen, and the rest."""

    prioritised: Sequence[Goal]
    others: Sequence[Goal]
    may_import: bool


@dataclass(frozen=True, kw_only=True)
class GoalPage:
    """A goal, or one of the municipality's delmål under it, with all that serves it."""

    goal: Goal
    subgoal: Subgoal | None
    text: str
    """What the delmål says; of a goal, nothing."""
    subgoals: Sequence[SubgoalRow]
    groups: Sequence[Group]
    narrowed: ContentKind | None
    """The one kind that all are shown of."""

    @property
    def count(self) -> int:
        return sum(group.count for group in self.groups)


def index_page(actor: Actor) -> IndexPage:
    """Return the 17 with how much serves each of them, in one statement beside the settings."""
    chosen, counts = prioritised(), _counts()
    goals = [_goal(number, number in chosen, counts.get(number, {})) for number in NAMES]
    return IndexPage(
        prioritised=[goal for goal in goals if goal.prioritised],
        others=[goal for goal in goals if not goal.prioritised],
        may_import=policy.may_import_subgoals(actor),
    )


def goal_page(number: int, kind: str = "", after: int | None = None) -> GoalPage:
    """Return a goal with what serves it; all of one kind when a kind is given. Raises NotFound."""
    if number not in NAMES:
        raise NotFound(NO_SUCH_GOAL)
    narrowed = content().find(kind)
    return GoalPage(
        goal=_goal(number, number in prioritised()),
        subgoal=None,
        text="",
        subgoals=[] if narrowed else _subgoal_rows(number),
        groups=_groups(Ref(GOAL, number), narrowed, after),
        narrowed=narrowed,
    )


def subgoal_page(code: str, kind: str = "", after: int | None = None) -> GoalPage:
    """Return a delmål with what serves it; all of one kind when a kind is given. Raises NotFound."""
    found = db.session.scalar(sa.select(Subgoal).where(Subgoal.code == code)) if code.isprintable() else None
    if found is None:
        raise NotFound(NO_SUCH_SUBGOAL)
    narrowed = content().find(kind)
    return GoalPage(
        goal=_goal(found.goal, found.goal in prioritised()),
        subgoal=found,
        text=found.text(language()),
        subgoals=[],
        groups=_groups(Ref(SUBGOAL, found.id), narrowed, after),
        narrowed=narrowed,
    )


def links(refs: Sequence[Ref]) -> dict[Ref, list[Ref]]:
    """Return what each of many things serves, by kind and number, in one statement."""
    found: dict[Ref, list[Ref]] = {ref: [] for ref in refs}
    if not found:
        return found
    by_kind: dict[str, list[int]] = {}
    for ref in found:
        by_kind.setdefault(ref.kind, []).append(ref.id)
    mine = sa.or_(*(sa.and_(Link.kind == kind, Link.target_id.in_(ids)) for kind, ids in by_kind.items()))
    rows = db.session.execute(
        sa.select(Link.kind, Link.target_id, Link.to_kind, Link.to_id)
        .where(mine)
        .order_by(Link.kind, Link.target_id, Link.to_kind, Link.to_id)
    )
    for kind, target_id, to_kind, to_id in rows:
        found[Ref(kind, target_id)].append(Ref(to_kind, to_id))
    return found


def linked(kind: str, to: Ref) -> sa.Select[int]:
    """Select the numbers of the things of a kind that serve something: `Idea.id.in_(linked("idea", Ref("goal", 3)))`.

    What serves a delmål serves the goal it stands under.
    """
    return sa.select(Link.target_id).where(Link.kind == kind, serves(to))


def serves(to: Ref) -> sa.ColumnElement[bool]:
    """Return the condition that a link leads to something; to a goal also by way of its delmål."""
    straight = sa.and_(Link.to_kind == to.kind, Link.to_id == to.id)
    if to.kind != GOAL:
        return straight
    under = sa.select(Subgoal.id).where(Subgoal.goal == to.id)
    return sa.or_(straight, sa.and_(Link.to_kind == SUBGOAL, Link.to_id.in_(under)))


def choices(to_kind: str, language: str) -> Sequence[Option]:
    """Return what a form can offer of a kind, in a language; nothing when nothing of that kind can be chosen."""
    kind = content().find(to_kind)
    return kind.options(language) if kind and kind.options else ()


def prioritised() -> tuple[int, ...]:
    """Return the numbers of the goals that the municipality has chosen, in order."""
    chosen: Sequence[int] = value("prioritised_goals")
    return tuple(sorted(chosen))


def subgoals(ids: Sequence[int] | None = None) -> Mapping[int, Subgoal]:
    """Return delmål by their numbers, or all of them, in the order of goal and code."""
    statement = sa.select(Subgoal)
    if ids is not None:
        statement = statement.where(Subgoal.id.in_(ids))
    return {each.id: each for each in sorted(db.session.scalars(statement), key=place)}


def plan(rows: Iterable[FileRow]) -> Plan:
    """Return what a file of delmål will do to the list; asks who has the same code, and changes nothing."""
    offered = {row.code: row for row in rows}
    there = {each.code: each for each in db.session.scalars(sa.select(Subgoal).where(Subgoal.code.in_(offered)))}
    known = [(row, there[code]) for code, row in offered.items() if code in there]
    changed = [
        Change(row=row, subgoal=subgoal, parts=parts) for row, subgoal in known if (parts := _differences(row, subgoal))
    ]
    added = [row for code, row in offered.items() if code not in there]
    return Plan(added=added, changed=changed, unchanged=len(known) - len(changed))


def plan_of(actor: Actor, rows: Iterable[FileRow]) -> Plan:
    """Return what a file will do, for those who run the list."""
    _must_import(actor)
    return plan(rows)


def subgoals_file(actor: Actor) -> str:
    """Return the whole list of delmål as a file that can be mended in a spreadsheet and read in again."""
    _must_import(actor)
    return write(
        {
            "kode": each.code,
            "mål": each.goal,
            "nb": each.text_nb,
            "nn": each.text_nn,
            "en": each.text_en,
            "aktiv": each.active,
        }
        for each in subgoals().values()
    )


def subgoals_page(actor: Actor) -> list[tuple[Goal, list[Subgoal]]]:
    """Return the delmål of the plan under their goals, for those who run the list."""
    _must_import(actor)
    chosen = prioritised()
    found: dict[int, list[Subgoal]] = {}
    for each in subgoals().values():
        found.setdefault(each.goal, []).append(each)
    return [(_goal(number, number in chosen), each) for number, each in found.items()]


def _must_import(actor: Actor) -> None:
    if not policy.may_import_subgoals(actor):
        raise Forbidden


def _differences(row: FileRow, subgoal: Subgoal) -> list[tuple[Any, Any, Any]]:
    said = [
        (_l("Mål"), subgoal.goal, row.goal),
        (_l("Bokmål"), subgoal.text_nb, row.nb),
        (_l("Nynorsk"), subgoal.text_nn, row.nn),
        (_l("Engelsk"), subgoal.text_en, row.en),
        (_l("I bruk"), subgoal.active, subgoal.active if row.active is None else row.active),
    ]
    return [each for each in said if each[1] != each[2]]


def place(subgoal: Subgoal) -> tuple[int, list[tuple[int, int | str]]]:
    """Return what puts delmål in order: by goal, and 3.2 before 3.10."""
    parts = subgoal.code.replace("-", ".").split(".")
    return subgoal.goal, [(0, int(part)) if part.isdecimal() else (1, part) for part in parts]


def _goal(number: int, chosen: bool, counts: Mapping[str, int] | None = None) -> Goal:
    """Return one of the 17; its counts only where they are given."""
    counted = [] if counts is None else [(kind, _count(kind, number, counts)) for kind in content()]
    return Goal(
        number=number,
        name=NAMES[number],
        meaning=MEANINGS[number],
        prioritised=chosen,
        counts=[(kind, count) for kind, count in counted if count],
    )


def _count(kind: ContentKind, goal: int, linked_: Mapping[str, int]) -> int:
    return len(kind.serves(goal)) if kind.serves else linked_.get(kind.name, 0)


def _counts() -> dict[int, dict[str, int]]:
    """Count the public things of each kind that serve each goal, also by way of its delmål; each thing once."""
    straight = sa.select(Link.kind, Link.target_id, Link.to_id.label("goal")).where(
        Link.to_kind == GOAL, Link.is_public
    )
    by_subgoal = (
        sa.select(Link.kind, Link.target_id, Subgoal.goal)
        .join(Subgoal, Subgoal.id == Link.to_id)
        .where(Link.to_kind == SUBGOAL, Link.is_public)
    )
    each = sa.union(straight, by_subgoal).subquery()
    rows = db.session.execute(sa.select(each.c.goal, each.c.kind, sa.func.count()).group_by(each.c.goal, each.c.kind))
    found: dict[int, dict[str, int]] = {}
    for goal, kind, count in rows:
        found.setdefault(goal, {})[kind] = count
    return found


def _subgoal_rows(number: int) -> list[SubgoalRow]:
    count = (
        sa.select(sa.func.count())
        .where(Link.to_kind == SUBGOAL, Link.to_id == Subgoal.id, Link.is_public)
        .correlate(Subgoal)
        .scalar_subquery()
    )
    rows = db.session.execute(sa.select(Subgoal, count).where(Subgoal.goal == number, Subgoal.active))
    ordered = sorted(((each, served) for each, served in rows), key=lambda row: place(row[0]))
    return [SubgoalRow(code=each.code, text=each.text(language()), count=served) for each, served in ordered]


def _groups(to: Ref, narrowed: ContentKind | None, after: int | None) -> list[Group]:
    """Return what serves a goal or delmål: the kinds in the order of the wiring, the newest of each first.

    A kind that knows by itself what serves a goal is asked in place of the links: it has few, and all are looked at.
    """
    shown = ON_A_PAGE if narrowed else SHOWN
    linked_ = _linked(to, narrowed, after, shown + 1)
    groups = []
    for kind in [narrowed] if narrowed else content():
        if to.kind == GOAL and kind.serves:
            cards = _cards(kind, kind.serves(to.id))
            group = Group(kind=kind, count=len(cards), cards=cards[:shown], tones=_tones(cards))
        else:
            ids, count = linked_.get(kind.name, ([], 0))
            onward = ids[shown - 1] if narrowed and len(ids) > shown else None
            group = Group(kind=kind, count=count, cards=_cards(kind, ids[:shown]), next=onward)
        if group.cards:
            groups.append(group)
    return groups


def _linked(to: Ref, narrowed: ContentKind | None, after: int | None, limit: int) -> dict[str, tuple[list[int], int]]:
    """Return by kind the newest public things that serve something, and how many there are, in one statement."""
    each = sa.select(Link.kind, Link.target_id).where(serves(to), Link.is_public).distinct()
    if narrowed:
        each = each.where(Link.kind == narrowed.name)
    one = each.subquery()
    window: dict[str, Any] = {"partition_by": one.c.kind}
    numbered = sa.select(
        one.c.kind,
        one.c.target_id,
        sa.func.row_number().over(**window, order_by=one.c.target_id.desc()).label("place"),
        sa.func.count().over(**window).label("count"),
    ).subquery()
    statement = sa.select(numbered.c.kind, numbered.c.target_id, numbered.c.count)
    if narrowed:
        onward = [numbered.c.target_id < after] if after is not None else []
        statement = statement.where(*onward).limit(limit)
    else:
        statement = statement.where(numbered.c.place <= limit)
    found: dict[str, tuple[list[int], int]] = {}
    for kind, target_id, count in db.session.execute(statement.order_by(numbered.c.kind, numbered.c.place)):
        found.setdefault(kind, ([], count))[0].append(target_id)
    return found


def _cards(kind: ContentKind, ids: Sequence[int]) -> list[Card]:
    cards = kind.cards(ids) if ids else {}
    return [cards[id_] for id_ in ids if id_ in cards]


def _tones(cards: Sequence[Card]) -> list[tuple[str, int]]:
    counted = Counter(card.tone for card in cards)
    return [(tone, counted[tone]) for tone in COLOURS if counted[tone]]
