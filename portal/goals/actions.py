"""Saying what a thing serves, keeping whether everybody can see the thing, and reading delmål in."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import sqlalchemy as sa

from portal.goals import policy, queries
from portal.goals.events import SubgoalsImported
from portal.goals.models import Link, Subgoal
from portal.goals.queries import Plan
from portal.goals.subgoal_file import FileRow
from portal.kernel.content import Ref
from portal.kernel.db import atomic, db, delete_rows, insert_once
from portal.kernel.errors import Forbidden, Invalid
from portal.kernel.events import publish
from portal.kernel.extensions import content
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor


@atomic
def link(actor: Actor, ref: Ref, to_kind: str, ids: Collection[int]) -> bool:
    """Let a thing serve exactly these of a kind: goals, delmål or indicators; return whether that changed anything.

    Whoever asks has decided that the person may change the thing, and publishes what happened to it.
    Raises Invalid(to_kind) for what can't be chosen and wasn't chosen before.
    """
    mine = (Link.kind == ref.kind, Link.target_id == ref.id)
    before = set(db.session.scalars(sa.select(Link.to_id).where(*mine, Link.to_kind == to_kind)))
    new, gone = set(ids) - before, before - set(ids)
    kind = content().find(to_kind)
    offered = {option.id for option in kind.options("nb")} if new and kind and kind.options else set()
    if new - offered:
        raise Invalid(to_kind, _l("Velg blant alternativene."))
    delete_rows(sa.delete(Link).where(*mine, Link.to_kind == to_kind, Link.to_id.in_(gone)))
    shown = bool(new) and _is_public(ref)
    for to_id in sorted(new):
        insert_once(
            Link,
            {"kind": ref.kind, "target_id": ref.id, "to_kind": to_kind, "to_id": to_id, "is_public": shown},
        )
    return bool(new or gone)


@atomic
def show(actor: Actor, ref: Ref) -> None:
    """Let a goal's page count a thing when everybody can see it, and not when they can't."""
    mine = (Link.kind == ref.kind, Link.target_id == ref.id)
    if db.session.scalar(sa.select(Link.kind).where(*mine).limit(1)) is not None:
        db.session.execute(sa.update(Link).where(*mine).values(is_public=_is_public(ref)))


@atomic
def import_subgoals(actor: Actor, rows: Iterable[FileRow]) -> Plan:
    """Put delmål from a file into the list, or change those that have the code; return what was done.

    A second time nothing changes. What isn't in the file is left as it is.
    """
    if not policy.may_import_subgoals(actor):
        raise Forbidden
    plan = queries.plan(rows)
    touched: dict[int, tuple[list[str], list[str]]] = {}
    for row in plan.added:
        db.session.add(Subgoal(code=row.code, active=row.active is not False, **_said(row)))
        touched.setdefault(row.goal, ([], []))[0].append(row.code)
    for change in plan.changed:
        row, subgoal = change.row, change.subgoal
        for goal in {row.goal, subgoal.goal}:
            touched.setdefault(goal, ([], []))[1].append(row.code)
        for name, said in _said(row).items():
            setattr(subgoal, name, said)
        subgoal.active = subgoal.active if row.active is None else row.active
    db.session.flush()
    for goal, (added, changed) in sorted(touched.items()):
        publish(SubgoalsImported(actor=actor, goal=goal, added=tuple(added), changed=tuple(changed)))
    return plan


def _said(row: FileRow) -> dict[str, int | str]:
    return {"goal": row.goal, "text_nb": row.nb, "text_nn": row.nn, "text_en": row.en}


def _is_public(ref: Ref) -> bool:
    kind = content().find(ref.kind)
    return bool(kind and kind.entries and ref.id in kind.entries([ref.id]))
