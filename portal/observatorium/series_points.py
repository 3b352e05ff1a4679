"""The points of a figure over time, and what can be wrong with what they are read from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

MOST_POINTS = 500
"""More than forty years of months: what is longer is not a figure for a small chart."""
MOST_DIGITS = 30

PERIOD = re.compile(r"(?:19|20|21)\d\d(?:K[1-4]|H[12]|M(?:0[1-9]|1[0-2])|U(?:0[1-9]|[1-4]\d|5[0-3]))?")
"""A year, or as SSB writes a quarter (2025K3), a half year (2025H1), a month (2025M07) or a week (2025U07)."""


class Fault(StrEnum):
    """Why what should hold a figure over time can't be used."""

    NOT_JSON = "not_json"
    NOT_DATASET = "not_dataset"
    VERSION = "version"
    SHAPE = "shape"
    SIZES = "sizes"
    NO_TIME = "no_time"
    SEVERAL = "several"
    PERIOD = "period"
    VALUE = "value"
    EMPTY = "empty"
    TOO_MANY = "too_many"
    HEADER = "header"
    COLUMNS = "columns"
    DUPLICATE = "duplicate"
    ENCODING = "encoding"


class Unusable(ValueError):
    """What was read can't be used: why, and where or what as a short text."""

    def __init__(self, fault: Fault, detail: str = "") -> None:
        super().__init__(f"{fault.value}: {detail}")
        self.fault = fault
        self.detail = detail[:120]


@dataclass(frozen=True)
class Point:
    """A value for a period; none when the source has a sign instead, which is the `status`."""

    period: str
    value: Decimal | None
    status: str = ""


def read_period(text: str) -> str:
    """Return the period if it is one; raise Unusable otherwise."""
    found = text.strip()
    if not PERIOD.fullmatch(found):
        raise Unusable(Fault.PERIOD, found)
    return found


def checked(points: list[Point]) -> tuple[Point, ...]:
    """Return the points in the order of time; raise Unusable when there are none, too many, or two for one period."""
    if len(points) > MOST_POINTS:
        raise Unusable(Fault.TOO_MANY, str(len(points)))
    if not any(point.value is not None for point in points):
        raise Unusable(Fault.EMPTY)
    seen: set[str] = set()
    for point in points:
        if point.period in seen:
            raise Unusable(Fault.DUPLICATE, point.period)
        seen.add(point.period)
    return tuple(sorted(points, key=lambda point: point.period))


def written(value: Decimal | None) -> str | None:
    """Return a value as it is kept: plain digits with a point, and the decimals the source gave."""
    return None if value is None else f"{value:f}"
