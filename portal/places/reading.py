"""A file of lokalsamfunn, CSV or GeoJSON: read with the reason for everything that can't be used, and carried on."""

from __future__ import annotations

import base64
import codecs
import csv
import io
import json
import math
import unicodedata
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.kernel.i18n import _l
from portal.kernel.richtext import clean_line
from portal.places import geometry
from portal.places.geometry import Outline, Point

MOST = 500
"""Lokalsamfunn in a file."""
LONGEST = 80
"""Letters of a name."""
TOLERANCE = 0.00015
"""Degrees of latitude, 17 metres: an outline keeps no point that is nearer the line than this."""
MOST_POINTS = 40_000
"""Of all the outlines of a file, when they have been simplified: they are sent to everybody who opens a map."""
UNPACKED = 5_000_000
NAMES = ("navn", "name", "lokalsamfunn", "omradenavn", "delomradenavn", "grunnkretsnavn")
COLUMNS = {"navn": "navn", "name": "navn", "lokalsamfunn": "navn"}
COLUMNS |= {"breddegrad": "breddegrad", "lat": "breddegrad", "latitude": "breddegrad"}
COLUMNS |= {"lengdegrad": "lengdegrad", "lon": "lengdegrad", "lng": "lengdegrad", "longitude": "lengdegrad"}
NORWAY = geometry.Box(2.0, 56.5, 33.0, 72.0)
LETTERS = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "đ": "d", "ŧ": "t", "ŋ": "n"})


@dataclass(frozen=True, kw_only=True)
class Found:
    """A lokalsamfunn as a file has it; `number` is its line, or which of the features it is."""

    number: int
    name: str
    point: Point
    outline: Outline | None = None


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """What can't be used of a file, and why."""

    number: int
    text: str
    reason: Any


@dataclass(frozen=True, kw_only=True)
class Contents:
    """What a file holds: lokalsamfunn with different names, and what was refused."""

    found: Sequence[Found]
    refused: Sequence[Refusal]


class UnreadableError(Exception):
    """The file as a whole can't be used; says why, in words for a person."""


class _RefusedError(Exception):
    """One of it can't be used."""


def read(data: bytes) -> Contents:
    """Read a file: GeoJSON, or CSV with semicolon, comma or tabulator. Raises UnreadableError."""
    text = _decoded(data)
    contents = _geojson(text) if text.lstrip()[:1] in {"{", "["} else _csv(text)
    points = sum(len(ring) for each in contents.found if each.outline for ring in geometry.rings(each.outline))
    if points > MOST_POINTS:
        raise UnreadableError(
            _l("Omrissene har %(points)d punkter. Forenkle dem til høyst %(most)d.", points=points, most=MOST_POINTS)
        )
    return contents


def packed(found: Iterable[Found]) -> str:
    """Return lokalsamfunn as letters that a form can carry from the look at a file to the reading of it."""
    features = [
        {
            "type": "Feature",
            "properties": {"navn": each.name, "breddegrad": each.point.latitude, "lengdegrad": each.point.longitude},
            "geometry": each.outline or {"type": "Point", "coordinates": [each.point.longitude, each.point.latitude]},
        }
        for each in found
    ]
    plain = json.dumps({"type": "FeatureCollection", "features": features}, separators=(",", ":"))
    return base64.b64encode(zlib.compress(plain.encode(), 9)).decode()


def unpacked(line: str) -> Contents:
    """Read what `packed` made; raises UnreadableError for anything else."""
    try:
        unpacking = zlib.decompressobj()
        plain = unpacking.decompress(base64.b64decode(line, validate=True), UNPACKED)
    except (ValueError, zlib.error) as error:
        raise UnreadableError(_l("Send fila en gang til.")) from error
    if not unpacking.eof:
        raise UnreadableError(_l("Send fila en gang til."))
    return read(plain)


def slug(name: str) -> str:
    """Return a name as it stands in an address: «Nærsnes» is `naersnes`."""
    plain = unicodedata.normalize("NFKD", name.lower().translate(LETTERS)).encode("ascii", "ignore").decode()
    words = "".join(letter if letter.isalnum() else " " for letter in plain).split()
    return "-".join(words)[:LONGEST] or "omrade"


def _decoded(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    if "\x00" in text:
        raise UnreadableError(_l("Dette er verken CSV eller GeoJSON."))
    return text


# -- CSV ---------------------------------------------------------------------------------------------------------------


def _csv(text: str) -> Contents:
    first = text.lstrip("\r\n").split("\n", 1)[0]
    csv.field_size_limit(1_000_000)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=max(";,\t", key=first.count))
    try:
        rows = [(lines.line_num, cells) for cells in lines if any(map(str.strip, cells))]
    except csv.Error as error:
        raise UnreadableError(_l("Fila kan ikke leses. Lagre den som CSV en gang til.")) from error
    header = [COLUMNS.get(cell.strip().casefold(), "") for cell in rows[0][1]] if rows else []
    if not {"navn", "breddegrad", "lengdegrad"} <= set(header):
        raise UnreadableError(_l("Første linje må være navn;breddegrad;lengdegrad."))
    return _gathered((line, dict(zip(header, cells, strict=False))) for line, cells in rows[1:])


def _gathered(rows: Iterable[tuple[int, Mapping[str, Any]]]) -> Contents:
    found: dict[str, Found] = {}
    refused: list[Refusal] = []
    for number, row in rows:
        if len(found) + len(refused) == MOST:
            raise UnreadableError(_l("Fila har flere enn %(most)d lokalsamfunn.", most=MOST))
        name = clean_line(str(row.get("navn") or ""))
        try:
            each = _one(number, name, row)
            if name.casefold() in found:
                raise _RefusedError(_l("Navnet står to ganger i fila."))
            found[name.casefold()] = each
        except _RefusedError as refusal:
            refused.append(Refusal(number=number, text=name[:LONGEST], reason=refusal.args[0]))
    return Contents(found=list(found.values()), refused=refused)


def _one(number: int, name: str, row: Mapping[str, Any]) -> Found:
    if not 0 < len(name) <= LONGEST:
        raise _RefusedError(_l("Navnet må ha mellom 1 og %(longest)d tegn.", longest=LONGEST))
    outline = row.get("outline")
    if outline is not None and not row.get("breddegrad"):
        inside = geometry.inside(outline)
        point = Point(round(inside.latitude, 6), round(inside.longitude, 6))
        return Found(number=number, name=name, point=point, outline=outline)
    point = Point(_degrees(row.get("breddegrad")), _degrees(row.get("lengdegrad")))
    _check(point)
    return Found(number=number, name=name, point=point, outline=outline)


def _degrees(value: Any) -> float:
    try:
        return round(float(str(value).strip().replace(",", ".")), 6)
    except ValueError as error:
        raise _RefusedError(_l("Breddegrad og lengdegrad må være tall, for eksempel 59,79 og 10,45.")) from error


def _check(point: Point) -> None:
    if not (NORWAY.south <= point.latitude <= NORWAY.north and NORWAY.west <= point.longitude <= NORWAY.east):
        raise _RefusedError(
            _l("Stedet ligger ikke i Norge. Punktene må være breddegrad og lengdegrad (WGS 84, EPSG:4326).")
        )


# -- GeoJSON -----------------------------------------------------------------------------------------------------------


def _geojson(text: str) -> Contents:
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(_l("Fila ser ut som GeoJSON, men kan ikke leses.")) from error
    features = whole.get("features") if isinstance(whole, dict) and whole.get("type") == "FeatureCollection" else None
    if not isinstance(features, list):
        raise UnreadableError(_l("GeoJSON-fila må være en FeatureCollection."))
    rows: list[tuple[int, Mapping[str, Any]]] = []
    refused = []
    for number, feature in enumerate(features[: MOST + 1], start=1):
        name = _name(feature)
        try:
            rows.append((number, {"navn": name} | _geometry(feature)))
        except _RefusedError as refusal:
            refused.append(Refusal(number=number, text=name[:LONGEST], reason=refusal.args[0]))
    contents = _gathered(rows)
    return Contents(found=contents.found, refused=[*refused, *contents.refused])


def _properties(feature: Any) -> Mapping[str, Any]:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        return {}
    return {str(name).casefold(): value for name, value in properties.items()}


def _name(feature: Any) -> str:
    properties = _properties(feature)
    return next((clean_line(str(properties[name])) for name in NAMES if properties.get(name)), "")


def _geometry(feature: Any) -> dict[str, Any]:
    """Return outline and point of a feature: the point is where its properties say, or within the outline."""
    shape = feature.get("geometry") if isinstance(feature, dict) else None
    kind, coordinates = (shape.get("type"), shape.get("coordinates")) if isinstance(shape, dict) else (None, None)
    if kind == "Point":
        longitude, latitude = _position(coordinates)
        return {"breddegrad": latitude, "lengdegrad": longitude}
    if kind not in ("Polygon", "MultiPolygon") or not isinstance(coordinates, list):
        raise _RefusedError(_l("Det må være et punkt, en Polygon eller en MultiPolygon."))
    polygons = [coordinates] if kind == "Polygon" else coordinates
    outline = {"type": "MultiPolygon", "coordinates": [_polygon(each) for each in polygons]}
    if not outline["coordinates"]:
        raise _RefusedError(_l("Omrisset er tomt."))
    properties = _properties(feature)
    point = {name: properties.get(name) for name in ("breddegrad", "lengdegrad")}
    return {"outline": outline} | (point if all(value is not None for value in point.values()) else {})


def _polygon(rings: Any) -> list[list[list[float]]]:
    if not isinstance(rings, list) or not rings:
        raise _RefusedError(_l("Omrisset er tomt."))
    return [_ring(ring) for ring in rings]


def _ring(ring: Any) -> list[list[float]]:
    if not isinstance(ring, list):
        raise _RefusedError(_l("Omrisset kan ikke leses."))
    points = [_position(position) for position in ring]
    if len(points) >= 3 and points[0] != points[-1]:
        points.append(points[0])
    if len(points) < 4:
        raise _RefusedError(_l("Omrisset har færre enn tre hjørner."))
    return geometry.simplified(points, TOLERANCE)


def _position(position: Any) -> list[float]:
    """Return longitude and latitude, to the nearest metre."""
    plain = isinstance(position, list) and len(position) >= 2
    if not plain or not all(type(each) in {int, float} and math.isfinite(each) for each in position[:2]):
        raise _RefusedError(_l("Omrisset kan ikke leses."))
    longitude, latitude = position[:2]
    _check(Point(latitude, longitude))
    return [round(longitude, 5), round(latitude, 5)]
