"""The hours of a tidstyv: what it takes in a year, what was freed, and sums that count each hour once."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import groupby
from typing import TypeVar

Number = int | Decimal | Fraction
Key = TypeVar("Key", bound=Hashable)

MINUTES_AN_HOUR = 60
FINEST = Decimal("0.0001")
"""Of an hour: what is stored."""


class Cause(StrEnum):
    """Why the time goes."""

    REPORTING = "reporting"
    REGULATION = "regulation"
    ROUTINE = "routine"
    DOUBLE_WORK = "double_work"
    IT_SYSTEM = "it_system"
    FORMS_AND_LANGUAGE = "forms_and_language"
    NO_DIGITAL_SOLUTION = "no_digital_solution"
    SKILLS = "skills"
    MEETINGS = "meetings"
    OTHER = "other"


class Hit(StrEnum):
    """Whose time goes."""

    EMPLOYEES = "employees"
    RESIDENTS = "residents"
    BUSINESS = "business"
    VOLUNTARY_SECTOR = "voluntary_sector"
    OTHER_AGENCIES = "other_agencies"


class Owner(StrEnum):
    """Who can do something about it."""

    OWN_UNIT = "own_unit"
    OTHER_UNIT = "other_unit"
    OTHER_MUNICIPALITY = "other_municipality"
    STATE = "state"
    SUPPLIER = "supplier"


class Change(StrEnum):
    """What a measure did to the time: `MORE` means that it takes more time than before, which must be said."""

    LESS = "less"
    SAME = "same"
    MORE = "more"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Factors:
    """What the hours are made of; None for what nobody knows. A negative factor raises ValueError."""

    minutes: Number | None = None
    """Each time."""
    times: Number | None = None
    """Each year, for one person."""
    persons: Number | None = None

    def __post_init__(self) -> None:
        for name, value in self._named():
            if value is not None and value < 0:
                raise ValueError(f"{name} can't be {value}")

    @property
    def missing(self) -> tuple[str, ...]:
        """The names of the factors that nobody knows, in the order of the sentence."""
        return tuple(name for name, value in self._named() if value is None)

    @property
    def hours(self) -> Fraction | None:
        """Hours in a year, exact: minutes × times × persons ÷ 60. None when any factor is unknown, also beside a 0."""
        if self.minutes is None or self.times is None or self.persons is None:
            return None
        return Fraction(self.minutes) * Fraction(self.times) * Fraction(self.persons) / MINUTES_AN_HOUR

    def _named(self) -> tuple[tuple[str, Number | None], ...]:
        return ("minutes", self.minutes), ("times", self.times), ("persons", self.persons)


@dataclass(frozen=True)
class Shown:
    """An exact number as it is written in a sentence: «om lag» goes before it unless it is exact."""

    number: Decimal
    is_exact: bool


def shown(hours: Fraction) -> Shown:
    """Round to tenths under 100 hours and to whole hours above, halves away from zero; 308 is «308», not «308,0»."""
    step = Decimal(1) if abs(hours) >= 100 else Decimal("0.1")
    steps = Decimal(int(abs(hours) / Fraction(step) + Fraction(1, 2)))
    number = (steps * step).quantize(step, ROUND_HALF_UP) * (-1 if hours < 0 else 1)
    if number == number.to_integral_value():
        number = Decimal(int(number))
    return Shown(number, Fraction(number) == hours)


def kept(hours: Fraction | None) -> Decimal | None:
    """Return hours as they are stored, rounded to 1/10,000, halves up; None when they aren't known."""
    if hours is None:
        return None
    return (Decimal(hours.numerator) / Decimal(hours.denominator)).quantize(FINEST, ROUND_HALF_UP)


def freed(before: Fraction | None, after: Fraction | None) -> Fraction | None:
    """Return the hours freed in a year: before − after, negative when more goes now; None when one is unknown."""
    return None if before is None or after is None else before - after


def change(hours_freed: Fraction | None) -> Change:
    """Say in one word what the freed hours mean."""
    if hours_freed is None:
        return Change.UNKNOWN
    if hours_freed == 0:
        return Change.SAME
    return Change.LESS if hours_freed > 0 else Change.MORE


@dataclass(frozen=True, kw_only=True)
class Row:
    """One tidstyv as the sums see it."""

    id: int
    before: Fraction | None
    """Hours in a year as reported; None: «ikke beregnet»."""
    after: Fraction | None = None
    """Hours in a year as measured afterwards."""
    measure: int | None = None
    """The measure that it shares with other tidstyver."""
    measure_freed: Fraction | None = None
    """Hours in a year that the measure freed, when it was measured for all of them as one: the same on each row."""
    is_merged: bool = False
    """It lives on in another, which counts for both."""
    cause: Cause | None = None
    owner: Owner | None = None
    service_area: int | None = None
    year: int | None = None


@dataclass(frozen=True, kw_only=True)
class Total:
    """A sum over some tidstyver."""

    rows: int = 0
    not_counted: int = 0
    """Those whose hours nobody can tell: they are in no sum, and the page says how many they are."""
    before: Fraction = Fraction(0)
    """Hours in a year, of those that can be told."""
    measured: int = 0
    """Those whose time has been measured afterwards and can be compared."""
    freed: Fraction = Fraction(0)
    """Hours in a year over those measured; negative when they take more time than before."""
    worse: int = 0
    """Those of them that take more time than before: a sum must not hide them."""

    def __add__(self, other: "Total") -> "Total":
        return Total(
            rows=self.rows + other.rows,
            not_counted=self.not_counted + other.not_counted,
            before=self.before + other.before,
            measured=self.measured + other.measured,
            freed=self.freed + other.freed,
            worse=self.worse + other.worse,
        )


@dataclass(frozen=True)
class Counted:
    """One tidstyv with its own part of what was freed."""

    row: Row
    freed: Fraction | None

    @property
    def total(self) -> Total:
        known = self.freed is not None
        return Total(
            rows=1,
            not_counted=int(self.row.before is None),
            before=self.row.before or Fraction(0),
            measured=int(known),
            freed=self.freed or Fraction(0),
            worse=int(change(self.freed) is Change.MORE),
        )


def count(rows: Iterable[Row]) -> list[Counted]:
    """Give each tidstyv its own part of the freed hours, so that every sum over them counts each hour once.

    Merged ones are left out. What a shared measure freed as one is counted once, and each of its tidstyver has as large
    a part of it as of what they took together, or an equal part when nobody knows what they took; their own times
    afterwards then count no more. Give all the tidstyver of a measure: some of them would get the whole of it.
    ValueError when two rows tell different hours of one measure.
    """
    kept = sorted((row for row in rows if not row.is_merged), key=_of_one_measure)
    return [each for _, group in groupby(kept, _of_one_measure) for each in _parts(list(group))]


def totals(rows: Sequence[Row], group: Callable[[Row], Key]) -> dict[Key, Total]:
    """Return a sum for each group, such as `lambda row: row.cause`; they add up to `total(rows)`, exactly."""
    sums: dict[Key, Total] = {}
    for each in count(rows):
        key = group(each.row)
        sums[key] = sums.get(key, Total()) + each.total
    return sums


def total(rows: Sequence[Row]) -> Total:
    """Return the sum over all the rows."""
    return sum((each.total for each in count(rows)), start=Total())


def _of_one_measure(row: Row) -> tuple[bool, int]:
    return (True, row.id) if row.measure is None else (False, row.measure)


def _parts(group: list[Row]) -> list[Counted]:
    as_one = None if group[0].measure is None else group[0].measure_freed
    if len({row.measure_freed for row in group}) > 1:
        raise ValueError(f"measure {group[0].measure} has been given different hours")
    if as_one is None:
        return [Counted(row, freed(row.before, row.after)) for row in group]
    taken = sum((row.before or 0 for row in group), start=Fraction(0))
    shares = [(row.before or Fraction(0)) / taken if taken else Fraction(1, len(group)) for row in group]
    return [Counted(row, as_one * share) for row, share in zip(group, shares, strict=True)]
