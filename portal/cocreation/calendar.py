"""Meetings as iCalendar files (RFC 5545): what people's own calendars read, without a name in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event, vDuration

from portal.kernel.richtext import clean_line, clean_text

MEDIA_TYPE = "text/calendar"
PRODUCER = "-//Innbyggerportalen//Samskaping//NO"
OFTEN = timedelta(hours=6)
"""How often a calendar that subscribes is asked to look again."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One meeting as a calendar shows it. Times are aware."""

    uid: str
    """The same for as long as the meeting exists: by it a calendar knows what to move."""
    title: str
    text: str
    language: str
    starts_at: datetime
    ends_at: datetime
    place: str
    url: str
    """Of the meeting's own page."""
    sequence: int
    changed_at: datetime
    is_cancelled: bool


def write(entries: Sequence[Entry], *, name: str = "") -> bytes:
    """Return the file. With a `name` it is a calendar to subscribe to, else it is for one meeting.

    Times are in UTC; DTSTAMP is that of the last change, as it is where there is no METHOD (RFC 5545, 3.8.7.2).
    """
    calendar = Calendar()
    calendar.add("PRODID", PRODUCER)
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    if name:
        for each in ("NAME", "X-WR-CALNAME"):  # RFC 7986, and what calendars read before it
            calendar.add(each, clean_line(name))
        calendar.add("REFRESH-INTERVAL", vDuration(OFTEN), parameters={"VALUE": "DURATION"})
        calendar.add("X-PUBLISHED-TTL", vDuration(OFTEN))
    for entry in entries:
        calendar.add_component(_event(entry))
    return bytes(calendar.to_ical())


def _event(entry: Entry) -> Event:
    spoken = {"LANGUAGE": entry.language}
    event = Event()
    event.add("UID", entry.uid)
    event.add("DTSTAMP", entry.changed_at)
    event.add("LAST-MODIFIED", entry.changed_at)
    event.add("SEQUENCE", entry.sequence)
    event.add("STATUS", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    event.add("DTSTART", entry.starts_at.astimezone(UTC))
    event.add("DTEND", entry.ends_at.astimezone(UTC))
    event.add("SUMMARY", clean_line(entry.title), parameters=spoken)
    if entry.text:
        event.add("DESCRIPTION", clean_text(entry.text), parameters=spoken)
    if entry.place:
        event.add("LOCATION", clean_line(entry.place), parameters=spoken)
    event.add("URL", entry.url)
    return event
