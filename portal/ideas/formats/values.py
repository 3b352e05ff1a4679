"""Single values in a row: text, times, numbers, places and addresses, each refused in a sentence when it can't be."""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from math import isfinite

from portal.ideas.formats.rows import MAX_TEXT, MAX_TITLE, UnreadableRow
from portal.kernel.i18n import _l
from portal.kernel.richtext import clean_line, clean_text

YEARS = range(1990, 2100)
MAX_COUNT = 2**31 - 1
MAX_URL = 2000
_URL = re.compile(r"https?://[^\s/?#@\\:\"'<>`]+(:[0-9]{1,5})?([/?#][^\s\\\"'<>`]*)?", re.IGNORECASE)
_ISO = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:[.,]\d+)?)? ?(UTC|Z|[+-]\d\d:?\d\d)?")
_NORWEGIAN = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?:,? (?:kl\.? ?)?(\d\d)[:.](\d\d)(?:[:.](\d\d))?)?")


def title(text: str) -> str:
    """Return a title as one line; refuse one that is empty or longer than there is room for."""
    line = clean_line(text)
    if not line:
        raise UnreadableRow(_l("Raden mangler tittel."))
    if len(line) > MAX_TITLE:
        raise UnreadableRow(
            _l("Tittelen har %(letters)s tegn, og det er plass til %(room)s.", letters=len(line), room=MAX_TITLE)
        )
    return line


def short(text: str) -> str:
    """Return a name of something as one line, cut to what there is room for."""
    return clean_line(text)[:MAX_TITLE].strip()


def long(text: str) -> str:
    """Return a text cleaned; refuse one that is too long."""
    cleaned = clean_text(text).strip()
    if len(cleaned) > MAX_TEXT:
        raise UnreadableRow(
            _l("En tekst har %(letters)s tegn, og det er plass til %(room)s.", letters=len(cleaned), room=MAX_TEXT)
        )
    return cleaned


def identifier(text: str) -> str:
    """Return the number or name of a proposal at its origin; refuse a row without one."""
    line = clean_line(text)
    if not line or len(line) > MAX_TITLE:
        raise UnreadableRow(_l("Raden mangler nummeret sitt, eller det er for langt."))
    return line


def url(text: str) -> str:
    """Return an address of the web, or nothing; refuse what is something else, such as a script."""
    line = clean_line(text)
    if line and (len(line) > MAX_URL or not _URL.fullmatch(line)):
        raise UnreadableRow(_l("«%(text)s» er ikke en nettadresse.", text=line[:60]))
    return line


def count(text: str) -> int:
    """Return a number of people: 0 for nothing; refuse what isn't a whole number from 0 up."""
    line = re.sub(r"[\s\u00a0]", "", text)
    if not line:
        return 0
    if not re.fullmatch(r"[0-9]{1,10}(?:\.0)?", line) or int(line.split(".")[0]) > MAX_COUNT:
        raise UnreadableRow(_l("«%(text)s» er ikke et helt tall.", text=clean_line(text)[:60]))
    return int(line.split(".")[0])


def known_count(text: str) -> int | None:
    """Return a number as `count` does, and None for nothing."""
    return count(text) if text.strip() else None


def minutes(text: str) -> Decimal | None:
    """Return minutes, with at most two decimals; None for nothing."""
    line = clean_line(text).replace(",", ".")
    if not line:
        return None
    if not re.fullmatch(r"[0-9]{1,6}(?:\.[0-9]{1,2})?", line):
        raise UnreadableRow(_l("«%(text)s» er ikke et antall minutter.", text=line[:60]))
    return Decimal(line)


def moment(text: str, zone: tzinfo = UTC) -> datetime | None:
    """Return a time in UTC: `2020-11-24 07:17:40 UTC`, ISO 8601 or `24.11.2020 07:17`; `zone` when it tells none."""
    line = clean_line(text)
    if not line:
        return None
    try:
        told = _iso(line) or _norwegian(line)
        if told is not None and told.year in YEARS:
            return (told if told.tzinfo else told.replace(tzinfo=zone)).astimezone(UTC)
    except ValueError:
        pass
    raise UnreadableRow(_l("«%(text)s» er ikke et tidspunkt vi kan lese.", text=line[:60]))


def _iso(line: str) -> datetime | None:
    found = _ISO.fullmatch(line)
    if found is None:
        return None
    day, time, zone = found.groups()
    return datetime.fromisoformat(f"{day}T{time or '00:00'}{'Z' if zone == 'UTC' else zone or ''}")


def _norwegian(line: str) -> datetime | None:
    found = _NORWEGIAN.fullmatch(line)
    if found is None:
        return None
    day, month, year, hour, minute, second = (int(part or 0) for part in found.groups())
    return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - the caller says which zone it is


def place(latitude: str, longitude: str) -> tuple[float, float] | tuple[None, None]:
    """Return a point in degrees; refuse half a point and one that is nowhere on earth."""
    found = _degrees(latitude, 90), _degrees(longitude, 180)
    if found[0] is None and found[1] is None:
        return None, None
    if found[0] is None or found[1] is None:
        raise UnreadableRow(_l("Raden har bare den ene av de to koordinatene."))
    return found[0], found[1]


def _degrees(text: str, most: int) -> float | None:
    line = clean_line(text).replace(",", ".")
    if not line:
        return None
    try:
        value = float(line)
    except ValueError:
        value = float("nan")
    if not isfinite(value) or abs(value) > most:
        raise UnreadableRow(_l("«%(text)s» er ikke en koordinat i grader.", text=line[:60]))
    return value
