"""The register of Norway's 357 municipalities: numbers, names, counties and a point on the map for each."""

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

COUNT = 357
_FILE = Path(__file__).parent / "data" / "municipalities.csv"


@dataclass(frozen=True)
class Municipality:
    """A municipality; numbers are text because they begin with zero, the point is WGS 84 in degrees."""

    number: str
    name: str
    county_number: str
    county_name: str
    latitude: float
    longitude: float


def find(number: str) -> Municipality | None:
    """Return the municipality with this four-digit number, or None."""
    return _register().get(number)


def all_municipalities() -> tuple[Municipality, ...]:
    """Return all of them, in the order of their numbers."""
    return tuple(_register().values())


@cache
def _register() -> Mapping[str, Municipality]:
    with _FILE.open(encoding="utf-8", newline="") as file:
        return read(csv.DictReader(file))


def read(rows: Iterable[Mapping[str, str]]) -> dict[str, Municipality]:
    """Turn the rows of the register's file into municipalities by number; a wrong register raises ValueError."""
    register: dict[str, Municipality] = {}
    for row in rows:
        municipality = _municipality(row)
        if municipality.number in register:
            raise ValueError(f"municipality {municipality.number} stands twice in the register")
        register[municipality.number] = municipality
    if len(register) != COUNT:
        raise ValueError(f"the register holds {len(register)} municipalities, not {COUNT}")
    return dict(sorted(register.items()))


def _municipality(row: Mapping[str, str]) -> Municipality:
    number, county_number = row["municipality_number"], row["county_number"]
    if not re.fullmatch(r"[0-9]{4}", number) or number[:2] != county_number:
        raise ValueError(f"municipality {number!r} in county {county_number!r}: wrong number")
    if not (row["name"] and row["county_name"]):
        raise ValueError(f"municipality {number}: name or county name is missing")
    latitude, longitude = float(row["latitude"]), float(row["longitude"])
    if not (57 < latitude < 72 and 4 < longitude < 32):
        raise ValueError(f"municipality {number}: the point is not in Norway")
    return Municipality(number, row["name"], county_number, row["county_name"], latitude, longitude)
