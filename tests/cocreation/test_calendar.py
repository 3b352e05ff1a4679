"""The calendar file: what calendars read, whatever people write in it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from portal.cocreation.calendar import Entry, write
from portal.kernel.clock import OSLO
from portal.kernel.richtext import clean_line, clean_text

MOMENT = datetime(2026, 5, 4, 16, 30, tzinfo=UTC)
PROPERTIES = {
    "BEGIN", "END", "UID", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "STATUS", "DTSTART", "DTEND", "SUMMARY",
    "DESCRIPTION", "LOCATION", "URL", "PRODID", "VERSION", "CALSCALE", "NAME", "X-WR-CALNAME", "REFRESH-INTERVAL",
    "X-PUBLISHED-TTL",
}  # fmt: skip
HOSTILE = st.one_of(
    st.text(max_size=400),
    st.text(alphabet=st.sampled_from("\r\n\t\x00\x0b\x0c\x85\u2028\u2029;:,\\\"'=æ😀 Xx-nN"), max_size=400),
    st.sampled_from(["\r\nEND:VEVENT\r\nBEGIN:VEVENT", "\nATTENDEE:mailto:a@b.no", "\\nX:1", "æ" * 300, ";X=1:y"]),
)


def an_entry(**values: Any) -> Entry:
    whole: dict[str, Any] = {
        "uid": "mote-7@portal.example",
        "title": "Dugnad",
        "text": "",
        "language": "nb",
        "starts_at": MOMENT,
        "ends_at": MOMENT + timedelta(hours=2),
        "place": "",
        "url": "https://portal.example/samskaping/moter/7",
        "sequence": 0,
        "changed_at": MOMENT,
        "is_cancelled": False,
    }
    return Entry(**whole | values)


def the_event(content: bytes) -> Any:
    events = Calendar.from_ical(content).walk("VEVENT")
    assert len(events) == 1
    return events[0]


def as_read(text: str) -> str:
    """Return how the library reads a text back: it takes a written `\\N` for the line break of RFC 5545."""
    return text.replace("\\N", "\n")


def test_a_calendar_reads_back_all_of_a_meeting() -> None:
    changed = MOMENT - timedelta(days=3)
    entry = an_entry(text="Kaffe først.", place="Samfunnshuset", sequence=4, changed_at=changed)
    event = the_event(write([entry]))
    assert str(event["UID"]) == "mote-7@portal.example"
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (MOMENT, MOMENT + timedelta(hours=2))
    assert (event["DTSTAMP"].dt, event["LAST-MODIFIED"].dt) == (changed, changed)
    assert (event["SEQUENCE"], str(event["STATUS"])) == (4, "CONFIRMED")
    assert (str(event["SUMMARY"]), str(event["DESCRIPTION"])) == ("Dugnad", "Kaffe først.")
    assert (str(event["LOCATION"]), str(event["URL"])) == ("Samfunnshuset", "https://portal.example/samskaping/moter/7")


def test_times_are_in_utc_so_that_no_zone_need_be_told() -> None:
    starts = datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=OSLO)
    lines = write([an_entry(starts_at=starts, ends_at=starts + timedelta(hours=1))]).decode().splitlines()
    assert "DTSTART:20261025T013000Z" in lines


def test_a_cancelled_meeting_says_so() -> None:
    assert str(the_event(write([an_entry(is_cancelled=True)]))["STATUS"]) == "CANCELLED"


def test_a_calendar_to_subscribe_to_has_a_name_and_says_how_often_to_look() -> None:
    read: Any = Calendar.from_ical(write([an_entry(), an_entry(uid="mote-8@portal.example")], name="Middag, sammen"))
    assert str(read["X-WR-CALNAME"]) == str(read["NAME"]) == "Middag, sammen"
    assert read["REFRESH-INTERVAL"].dt == timedelta(hours=6)
    assert len(read.walk("VEVENT")) == 2


def test_the_file_for_one_meeting_has_no_name() -> None:
    assert b"NAME" not in write([an_entry()])


@given(HOSTILE, HOSTILE, HOSTILE, HOSTILE)
def test_whatever_people_write_stays_in_its_place(title: str, text: str, place: str, name: str) -> None:
    content = write([an_entry(title=title, text=text, place=place)], name=name)
    event = the_event(content)
    assert str(event["SUMMARY"]) == as_read(clean_line(title))
    assert str(event.get("DESCRIPTION", "")) == as_read(clean_text(text))
    assert str(event.get("LOCATION", "")) == as_read(clean_line(place))
    unfolded = re.sub(rb"\r\n ", b"", content).decode()
    assert {re.split("[:;]", line)[0] for line in unfolded.split("\r\n") if line} <= PROPERTIES


@given(HOSTILE)
def test_lines_are_folded_at_75_octets_and_no_letter_is_cut(text: str) -> None:
    content = write([an_entry(title=text, text=text)])
    assert content.endswith(b"\r\n")
    for line in content.split(b"\r\n"):
        assert len(line) <= 75
        assert b"\n" not in line
        assert b"\r" not in line
        line.decode()
