"""Reads JSON-stat 2.0 as Statistics Norway's PxWebApi v2 answers it: one figure over time.

Format: https://json-stat.org/full/. A dataset is a cube: `id` names its dimensions, `size` says how many categories
each has, and `value` holds the cells in row-major order, as a list or as an object of those that are there.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from math import prod
from typing import Any

from portal.observatorium.series_points import MOST_DIGITS, Fault, Point, Unusable, checked, read_period

MOST_CELLS = 100_000
TIME_NAMES = frozenset({"tid", "time", "år", "aar", "year"})
"""What the dimension of time is called where no role says which it is."""


def read(content: bytes) -> tuple[Point, ...]:
    """Return the points of the one figure in an answer; raise Unusable, which says what is wrong with it."""
    cube = _dataset(content)
    names, sizes = _dimensions(cube)
    time = _time(cube, names)
    for name, size in zip(names, sizes, strict=True):
        if name != time and size != 1:
            raise Unusable(Fault.SEVERAL, name)
    periods = _categories(cube, time, sizes[names.index(time)])
    values, signs = _cells(cube.get("value"), len(periods)), _signs(cube.get("status"), len(periods))
    # Every other dimension has one category, so the place in time is the place in the cube.
    return checked([Point(read_period(each), values[at], signs[at]) for at, each in enumerate(periods)])


def _dataset(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content.decode("utf-8-sig"), parse_float=Decimal, parse_int=Decimal)
    except (ValueError, RecursionError) as error:
        raise Unusable(Fault.NOT_JSON) from error
    if not isinstance(found, dict) or found.get("class") != "dataset":
        raise Unusable(Fault.NOT_DATASET, str(found.get("class", ""))[:40] if isinstance(found, dict) else "")
    version = found.get("version")
    if not isinstance(version, str) or version.split(".")[0] != "2":
        raise Unusable(Fault.VERSION, str(version)[:40])
    return found


def _dimensions(cube: Mapping[str, Any]) -> tuple[list[str], list[int]]:
    names, sizes = cube.get("id"), cube.get("size")
    if not isinstance(names, list) or not isinstance(sizes, list) or not isinstance(cube.get("dimension"), dict):
        raise Unusable(Fault.SHAPE, "id, size, dimension")
    whole = [int(size) for size in sizes if _is_short(size) and size == size.to_integral_value()]
    if not names or len(whole) != len(sizes) or len(names) != len(sizes) or len(set(map(str, names))) != len(names):
        raise Unusable(Fault.SIZES, "id, size")
    if min(whole) < 1 or prod(whole) > MOST_CELLS:
        raise Unusable(Fault.SIZES, "size")
    return [str(name) for name in names], whole


def _time(cube: Mapping[str, Any], names: list[str]) -> str:
    roles = cube.get("role")
    told = roles.get("time") if isinstance(roles, dict) else None
    if isinstance(told, list) and len(told) == 1 and told[0] in names:
        return str(told[0])
    called = [name for name in names if name.casefold() in TIME_NAMES]
    if len(called) != 1:
        raise Unusable(Fault.NO_TIME)
    return called[0]


def _categories(cube: Mapping[str, Any], name: str, size: int) -> list[str]:
    """Return the codes of a dimension in their order: `index` is a list of them, or an object of their places."""
    try:
        category = cube["dimension"][name]["category"]
        index = category.get("index", category.get("label"))
    except (KeyError, TypeError, AttributeError) as error:
        raise Unusable(Fault.SHAPE, name) from error
    if isinstance(index, list):
        codes = [str(code) for code in index]
    elif isinstance(index, dict) and "index" in category:
        if not all(map(_is_short, index.values())):
            raise Unusable(Fault.SHAPE, name)
        codes = sorted(index, key=lambda code: index[code])
        if [index[code] for code in codes] != list(range(len(codes))):
            raise Unusable(Fault.SIZES, name)
    elif isinstance(index, dict) and len(index) == 1:  # an only category needs no index
        codes = list(index)
    else:
        raise Unusable(Fault.SHAPE, name)
    if len(codes) != size:
        raise Unusable(Fault.SIZES, name)
    return codes


def _cells(value: Any, size: int) -> list[Decimal | None]:
    return [_number(cell) for cell in _spread(value, size, "value")]


def _signs(status: Any, size: int) -> list[str]:
    if status is None:
        return [""] * size
    if isinstance(status, str):
        return [status[:40]] * size
    return [str(sign)[:40] if sign is not None else "" for sign in _spread(status, size, "status")]


def _spread(cells: Any, size: int, what: str) -> list[Any]:
    """Return one cell for each place: a list must have them all, an object only those that are there."""
    if isinstance(cells, list):
        if len(cells) != size:
            raise Unusable(Fault.SIZES, what)
        return cells
    if not isinstance(cells, dict):
        raise Unusable(Fault.SHAPE, what)
    places = [str(place) for place in range(size)]
    if not set(cells) <= set(places):
        raise Unusable(Fault.SIZES, what)
    return [cells.get(place) for place in places]


def _number(cell: Any) -> Decimal | None:
    if cell is None:
        return None
    if not _is_short(cell):
        raise Unusable(Fault.VALUE, str(cell)[:40])
    return cell  # type: ignore[no-any-return]  # just seen to be a Decimal


def _is_short(cell: Any) -> bool:
    """Say whether it is a number of so many digits as a figure has: 1e999999999 would fill the memory when written."""
    if not isinstance(cell, Decimal) or not cell.is_finite():
        return False
    return abs(cell.adjusted()) < MOST_DIGITS and len(f"{cell:f}") <= MOST_DIGITS
