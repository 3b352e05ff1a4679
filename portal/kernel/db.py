"""The database: the typed base of all models, the session, and `atomic`, the only thing that commits."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache, wraps
from typing import Annotated, Any, ParamSpec, TypeVar, cast

import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event, orm
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.orm.exc import StaleDataError

from portal.kernel.errors import Conflict
from portal.kernel.i18n import _l

P = ParamSpec("P")
R = TypeVar("R")
M = TypeVar("M", bound="Base")


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """An aware time in UTC, also on SQLite, which keeps no zone."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A time without a zone was about to be stored; use clock.now().")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(orm.DeclarativeBase):
    """Every table inherits from this; constraints have names that a migration can drop."""

    registry = orm.registry(
        metadata=sa.MetaData(
            naming_convention={
                "ix": "ix_%(table_name)s_%(column_0_N_name)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
        type_annotation_map={datetime: UtcDateTime, str: sa.Text, dict[str, Any]: sa.JSON, list[Any]: sa.JSON},
    )


class Versioned:
    """What two people may edit at once: the second to save a stale copy gets Conflict, and nobody's text is lost."""

    version: Mapped[int] = mapped_column()

    @orm.declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 - the mapper calls it on the class
        return {"version_id_col": cls.version}


db = SQLAlchemy(model_class=Base, disable_autonaming=True, session_options={"expire_on_commit": False})

Pk = Annotated[int, mapped_column(primary_key=True)]
ShortText = Annotated[str, mapped_column(sa.String(200))]


def enum_column(kind: type[StrEnum], name: str) -> sa.Enum:
    """Return a text column with a check constraint that allows exactly the values of the enum."""
    return sa.Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        name=name,
        length=40,
        values_callable=lambda members: [member.value for member in members],
    )


def by_ids(model: type[M], ids: Collection[int]) -> dict[int, M]:
    """Return rows by their number, with one statement for those that this transaction hasn't read already."""
    wanted = {id_: db.session.identity_map.get(orm.util.identity_key(model, id_)) for id_ in ids}
    found = {id_: row for id_, row in wanted.items() if row is not None and not sa.inspect(row).expired}
    missing = [id_ for id_ in wanted if id_ not in found]
    if missing:
        key = sa.inspect(model).primary_key[0]
        rows = db.session.execute(sa.select(key, model).where(key.in_(missing)))
        found |= {each[0]: each[1] for each in rows}
    return {id_: found[id_] for id_ in wanted if id_ in found}


def delete_rows(statement: sa.Delete) -> int:
    """Run a DELETE in the session; return how many rows went."""
    result = cast("sa.CursorResult[Any]", db.session.execute(statement))
    return result.rowcount


def atomic(action: Callable[P, R]) -> Callable[P, R]:
    """Make an action one transaction: all of it happens, audit and reactions too, or none of it.

    The outermost call ends the read transaction that is open, begins a writing one (BEGIN IMMEDIATE on SQLite, where
    an upgrade after a read fails at once), and commits; inner calls join it. Two people who change the same thing get
    Conflict.
    """

    @wraps(action)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        session = db.session()
        if session.info.get("atomic"):
            return action(*args, **kwargs)
        _begin_writing(session)
        session.info["atomic"] = True
        try:
            result = action(*args, **kwargs)
            session.commit()
        except (StaleDataError, IntegrityError) as error:
            session.rollback()
            raise Conflict(_l("Noen andre endret dette samtidig. Se over på nytt og prøv igjen.")) from error
        except BaseException:
            session.rollback()
            raise
        finally:
            session.info.pop("atomic", None)
        return result

    run.__atomic__ = True  # type: ignore[attr-defined]  # read by the test that every action is atomic
    return run


def _begin_writing(session: orm.Session) -> None:
    """End the open read transaction and let what is read again be fresh, then take the writer's lock."""
    session.rollback()
    session.expire_all()
    if session.get_bind().dialect.name == "sqlite":
        session.connection(execution_options={"portal_writes": True})


def tune(engine: Engine, *, synchronous: str = "FULL", writes_always: bool = False) -> None:
    """Set up a SQLite engine: WAL, foreign keys, a wait for the lock, and BEGIN IMMEDIATE for writing transactions.

    On PostgreSQL a statement may take 30 seconds and wait 5 for a lock.
    """
    logging.getLogger("sqlalchemy.engine.Engine").addFilter(_no_rows)
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute(f"PRAGMA synchronous={synchronous}")
        cursor.execute("PRAGMA busy_timeout=5000")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        writes = writes_always or connection.get_execution_options().get("portal_writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _no_rows(record: logging.LogRecord) -> bool:
    """Keep rows out of every log: at DEBUG SQLAlchemy writes what it reads, and a rating is nobody's to see."""
    return record.levelno > logging.DEBUG


def insert_once(model: type[Base], values: dict[str, Any]) -> bool:
    """Insert a row unless its key is taken; return whether it was inserted. Safe when two come at once."""
    statement = _insert(model).values(**values).on_conflict_do_nothing()
    # psycopg closes the result of an INSERT at once; without the option the count is -1.
    result = db.session.execute(statement, execution_options={"preserve_rowcount": True})
    return cast("sa.CursorResult[Any]", result).rowcount == 1


def upsert(model: type[Base], values: dict[str, Any], *, change: tuple[str, ...]) -> None:
    """Insert a row, or change the named columns of the one that has its primary key. All names are the columns'."""
    db.session.execute(_upsert(model, change, db.session.get_bind().dialect.name), values)


@cache
def _upsert(model: type[Base], change: tuple[str, ...], dialect: str) -> Any:
    statement = (postgresql if dialect == "postgresql" else sqlite).insert(model.__table__)
    keys = [column.name for column in sa.inspect(model).primary_key]
    new = {name: statement.excluded[name] for name in change}
    return statement.on_conflict_do_update(index_elements=keys, set_=new)


def _insert(model: type[Base]) -> Any:
    name = db.session.get_bind().dialect.name
    return (postgresql if name == "postgresql" else sqlite).insert(model)
