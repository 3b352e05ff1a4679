"""Keyset paging: each page begins after the last row of the one before, however deep and whatever came in meanwhile."""

from __future__ import annotations

import json
import math
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Generic, TypeVar, TypeVarTuple, overload

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.sql import operators

from portal.kernel.db import db
from portal.kernel.errors import Invalid
from portal.kernel.i18n import _l

T = TypeVar("T")
U = TypeVar("U")
Ts = TypeVarTuple("Ts")


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some rows, and the cursor that the next page begins with, or None when there are no more."""

    items: Sequence[T]
    next: str | None


@overload
def paginate(
    statement: sa.Select[T],
    *order: Any,
    cursor: str | None,
    limit: int,
    session: orm.Session | None = None,
    unique: bool = False,
) -> Page[T]: ...
@overload
def paginate(
    statement: sa.Select[T, U, *Ts],
    *order: Any,
    cursor: str | None,
    limit: int,
    session: orm.Session | None = None,
    unique: bool = False,
) -> Page[sa.Row[T, U, *Ts]]: ...
def paginate(
    statement: sa.Select[*tuple[Any, ...]],
    *order: Any,
    cursor: str | None,
    limit: int,
    session: orm.Session | None = None,
    unique: bool = False,
) -> Page[Any]:
    """Return one page of what the statement selects, in one query that never counts.

    `order` are columns that are never null, as they are or with `.desc()`: `Idea.supports.desc(), Idea.id.desc()`. The
    last one is unique; `unique` says that the statement makes it so, as the target's number is among those of a kind.
    Give them an index of the same columns in the same order and directions. A statement of one thing gives those
    things, one of several gives rows. A cursor that wasn't made for such an order raises Invalid.
    """
    keys = _keys(order, unique=unique)
    if cursor:
        statement = statement.where(_after(list(zip(keys, _read(cursor, keys), strict=True))))
    statement = statement.order_by(None).order_by(*order).limit(limit + 1)
    width = len(statement.column_descriptions)
    found = (session or db.session).execute(statement.add_columns(*(key.column for key in keys))).freeze()
    last_values = [row[width:] for row in found().all()]
    selected = found().columns(*range(width))
    items = (selected.scalars() if width == 1 else selected).fetchmany(limit)
    return Page(items, _write(last_values[limit - 1]) if len(last_values) > limit else None)


@dataclass(frozen=True)
class _Key:
    column: sa.ColumnElement[Any]
    kind: type[Any]
    descending: bool

    def literal(self, value: Any) -> sa.ColumnElement[Any]:
        return sa.literal(value, self.column.type)

    def at_or_after(self, value: Any) -> sa.ColumnElement[bool]:
        bound = self.literal(value)
        condition: sa.ColumnElement[bool] = self.column <= bound if self.descending else self.column >= bound
        return condition

    def after(self, value: Any) -> sa.ColumnElement[bool]:
        bound = self.literal(value)
        condition: sa.ColumnElement[bool] = self.column < bound if self.descending else self.column > bound
        return condition


def _keys(order: Sequence[Any], *, unique: bool = False) -> list[_Key]:
    keys = [_key(item) for item in order]
    if not keys or not (unique or _is_unique(keys[-1].column)):
        raise TypeError("The last column of the order must be unique, or rows with the same values would be lost.")
    return keys


def _key(item: Any) -> _Key:
    expression = item.__clause_element__() if hasattr(item, "__clause_element__") else item
    descending = False
    if isinstance(expression, sa.UnaryExpression) and expression.modifier in {operators.desc_op, operators.asc_op}:
        descending, expression = expression.modifier is operators.desc_op, expression.element
    if getattr(expression, "nullable", False):
        raise TypeError(f"{expression} may be null, and null has no place in an order.")
    kind = getattr(expression.type, "impl_instance", expression.type).python_type  # of what a decorated type stands on
    if kind not in _KINDS and not issubclass(kind, StrEnum):
        raise TypeError(f"{expression} is of a kind that can't stand in a cursor.")
    return _Key(expression, kind, descending)


def _is_unique(column: Any) -> bool:
    if not isinstance(column, sa.Column):
        return False
    return bool(column.unique) or (column.primary_key and len(column.table.primary_key.columns) == 1)


def _after(bounds: Sequence[tuple[_Key, Any]]) -> sa.ColumnElement[bool]:
    """Return the condition for rows after these values, in a form for which both databases read an index from there."""
    if len({key.descending for key, _value in bounds}) == 1:
        columns = sa.tuple_(*(key.column for key, _value in bounds))
        values = sa.tuple_(*(key.literal(value) for key, value in bounds))
        return columns < values if bounds[0][0].descending else columns > values
    (key, value), *others = bounds
    return sa.and_(key.at_or_after(value), sa.or_(key.after(value), _after(others)))


def _write(values: Sequence[Any]) -> str:
    plain = json.dumps([_plain(value) for value in values], ensure_ascii=False, separators=(",", ":"))
    return urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def _plain(value: Any) -> Any:
    if isinstance(value, date):  # a datetime is one too
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _read(cursor: str, keys: Sequence[_Key]) -> list[Any]:
    try:
        plain = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(plain, list):
            raise TypeError(plain)
        return [_typed(key.kind, value) for key, value in zip(keys, plain, strict=True)]
    except (ValueError, TypeError, ArithmeticError, RecursionError) as error:
        raise Invalid("cursor", _l("Denne delen av lista finnes ikke. Begynn på første side.")) from error


def _typed(kind: type[Any], value: Any) -> Any:
    """Return the value as what the column holds; anything a database could choke on raises ValueError or TypeError."""
    if issubclass(kind, StrEnum):
        return kind(value)
    written, read = _KINDS[kind]
    if type(value) is not written:
        raise TypeError(value)
    return read(value)


def _whole(value: int) -> int:
    if abs(value) >= 2**63:
        raise ValueError(value)
    return value


def _text(value: str) -> str:
    value.encode("utf-8")
    if "\x00" in value:
        raise ValueError(value)
    return value


def _fraction(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError(value)
    return value


def _decimal(value: str) -> Decimal:
    number = Decimal(value)
    if not number.is_finite() or abs(number.adjusted()) > 30:
        raise ValueError(value)
    return number


def _moment(value: str) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError(value)
    return moment.astimezone(UTC)


_KINDS: Mapping[type[Any], tuple[type[Any], Callable[[Any], Any]]] = {
    int: (int, _whole),
    bool: (bool, bool),
    str: (str, _text),
    float: (float, _fraction),
    Decimal: (str, _decimal),
    datetime: (str, _moment),
    date: (str, date.fromisoformat),
}
"""For each kind of column: what JSON gives for it, and how that is read."""
