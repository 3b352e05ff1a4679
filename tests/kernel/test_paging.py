"""Keyset paging: all pages together are the list, whatever is put in meanwhile, and a page is read from an index."""

import json
from base64 import urlsafe_b64encode
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from random import Random

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import orm

from portal.kernel import paging
from portal.kernel.db import UtcDateTime, enum_column
from portal.kernel.errors import Invalid
from portal.kernel.paging import paginate
from tests.support import databases

START = datetime(2026, 11, 21, 12, 0, 0, 123456, tzinfo=UTC)


class Colour(StrEnum):
    RED = "red"
    GREEN = "green"


class Base(orm.DeclarativeBase):
    """Apart from the portal's own tables."""


class Idea(Base):
    __tablename__ = "ideas"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    supports: orm.Mapped[int]
    title: orm.Mapped[str]
    at: orm.Mapped[datetime] = orm.mapped_column(UtcDateTime)
    slug: orm.Mapped[str] = orm.mapped_column(unique=True)
    colour: orm.Mapped[Colour] = orm.mapped_column(enum_column(Colour, "colour"))
    day: orm.Mapped[date]
    score: orm.Mapped[float]
    pinned: orm.Mapped[bool]
    nickname: orm.Mapped[str | None]

    __table_args__ = (
        sa.Index("ix_supports", sa.desc("supports"), sa.desc("id")),
        sa.Index("ix_mixed", sa.desc("supports"), "title", "id"),
        {"prefixes": ["TEMPORARY"]},
    )


class Link(Base):
    __tablename__ = "links"

    left: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    right: orm.Mapped[int] = orm.mapped_column(primary_key=True)

    __table_args__ = ({"prefixes": ["TEMPORARY"]},)


@pytest.fixture(scope="module")
def engine():
    """One connection with tables that are gone when it closes."""
    url = databases.server() if databases.KIND == "postgresql" else "sqlite://"
    engine = sa.create_engine(url, poolclass=sa.StaticPool)
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine):
    with empty(engine) as session:
        yield session


def empty(engine):
    """Open a session in which there are no ideas, and which is never committed."""
    session = orm.Session(engine)
    session.execute(sa.delete(Idea))
    return session


def idea(number, supports=0, title="Benk", **values):
    defaults = {"at": START, "colour": Colour.RED, "day": START.date(), "score": 0.0, "pinned": False}
    return Idea(id=number, supports=supports, title=title, slug=f"idé-{number}", **{**defaults, **values})


ORDERS = {
    "newest": (Idea.id.desc(),),
    "oldest": (Idea.id,),
    "most support": (Idea.supports.desc(), Idea.id.desc()),
    "title": (Idea.title.asc(), Idea.id.asc()),
    "support, then title": (Idea.supports.desc(), Idea.title, Idea.id),
    "title, then newest": (Idea.title, Idea.at.desc(), Idea.supports, Idea.id.desc()),
    "lower-case title": (sa.func.lower(Idea.title, type_=sa.String()), Idea.id.desc()),
    "colour": (Idea.colour, Idea.slug.desc()),
    "day": (Idea.day.desc(), Idea.id),
    "score": (Idea.score.desc(), Idea.pinned.desc(), Idea.id),
}


def in_order(session, order):
    return list(session.scalars(sa.select(Idea.id).order_by(*order)))


_FEW = st.integers(0, 2)
_IDEAS = st.lists(
    st.tuples(_FEW, st.sampled_from(["a", "B", "å", "Å'\"", ""]), _FEW, st.sampled_from(Colour), _FEW, st.booleans()),
    max_size=14,
)


def ideas(drawn, first=1000):
    return [
        idea(
            first + position,
            supports,
            title,
            at=START + timedelta(microseconds=moment),
            colour=colour,
            day=START.date() + timedelta(days=moment),
            score=score / 3,
            pinned=pinned,
        )
        for position, (supports, title, moment, colour, score, pinned) in enumerate(drawn)
    ]


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS.keys())
@settings(max_examples=30, deadline=None)
@given(drawn=_IDEAS, limit=st.integers(1, 5))
def test_all_pages_together_are_the_list(engine, order, drawn, limit):
    with empty(engine) as session:
        session.add_all(ideas(drawn))
        session.flush()
        whole, seen, cursor = in_order(session, order), [], None
        while True:
            page = paginate(sa.select(Idea), *order, cursor=cursor, limit=limit, session=session)
            seen += [item.id for item in page.items]
            cursor = page.next
            if cursor is None:
                break
            assert len(page.items) == limit
        assert seen == whole


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS.keys())
@settings(max_examples=30, deadline=None)
@given(drawn=_IDEAS, meanwhile=_IDEAS, limit=st.integers(1, 5), seed=st.randoms(use_true_random=False))
def test_what_comes_in_between_two_pages_skips_and_repeats_nothing(engine, order, drawn, meanwhile, limit, seed):
    with empty(engine) as session:
        session.add_all(ideas(drawn))
        session.flush()
        before, seen, cursor = in_order(session, order), [], None
        newcomers = ideas(meanwhile, first=1)
        shuffled = Random(seed.random())  # noqa: S311 - no secret
        for newcomer in newcomers:  # some ids before, some after the ideas that were there
            newcomer.id = shuffled.choice([newcomer.id, newcomer.id + 2000])
            newcomer.slug = f"ny-{newcomer.id}"
        while True:
            page = paginate(sa.select(Idea), *order, cursor=cursor, limit=limit, session=session)
            seen += [item.id for item in page.items]
            if newcomers:
                session.add(newcomers.pop())
                session.flush()
            cursor = page.next
            if cursor is None:
                break
        assert len(seen) == len(set(seen))
        assert [number for number in seen if number in before] == before


def test_rows_of_several_columns_keep_their_names(session):
    session.add_all([idea(1, 5, "Benk"), idea(2, 7, "Lys"), idea(3, 6, "Sti")])
    statement = sa.select(Idea.title, (Idea.supports * 2).label("double"))
    page = paginate(statement, Idea.supports.desc(), Idea.id, cursor=None, limit=2, session=session)
    assert [(row.title, row.double) for row in page.items] == [("Lys", 14), ("Sti", 12)]
    assert [tuple(row) for row in page.items] == [("Lys", 14), ("Sti", 12)]
    rest = paginate(statement, Idea.supports.desc(), Idea.id, cursor=page.next, limit=2, session=session)
    assert ([tuple(row) for row in rest.items], rest.next) == ([("Benk", 10)], None)


def test_the_statement_may_have_conditions_joins_and_an_order_of_its_own(session):
    session.add_all([idea(number, number % 2) for number in range(1, 8)])
    session.add_all([Link(left=number, right=9) for number in range(1, 6)])
    session.flush()
    statement = sa.select(Idea).join(Link, Link.left == Idea.id).where(Idea.supports == 1).order_by(Idea.title)
    page = paginate(statement, Idea.id.desc(), cursor=None, limit=2, session=session)
    assert [item.id for item in page.items] == [5, 3]
    page = paginate(statement, Idea.id.desc(), cursor=page.next, limit=2, session=session)
    assert [item.id for item in page.items] == [1]


def test_an_empty_list_is_one_empty_page(session):
    page = paginate(sa.select(Idea), Idea.id, cursor="", limit=10, session=session)
    assert (list(page.items), page.next) == ([], None)


def test_a_full_last_page_has_no_next(session):
    session.add_all([idea(1), idea(2)])
    assert paginate(sa.select(Idea), Idea.id, cursor=None, limit=2, session=session).next is None


@pytest.mark.parametrize(("order", "index"), [("most support", "ix_supports"), ("support, then title", "ix_mixed")])
def test_a_page_is_one_statement_that_starts_in_the_index_and_sorts_nothing(session, engine, order, index):
    session.add_all([idea(number, number % 3) for number in range(30)])
    session.flush()
    first = paginate(sa.select(Idea), *ORDERS[order], cursor=None, limit=10, session=session)
    statements = []

    def note(_connection, _cursor, statement, parameters, *_):
        statements.append((statement, parameters))

    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        paginate(sa.select(Idea), *ORDERS[order], cursor=first.next, limit=10, session=session)
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
    ((statement, parameters),) = statements
    assert "count(" not in statement.lower()
    plan = explain(session.connection(), statement, parameters)
    assert index in plan
    assert ("Index Cond" in plan) or plan.startswith("SEARCH")
    assert not {"Sort", "SCAN", "TEMP"} & set(plan.split())


def explain(connection, statement, parameters):
    """Return the database's plan, in words; for so few rows PostgreSQL would rather read them all."""
    words = "EXPLAIN QUERY PLAN"
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        connection.exec_driver_sql("SET LOCAL enable_bitmapscan = off")
        words = "EXPLAIN"
    return "\n".join(row[-1] for row in connection.exec_driver_sql(f"{words} {statement}", parameters))


@pytest.mark.parametrize(
    "order",
    [
        (),
        (Idea.supports,),
        (Idea.id, Idea.title.desc()),
        (Idea.nickname, Idea.id),
        (Idea.nickname.desc(), Idea.id),
        (Idea.id + 1,),
        (Link.left,),
        (sa.func.lower(Idea.title, type_=sa.String()),),
        (sa.func.lower(Idea.title), Idea.id),
        (sa.literal(b"x"), Idea.id),
    ],
)
def test_an_order_that_could_lose_rows_is_a_mistake(session, order):
    with pytest.raises(TypeError):
        paginate(sa.select(Idea), *order, cursor=None, limit=10, session=session)


# Cursors


def cursor_of(*values):
    return urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def test_a_cursor_may_stand_in_an_address(session):
    session.add_all([idea(number, title="å?ø>æ~" * number) for number in range(1, 20)])
    page = paginate(sa.select(Idea), Idea.title, Idea.id, cursor=None, limit=18, session=session)
    assert page.next.replace("-", "").replace("_", "").isalnum()
    assert page.next.isascii()


MIXED = (Idea.at.desc(), Idea.title, Idea.score, Idea.colour, Idea.day, Idea.pinned, Idea.supports, Idea.id)
GOOD = [START.isoformat(), "a", 0.5, "red", "2026-11-21", True, 1, 1]


def test_a_cursor_of_every_kind_is_read(session):
    assert paginate(sa.select(Idea), *MIXED, cursor=cursor_of(*GOOD), limit=1, session=session).next is None


@pytest.mark.parametrize(
    ("position", "value"),
    [
        (0, "2026-11-21T12:00:00"),
        (0, "i går"),
        (0, "9999-12-31T23:59:59-12:00"),
        (0, 5),
        (0, None),
        (1, 5),
        (1, None),
        (1, ["a"]),
        (1, "a\x00b"),
        (1, "\ud800"),
        (2, "0.5"),
        (2, 1),
        (2, float("nan")),
        (2, float("inf")),
        (3, "blue"),
        (3, 5),
        (3, ["red"]),
        (4, "2026-13-01"),
        (4, 20261121),
        (5, 1),
        (5, "true"),
        (6, "1"),
        (6, 1.5),
        (6, True),
        (6, {"a": 1}),
        (7, 2**63),
        (7, -(2**200)),
    ],
)
def test_a_cursor_with_a_wrong_value_is_refused(session, position, value):
    values = [*GOOD]
    values[position] = value
    with pytest.raises(Invalid) as refusal:
        paginate(sa.select(Idea), *MIXED, cursor=cursor_of(*values), limit=1, session=session)
    assert (refusal.value.field, refusal.value.status) == ("cursor", 422)


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "xxxxx",
        "!!!",
        "æøå",
        "\x00",
        "' OR 1=1 --",
        "bnVsbA",
        "MQ",
        "e30",
        "W10",
        cursor_of(1, 2),
        cursor_of(),
        urlsafe_b64encode(b"[" * 100_000).decode(),
        urlsafe_b64encode(b"[" + b"9" * 100_000 + b"]").decode(),
        urlsafe_b64encode(b"[\xff]").decode(),
        "A" * 100_001,
    ],
)
def test_a_broken_cursor_is_refused(session, cursor):
    with pytest.raises(Invalid):
        paginate(sa.select(Idea), Idea.id, cursor=cursor, limit=1, session=session)


@settings(deadline=None)
@given(st.text(min_size=1))
def test_no_cursor_whatever_is_more_than_refused(engine, cursor):
    with empty(engine) as session:
        try:
            page = paginate(sa.select(Idea), Idea.supports, Idea.id, cursor=cursor, limit=1, session=session)
        except Invalid:
            return
        assert list(page.items) == []


def test_decimals_are_paged_exactly():
    """On their own: SQLite has no exact decimals, so the condition is read and not run."""
    kroner = sa.Column("kr", sa.Numeric, nullable=False)
    table = sa.Table("t", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), kroner)
    keys = paging._keys([kroner.desc(), table.c.id])
    exact = Decimal("1000000000000000000.01")
    assert paging._read(paging._write([exact, 1]), keys) == [exact, 1]
    for wrong in ("NaN", "Infinity", "1e1000000000", "kr 5", 5.5):
        with pytest.raises(Invalid):
            paging._read(cursor_of(wrong, 1), keys)
