"""Finding an address: asked of Kartverket's address register by the one guarded client, and silent when it is away."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from portal import config
from portal.kernel import outgoing
from portal.kernel.richtext import clean_line
from portal.places.geometry import Point

log = logging.getLogger(__name__)

SHORTEST, LONGEST = 3, 100
"""Letters of what is asked."""
MOST = 6
SECONDS = 4.0


@dataclass(frozen=True)
class Found:
    """An address, and where it is."""

    text: str
    point: Point


def find(text: str) -> list[Found]:
    """Return addresses in the municipality that begin so, or are spelt much like it; none when nobody can be asked."""
    settings = config.current()
    asked = clean_line(text)[:LONGEST]
    if not settings.addresses_url or len(asked) < SHORTEST:
        return []
    query = {
        "sok": f"{asked}*",
        "kommunenummer": settings.municipality_number,
        "treffPerSide": MOST,
        "utkoordsys": 4258,
    }
    try:
        answer = outgoing.request(
            "GET",
            f"{settings.addresses_url}?{urlencode(query)}",
            headers={"Accept": "application/json"},
            max_bytes=100_000,
            timeout=SECONDS,
            allow=(urlsplit(settings.addresses_url).netloc,),
        )
        return _read(answer.json()) if answer.status == 200 else []
    except outgoing.OutgoingError as error:
        log.warning("No answer from the address register: %s", error)
        return []


def _read(answer: Any) -> list[Found]:
    rows = answer.get("adresser") if isinstance(answer, dict) else None
    found = [_address(row) for row in rows[:MOST]] if isinstance(rows, list) else []
    return [each for each in found if each]


def _address(row: Any) -> Found | None:
    """Return an address as the register writes it; None when it isn't one."""
    try:
        place = row["representasjonspunkt"]
        point = Point(float(place["lat"]), float(place["lon"]))
        text = ", ".join(filter(None, (row["adressetekst"], f"{row['postnummer']} {row['poststed'].title()}".strip())))
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
    inside = -90 <= point.latitude <= 90 and -180 <= point.longitude <= 180
    return Found(clean_line(text)[:200], point) if inside else None
