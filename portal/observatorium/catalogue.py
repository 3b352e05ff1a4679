"""The 39 indicators of ISO 18091:2019 in our own words, the 17 goals they serve, and the levels they are judged by."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any, Self, TypeVar

EDITION = "2026-11"
LANGUAGES = ("nb", "nn", "en")
Made = TypeVar("Made")
SUB_INDICATORS = range(3, 7)
SDGS = range(1, 18)


class CatalogueError(ValueError):
    """The catalogue's data break one of the catalogue's rules; the message says where and which."""


@dataclass(frozen=True)
class Text:
    """One text in the portal's three languages."""

    nb: str
    nn: str
    en: str

    def in_(self, language: str) -> str:
        """Return the text in `language` ("nb", "nn" or "en"); KeyError for any other."""
        return {"nb": self.nb, "nn": self.nn, "en": self.en}[language]


class Level(StrEnum):
    """A colour of judgement; green is the minimum acceptable, not excellence. Ordered: red < yellow < green."""

    RED = "red"
    YELLOW = "yellow"
    GREEN = "green"

    @property
    def step(self) -> int:
        """The level as a number: red 0, yellow 1, green 2."""
        return tuple(Level).index(self)

    # Without these four the levels would be ordered as words: green < red < yellow.
    def __lt__(self, other: str) -> bool:
        return self.step < Level(other).step

    def __le__(self, other: str) -> bool:
        return self.step <= Level(other).step

    def __gt__(self, other: str) -> bool:
        return self.step > Level(other).step

    def __ge__(self, other: str) -> bool:
        return self.step >= Level(other).step


class Answer(StrEnum):
    """What a person can answer: a level, or «vet ikke»."""

    RED = "red"
    YELLOW = "yellow"
    GREEN = "green"
    UNKNOWN = "unknown"

    @property
    def level(self) -> Level | None:
        """The level that was chosen; none for «vet ikke»."""
        return None if self is Answer.UNKNOWN else Level(self.value)


class Dimension(StrEnum):
    """One of the standard's four dimensions: a quarter of the wheel."""

    GOVERNANCE = "governance"
    ECONOMY = "economy"
    SOCIAL = "social"
    ENVIRONMENT = "environment"

    @property
    def number(self) -> int:
        """1–4: the first part of its indicators' numbers."""
        return tuple(Dimension).index(self) + 1

    @property
    def size(self) -> int:
        """How many indicators it has, which never changes."""
        return (10, 8, 12, 9)[self.number - 1]

    @property
    def label(self) -> Text:
        """Its name, in plain words."""
        return _DIMENSION_LABELS[self]

    @classmethod
    def numbered(cls, number: int) -> Self:
        """Return the dimension with that number (1–4); KeyError for any other."""
        return {dimension.number: dimension for dimension in cls}[number]


_DIMENSION_LABELS = {
    Dimension.GOVERNANCE: Text("God styring", "God styring", "Good governance"),
    Dimension.ECONOMY: Text("Bærekraftig økonomi", "Berekraftig økonomi", "Sustainable economy"),
    Dimension.SOCIAL: Text("Inkluderende samfunn", "Inkluderande samfunn", "Inclusive society"),
    Dimension.ENVIRONMENT: Text("Bærekraftig miljø", "Berekraftig miljø", "Sustainable environment"),
}


class DutyHolder(StrEnum):
    """Who has the legal duty in Norway."""

    MUNICIPALITY = "municipality"
    SHARED = "shared"


class DutyPartner(StrEnum):
    """Whom the municipality shares a duty with."""

    STATE = "state"
    COUNTY = "county"
    OTHER = "other"


@dataclass(frozen=True)
class Duty:
    """Who has the legal duty; `proposed` as long as no lawyer has confirmed it."""

    holder: DutyHolder
    shared_with: DutyPartner | None
    note: Text | None
    proposed: bool


@dataclass(frozen=True)
class LevelTexts:
    """What it takes to be red, yellow and green."""

    red: Text
    yellow: Text
    green: Text

    def of(self, level: Level) -> Text:
        """Return the text of one level."""
        return {Level.RED: self.red, Level.YELLOW: self.yellow, Level.GREEN: self.green}[level]


@dataclass(frozen=True)
class SubIndicator:
    """A part of an indicator ("1.8.2"); `proposed` when it is our own addition."""

    key: str
    name: Text
    proposed: bool


@dataclass(frozen=True)
class Indicator:
    """One of the 39. `sdgs` are the sourced links to the goals, `sdgs_proposed` our own; never merged."""

    number: str
    dimension: Dimension
    name: Text
    question: Text
    levels: LevelTexts
    sub_indicators: tuple[SubIndicator, ...]
    sdgs: tuple[int, ...]
    sdgs_proposed: tuple[int, ...]
    duty: Duty
    confidence: str


@dataclass(frozen=True)
class Goal:
    """One of the United Nations' 17 sustainable development goals."""

    number: int
    name: Text


@dataclass(frozen=True)
class Catalogue:
    """The indicators in the order of their numbers, and the goals; `version` follows from the content."""

    version: str
    indicators: tuple[Indicator, ...]
    goals: tuple[Goal, ...]

    def indicator(self, number: str) -> Indicator | None:
        """Return the indicator with that number, if there is one."""
        return next((indicator for indicator in self.indicators if indicator.number == number), None)

    def goal(self, number: int) -> Goal | None:
        """Return the goal with that number, if there is one."""
        return next((goal for goal in self.goals if goal.number == number), None)

    def in_dimension(self, dimension: Dimension) -> tuple[Indicator, ...]:
        """Return the indicators of one dimension, in order."""
        return tuple(indicator for indicator in self.indicators if indicator.dimension is dimension)

    def as_data(self) -> dict[str, Any]:
        """Return the catalogue as plain JSON values, to be kept with a round; `from_data` reads it again."""
        return {"version": self.version, **_content(self.indicators, self.goals)}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Read and check a catalogue from plain JSON values.

        `data` holds "indicators" and "goals", and "version" when it was made by `as_data`.
        Raises CatalogueError when a rule is broken or the content is not what its version says.
        """
        read = [_read(_indicator, one, str(one.get("number"))) for one in data["indicators"]]
        indicators = tuple(sorted(read, key=lambda one: sort_key(one.number)))
        goals = tuple(_read(_goal, one, f"goal {one.get('number')}") for one in data["goals"])
        _check_whole(indicators, goals)
        edition = str(data.get("version", EDITION)).partition(".")[0]
        content = json.dumps(_content(indicators, goals), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        version = f"{edition}.{hashlib.sha256(content.encode()).hexdigest()[:8]}"
        if data.get("version", version) != version:
            raise CatalogueError(f"the content is not what its version {data['version']} says")
        return cls(version, indicators, goals)


@cache
def catalogue() -> Catalogue:
    """Return the catalogue that comes with the portal, read and checked once."""
    folder = resources.files("portal.observatorium") / "data"
    return Catalogue.from_data(
        {
            "indicators": json.loads((folder / "indicators.json").read_text("utf-8")),
            "goals": json.loads((folder / "sdgs.json").read_text("utf-8")),
        }
    )


def sort_key(number: str) -> tuple[int, ...]:
    """Return the order of an indicator or sub-indicator: "1.10" comes after "1.9", as (1, 10) after (1, 9)."""
    return tuple(int(part) for part in number.split("."))


def row_number(number: str) -> int:
    """Return an indicator's number as one whole number, for what points at things by those: "1.10" is 110."""
    dimension, place = sort_key(number)
    return dimension * 100 + place


def number_of(row: int) -> str:
    """Return the indicator's number that `row_number` made a whole number of; there may be no such indicator."""
    return f"{row // 100}.{row % 100}"


def _content(indicators: Sequence[Indicator], goals: Sequence[Goal]) -> dict[str, Any]:
    """Give the plain values back in the shape of the data files."""
    return {
        "indicators": [_indicator_data(indicator) for indicator in indicators],
        "goals": [asdict(goal) for goal in goals],
    }


def _indicator_data(indicator: Indicator) -> dict[str, Any]:
    data: dict[str, Any] = asdict(indicator)
    data["duty"]["with"] = data["duty"].pop("shared_with")
    # Tuples become lists here, so that what is kept equals what is read again.
    plain: dict[str, Any] = json.loads(json.dumps(data))
    return plain


def _read(make: Callable[[Mapping[str, Any]], Made], data: Mapping[str, Any], where: str) -> Made:
    """Make something of the data; say where it was when a part is missing or strange."""
    try:
        return make(data)
    except CatalogueError:
        raise
    except (KeyError, TypeError) as missing:
        raise CatalogueError(f"{where}: {missing} is missing or has the wrong shape") from missing
    except ValueError as strange:
        raise CatalogueError(f"{where}: {strange}") from strange


def _indicator(data: Mapping[str, Any]) -> Indicator:
    number = data["number"]
    if not re.fullmatch(r"[1-4]\.[1-9]\d?", number):
        raise CatalogueError(f"{number}: not a number like 1.10")
    indicator = Indicator(
        number=number,
        dimension=Dimension(data["dimension"]),
        name=_text(data["name"], number),
        question=_text(data["question"], number),
        levels=LevelTexts(**{level.value: _text(data["levels"][level.value], number) for level in Level}),
        sub_indicators=tuple(_sub_indicator(part) for part in data["sub_indicators"]),
        sdgs=tuple(data["sdgs"]),
        sdgs_proposed=tuple(data["sdgs_proposed"]),
        duty=_duty(data["duty"], number),
        confidence=data["confidence"],
    )
    _check_indicator(indicator)
    return indicator


def _sub_indicator(data: Mapping[str, Any]) -> SubIndicator:
    return SubIndicator(data["key"], _text(data["name"], data["key"]), bool(data.get("proposed", False)))


def _duty(data: Mapping[str, Any], number: str) -> Duty:
    return Duty(
        holder=DutyHolder(data["holder"]),
        shared_with=DutyPartner(data["with"]) if data["with"] else None,
        note=_text(data["note"], number) if data["note"] else None,
        proposed=bool(data["proposed"]),
    )


def _goal(data: Mapping[str, Any]) -> Goal:
    return Goal(data["number"], _text(data["name"], f"goal {data['number']}"))


def _text(data: Mapping[str, Any], where: str) -> Text:
    if set(data) != set(LANGUAGES) or not all(isinstance(text, str) and text.strip() for text in data.values()):
        raise CatalogueError(f"{where}: a text lacks one of {', '.join(LANGUAGES)}")
    return Text(**data)


def _check_indicator(indicator: Indicator) -> None:
    keys = [part.key for part in indicator.sub_indicators]
    goals = indicator.sdgs + indicator.sdgs_proposed
    rules = {
        "the number is not in its dimension": indicator.number.startswith(f"{indicator.dimension.number}."),
        "there must be 3–6 sub-indicators": len(keys) in SUB_INDICATORS,
        "a sub-indicator's key is not under the indicator's number, or is used twice": (
            all(re.fullmatch(rf"{re.escape(indicator.number)}\.[1-9]\d?", key) for key in keys)
            and len(set(keys)) == len(keys)
        ),
        "an SDG is not one of 1–17": all(type(goal) is int and goal in SDGS for goal in goals),
        "an SDG stands twice, or both as sourced and as proposed": len(set(goals)) == len(goals),
        "a shared duty names whom it is shared with, and only a shared one": (
            (indicator.duty.holder is DutyHolder.SHARED) == (indicator.duty.shared_with is not None)
        ),
    }
    for rule, holds in rules.items():
        if not holds:
            raise CatalogueError(f"{indicator.number}: {rule}")


def _check_whole(indicators: Sequence[Indicator], goals: Sequence[Goal]) -> None:
    numbers = Counter(indicator.number for indicator in indicators)
    if twice := [number for number, times in numbers.items() if times > 1]:
        raise CatalogueError(f"{', '.join(twice)}: the number is used twice")
    for dimension in Dimension:
        expected = [f"{dimension.number}.{place}" for place in range(1, dimension.size + 1)]
        if [one.number for one in indicators if one.dimension is dimension] != expected:
            raise CatalogueError(f"{dimension.value}: the indicators are not {expected[0]} to {expected[-1]}")
    if [goal.number for goal in goals] != list(SDGS):
        raise CatalogueError("the goals are not 1 to 17")
