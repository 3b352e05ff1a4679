"""The transaction: all of an action happens, or none of it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import ClassVar

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.accounts.models import Account, ServiceArea
from portal.kernel import audit
from portal.kernel.db import atomic, by_ids, db
from portal.kernel.errors import Conflict, Forbidden
from portal.kernel.events import Event, personal_field, publish
from portal.kernel.identity import SYSTEM
from tests.support.cast import Cast


@dataclass(frozen=True, kw_only=True)
class AreaTested(Event):
    """Something for the tests."""

    name: ClassVar[str] = "test.area_tested"
    area: str
    email: str = personal_field()


@atomic
def add_area(name: str, *, refuse: bool = False) -> ServiceArea:
    area = ServiceArea(name=name)
    db.session.add(area)
    db.session.flush()
    publish(AreaTested(actor=SYSTEM, area=name, email="someone@example.org"))
    if refuse:
        raise Forbidden("no")
    return area


def test_a_refused_action_leaves_nothing(app: Flask) -> None:
    with pytest.raises(Forbidden):
        add_area("Kultur", refuse=True)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ServiceArea)) == 0
    assert not db.session.scalars(sa.select(audit.AuditEntry).where(audit.AuditEntry.name == AreaTested.name)).all()


def test_an_inner_action_joins_the_outer_one(app: Flask) -> None:
    @atomic
    def two() -> None:
        add_area("Skole")
        add_area("Helse", refuse=True)

    with pytest.raises(Forbidden):
        two()
    assert db.session.scalars(sa.select(ServiceArea)).all() == []


def test_two_of_the_same_become_a_conflict(app: Flask) -> None:
    add_area("Plan")
    with pytest.raises(Conflict):
        add_area("Plan")


def test_a_stale_copy_becomes_a_conflict(app: Flask) -> None:
    area = add_area("Vei")

    @atomic
    def save_stale() -> None:
        stale = db.session.get_one(ServiceArea, area.id)
        behind = sa.update(ServiceArea).values(version=ServiceArea.version + 1)
        db.session.execute(behind, execution_options={"synchronize_session": False})
        stale.name = "Veg"
        db.session.flush()

    with pytest.raises(Conflict):
        save_stale()


def test_the_chain_names_the_first_broken_entry(app: Flask) -> None:
    for name in ("a", "b", "c", "d"):
        add_area(name)
    audit.seal()
    whole = audit.verify()
    assert whole.ok
    first = db.session.scalars(sa.select(audit.AuditSeal).order_by(audit.AuditSeal.seq.desc())).all()[2]
    db.session.execute(
        sa.update(audit.AuditEntry).where(audit.AuditEntry.id == first.entry_id).values(body={"area": "changed"})
    )
    db.session.expire_all()
    broken = audit.verify()
    assert broken.broken_at == first.seq


def test_an_entry_put_in_swapped_or_taken_out_is_found(app: Flask) -> None:
    for name in ("a", "b", "c"):
        add_area(name)
    audit.seal()
    seals = db.session.scalars(sa.select(audit.AuditSeal).order_by(audit.AuditSeal.seq)).all()
    with db.session.begin_nested() as undo:
        db.session.delete(seals[-2])
        db.session.flush()
        assert audit.verify().broken_at == seals[-2].seq
        undo.rollback()
    with db.session.begin_nested() as undo:
        hashes = seals[-1].hash, seals[-2].hash
        seals[-2].hash, seals[-1].hash = hashes
        db.session.flush()
        assert audit.verify().broken_at == seals[-2].seq
        undo.rollback()


def test_a_chain_cut_short_is_found_by_the_published_head(app: Flask) -> None:
    for name in ("a", "b", "c"):
        add_area(name)
    audit.seal()
    head = db.session.scalars(sa.select(audit.AuditSeal).order_by(audit.AuditSeal.seq.desc())).first()
    assert head is not None
    anchor = (head.seq, head.hash)
    assert audit.verify(anchor).ok
    entry_id = head.entry_id
    db.session.delete(head)
    db.session.flush()
    db.session.execute(sa.delete(audit.AuditPersonal).where(audit.AuditPersonal.entry_id == entry_id))
    db.session.execute(sa.delete(audit.AuditEntry).where(audit.AuditEntry.id == entry_id))
    assert audit.verify().ok
    assert not audit.verify(anchor).ok


def test_what_is_personal_can_be_erased_and_the_chain_holds(app: Flask) -> None:
    add_area("a")
    audit.seal()
    before = audit.verify()
    personal = db.session.scalars(sa.select(audit.AuditPersonal)).all()
    assert any("someone@example.org" in str(each.data) for each in personal)
    db.session.execute(sa.delete(audit.AuditPersonal))
    assert audit.verify().head == before.head
    bodies = [entry.body for entry in db.session.scalars(sa.select(audit.AuditEntry))]
    assert "someone@example.org" not in str(bodies)


def test_rows_that_were_read_already_are_not_read_again(
    app: Flask, cast: Cast, count_queries: Callable[..., AbstractContextManager[list[str]]]
) -> None:
    wanted = [cast.resident.id, cast.admin.id, 0]
    db.session.expire_all()
    with count_queries(at_most=1):
        first = by_ids(Account, wanted)
    assert list(first) == wanted[:2]
    with count_queries(at_most=0):
        assert by_ids(Account, list(first)) == first
    with count_queries(at_most=1) as statements:
        by_ids(Account, [*first, cast.volunteer.id])
    assert len(statements) == 1
    db.session.expire_all()
    with count_queries(at_most=1) as statements:
        assert by_ids(Account, list(first)) == first, "what may have changed is read again"
    assert len(statements) == 1
