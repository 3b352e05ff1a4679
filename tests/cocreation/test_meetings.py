"""Meetings: in Norwegian time, never with more people than there is room for, and in people's own calendars."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from icalendar import Calendar

from portal.cocreation.actions import meetings as actions
from portal.cocreation.forms.meetings import moment
from portal.cocreation.kinds import personal
from portal.cocreation.models.projects import Ending, Project
from portal.cocreation.models.together import Attendance, Meeting
from portal.kernel import clock
from portal.kernel.audit import AuditEntry
from portal.kernel.content import PublicationState
from portal.kernel.db import atomic, db
from portal.kernel.errors import Conflict, Forbidden, Invalid
from tests.cocreation.together import a_meeting, meeting_draft
from tests.support.cocreation import joined, let_through, started
from tests.support.page import Visitor

Browser = Callable[..., Visitor]
SOON = timedelta(days=8)


def events(name: str) -> int:
    found = sa.select(sa.func.count()).select_from(AuditEntry).where(AuditEntry.name == name)
    return db.session.scalar(found) or 0


@pytest.fixture
def project(cast: Any) -> Project:
    return started(cast.actor("resident"))


@pytest.fixture
def meeting(cast: Any, project: Project) -> Meeting:
    return a_meeting(cast.actor("resident"), project)


@atomic
def over(project: Project) -> None:
    project.ended_at, project.ending = clock.now(), Ending.SUCCEEDED


@pytest.mark.parametrize(
    ("day", "at", "utc"),
    [
        (date(2026, 1, 15), time(18), datetime(2026, 1, 15, 17, tzinfo=UTC)),
        (date(2026, 7, 15), time(18), datetime(2026, 7, 15, 16, tzinfo=UTC)),
        (date(2026, 3, 29), time(3), datetime(2026, 3, 29, 1, tzinfo=UTC)),
        (date(2026, 10, 25), time(2, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (date(2026, 10, 25), time(3), datetime(2026, 10, 25, 2, tzinfo=UTC)),
    ],
)
def test_times_are_norwegian_summer_and_winter(day: date, at: time, utc: datetime) -> None:
    assert moment("starts", day, at) == utc


def test_the_hour_that_isnt_there_is_told_at_its_field() -> None:
    with pytest.raises(Invalid) as refusal:
        moment("ends", date(2026, 3, 29), time(2, 30))
    assert refusal.value.field == "ends"


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("title", {"title": ""}),
        ("ends", {"ends_at": clock.now()}),
        ("ends_on", {"ends_at": clock.now() + timedelta(days=100)}),
        ("place", {"place": " "}),
        ("capacity", {"capacity": 0}),
        *(
            ("link", {"link": link})
            for link in (
                "http://video.example/1",
                "javascript:alert(1)",
                "https://",
                "https://a b.example",
                "https://video.example@evil.example/",
                "https://video.example/\nX-EVIL:1",
                "HTTPS://\u00a0x",
            )
        ),
    ],
)
def test_what_is_wrong_is_told_at_its_field(cast: Any, project: Project, field: str, wrong: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as refusal:
        actions.call_meeting(cast.actor("resident"), project.id, meeting_draft(**wrong), key="x")
    assert refusal.value.field == field


def test_owners_and_representatives_call_to_meetings_and_others_dont(cast: Any, project: Project) -> None:
    joined(cast.actor("resident"), project, cast.actor("business"))
    called = actions.call_meeting(cast.actor("business"), project.id, meeting_draft(), key="x")
    assert called.byline == "Leder, Frivilligsentralen"
    for who in ("resident2", "adviser", "moderator"):
        with pytest.raises(Forbidden):
            actions.call_meeting(cast.actor(who), project.id, meeting_draft(), key="x")


def test_a_moved_meeting_counts_up_for_calendars_and_new_words_dont(cast: Any, meeting: Meeting) -> None:
    owner = cast.actor("resident")
    stands = meeting_draft(starts_at=meeting.starts_at)
    changed = actions.edit_meeting(owner, meeting.id, stands, version=meeting.version)
    assert (changed.sequence, changed.edited_at, events("project.meeting_changed")) == (0, None, 0)
    later = meeting_draft(starts_at=meeting.starts_at + timedelta(hours=1))
    changed = actions.edit_meeting(owner, meeting.id, later, version=changed.version)
    assert (changed.sequence, changed.state) == (1, PublicationState.PUBLISHED)
    assert changed.edited_at is not None
    reworded = meeting_draft(starts_at=later.starts_at, agenda="Kaffe", capacity=10)
    changed = actions.edit_meeting(owner, meeting.id, reworded, version=changed.version)
    assert changed.sequence == 1
    elsewhere = meeting_draft(starts_at=later.starts_at, agenda="Kaffe", capacity=10, place="Biblioteket")
    changed = actions.edit_meeting(owner, meeting.id, elsewhere, version=changed.version)
    assert (changed.sequence, events("project.meeting_changed")) == (2, 3)


def test_of_two_who_move_a_meeting_the_second_is_told(cast: Any, meeting: Meeting) -> None:
    opened = meeting.version
    for refused in (False, True):
        later = meeting_draft(starts_at=meeting.starts_at + timedelta(hours=1 + refused))
        if refused:
            with pytest.raises(Conflict):
                actions.edit_meeting(cast.actor("resident"), meeting.id, later, version=opened)
        else:
            actions.edit_meeting(cast.actor("resident"), meeting.id, later, version=opened)


def test_people_come_and_stay_away_and_are_counted(cast: Any, meeting: Meeting) -> None:
    for _again in range(2):
        actions.join_meeting(cast.actor("resident2"), meeting.id)
    actions.join_meeting(cast.actor("employee"), meeting.id)
    assert db.session.get_one(Meeting, meeting.id, populate_existing=True).taken == 2
    for _again in range(2):
        actions.leave_meeting(cast.actor("resident2"), meeting.id)
    assert db.session.get_one(Meeting, meeting.id, populate_existing=True).taken == 1
    assert (events("project.meeting_joined"), events("project.meeting_left")) == (2, 1)


def test_nobody_gets_in_where_it_is_full_and_room_for_fewer_is_refused(cast: Any, project: Project) -> None:
    owner = cast.actor("resident")
    meeting = a_meeting(owner, project, capacity=2)
    for who in ("resident2", "employee"):
        actions.join_meeting(cast.actor(who), meeting.id)
    with pytest.raises(Conflict, match="fullt"):
        actions.join_meeting(cast.actor("adviser"), meeting.id)
    stands = {"starts_at": meeting.starts_at, "capacity": 1}
    with pytest.raises(Invalid) as refusal:
        actions.edit_meeting(owner, meeting.id, meeting_draft(**stands), version=meeting.version)
    assert refusal.value.field == "capacity"


def test_nobody_says_they_come_to_what_is_cancelled_past_or_over(cast: Any, project: Project) -> None:
    owner, helper = cast.actor("resident"), cast.actor("resident2")
    cancelled, past, other = (a_meeting(owner, project) for _each in range(3))
    actions.cancel_meeting(owner, cancelled.id)
    with pytest.raises(Conflict, match="avlyst"):
        actions.join_meeting(helper, cancelled.id)
    with clock.moved(SOON), pytest.raises(Conflict):
        actions.join_meeting(helper, past.id)
    over(project)
    with pytest.raises(Forbidden):
        actions.join_meeting(helper, other.id)


def test_a_cancelled_meeting_stays_so(cast: Any, meeting: Meeting) -> None:
    owner = cast.actor("resident")
    with pytest.raises(Forbidden):
        actions.cancel_meeting(cast.actor("resident2"), meeting.id)
    for _again in range(2):
        actions.cancel_meeting(owner, meeting.id)
    assert (meeting.sequence, events("project.meeting_cancelled")) == (1, 1)
    with pytest.raises(Conflict):
        actions.edit_meeting(owner, meeting.id, meeting_draft(), version=meeting.version)
    with pytest.raises(Conflict):
        actions.write_minutes(owner, meeting.id, "Ingen kom.", version=meeting.version)


def test_minutes_are_written_when_it_has_begun(cast: Any, meeting: Meeting) -> None:
    owner = cast.actor("resident")
    with pytest.raises(Invalid):
        actions.write_minutes(owner, meeting.id, "Vi ble enige.", version=meeting.version)
    with clock.moved(SOON):
        with pytest.raises(Conflict):
            actions.cancel_meeting(owner, meeting.id)
        actions.write_minutes(owner, meeting.id, "Vi ble enige.", version=meeting.version)
    assert events("cocreation.edited") == 1


def test_a_meeting_that_somebody_comes_to_is_cancelled_rather_than_taken_back(cast: Any, meeting: Meeting) -> None:
    owner = cast.actor("resident")
    actions.join_meeting(cast.actor("resident2"), meeting.id)
    with pytest.raises(Conflict):
        actions.withdraw_meeting(owner, meeting.id)
    actions.leave_meeting(cast.actor("resident2"), meeting.id)
    actions.withdraw_meeting(owner, meeting.id)
    assert db.session.get_one(Meeting, meeting.id).state is PublicationState.WITHDRAWN


def test_an_erased_account_gives_its_place_back(cast: Any, meeting: Meeting) -> None:
    actions.join_meeting(cast.actor("resident2"), meeting.id)
    atomic(personal.erase)(cast.resident2.id)
    assert db.session.get_one(Meeting, meeting.id, populate_existing=True).taken == 0
    assert db.session.scalars(sa.select(Attendance)).all() == []


A_FORM = {
    "title": "Åpent møte",
    "starts_on": "2031-03-30",
    "starts": "18:30",
    "ends": "20.00",
    "place": "Samfunnshuset",
    "capacity": "12",
}


def test_a_meeting_is_called_moved_and_come_to_in_the_browser(cast: Any, visitor: Browser, project: Project) -> None:
    owner, guest = visitor("resident"), visitor("resident2")
    form = owner.get("cocreation_together.new_meeting", project_id=project.id).form("main form.form")
    owner.post("cocreation_together.new_meeting", form | A_FORM, project_id=project.id)
    meeting = db.session.scalars(sa.select(Meeting)).one()
    assert (meeting.starts_at, meeting.ends_at) == (
        datetime(2031, 3, 30, 16, 30, tzinfo=UTC),
        datetime(2031, 3, 30, 18, tzinfo=UTC),
    )
    let_through(meeting)
    edit = owner.get("cocreation_together.edit_meeting", meeting_id=meeting.id).form("main form.form")
    assert (edit["starts_on"], edit["starts"], edit["ends"], edit["ends_on"]) == ("2031-03-30", "18:30", "20:00", "")
    owner.post("cocreation_together.edit_meeting", edit | {"ends": "21:00"}, meeting_id=meeting.id)
    guest.post("cocreation_together.join_meeting", meeting_id=meeting.id)
    page = guest.get("cocreation_together.meeting", meeting_id=meeting.id)
    assert "Søndag 30. mars 2031 kl. 18:30–21:00" in page.words
    assert "1 kommer. 11 plasser igjen." in page.words
    guest.post("cocreation_together.leave_meeting", meeting_id=meeting.id)
    assert (
        "Ingen har sagt at de kommer ennå." in visitor().get("cocreation_together.meeting", meeting_id=meeting.id).words
    )


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("starts", {"starts": "halv sju"}),
        ("ends", {"ends": "18:30"}),
        ("starts", {"starts": "02:30"}),
        ("starts_on", {"starts_on": ""}),
        ("link", {"link": "http://video.example/"}),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(
    visitor: Browser, project: Project, field: str, wrong: dict[str, str]
) -> None:
    owner = visitor("resident")
    form = owner.get("cocreation_together.new_meeting", project_id=project.id).form("main form.form")
    page = owner.post("cocreation_together.new_meeting", form | A_FORM | wrong, _status=422, project_id=project.id)
    assert page.one(f"#{field}-error")
    assert page.form("main form.form")[field] == wrong[field]


def test_coming_meetings_stand_first_and_past_ones_with_their_minutes(
    cast: Any, visitor: Browser, project: Project
) -> None:
    owner = cast.actor("resident")
    for number, days in enumerate((20, 2, -3, -30)):
        meeting = a_meeting(owner, project, title=f"Møte {number}", starts_at=clock.now() + timedelta(days=days))
        if days < 0:
            actions.write_minutes(owner, meeting.id, f"Vi ble enige om {number}.", version=meeting.version)
            let_through(meeting)
    page = visitor().get("cocreation_together.meetings", project_id=project.id)
    assert [each.get_text() for each in page.all(".meeting-row h3")] == ["Møte 1", "Møte 0", "Møte 2", "Møte 3"]
    assert "Vi ble enige om 3." in page.words


def test_names_are_for_members(cast: Any, visitor: Browser, meeting: Meeting) -> None:
    actions.join_meeting(cast.actor("resident2"), meeting.id)
    for who in (None, "employee", "resident2"):
        assert not visitor(who).get("cocreation_together.meeting", meeting_id=meeting.id).all(".meeting-names")
    page = visitor("resident").get("cocreation_together.meeting", meeting_id=meeting.id)
    assert page.one(".meeting-names").get_text(strip=True) == cast.resident2.name


def test_who_comes_too_late_is_told(cast: Any, visitor: Browser, project: Project) -> None:
    meeting = a_meeting(cast.actor("resident"), project, capacity=1)
    late = visitor("employee")
    actions.join_meeting(cast.actor("resident2"), meeting.id)
    answer = late.post("cocreation_together.join_meeting", meeting_id=meeting.id)
    assert "Møtet er fullt" in late.follow(answer).words


def test_who_is_signed_out_is_led_to_sign_in_and_gets_no_cookie(visitor: Browser, meeting: Meeting) -> None:
    page = visitor().get("cocreation_together.meeting", meeting_id=meeting.id)
    assert "Set-Cookie" not in page.response.headers
    assert page.all("a[href$='/kommer']")
    visitor().get("cocreation_together.go_and_join", 303, meeting_id=meeting.id)


def read(page: Any) -> list[Any]:
    assert page.response.mimetype == "text/calendar"
    return list(Calendar.from_ical(page.response.get_data()).walk("VEVENT"))


def test_the_calendar_has_the_public_meetings_in_utc_with_changes_and_no_names(
    cast: Any, visitor: Browser, project: Project
) -> None:
    owner = cast.actor("resident")
    moved, cancelled = (a_meeting(owner, project, title=each, agenda="**Kaffe**") for each in ("Flyttet", "Avlyst"))
    later = meeting_draft(title="Flyttet", starts_at=moved.starts_at + timedelta(days=1), agenda="**Kaffe**")
    actions.edit_meeting(owner, moved.id, later, version=moved.version)
    actions.join_meeting(cast.actor("resident2"), cancelled.id)
    actions.cancel_meeting(owner, cancelled.id)
    waiting = a_meeting(owner, project, title="Venter")
    atomic(lambda: setattr(waiting, "state", PublicationState.PENDING))()
    page = visitor("resident").get("cocreation_together.calendar", project_id=project.id, slug="gammelt-navn")
    by_title = {str(each["SUMMARY"]): each for each in read(page)}
    assert set(by_title) == {"Flyttet", "Avlyst"}
    found = by_title["Flyttet"]
    assert found["DTSTART"].dt == later.starts_at.replace(microsecond=0)
    assert found["DTSTART"].dt.tzinfo is not None
    assert (found["SEQUENCE"], str(found["STATUS"]), str(found["DESCRIPTION"])) == (1, "CONFIRMED", "Kaffe")
    assert str(found["UID"]).startswith(f"mote-{moved.id}@")
    assert str(found["URL"]).endswith(f"/samskaping/moter/{moved.id}")
    assert (by_title["Avlyst"]["SEQUENCE"], str(by_title["Avlyst"]["STATUS"])) == (1, "CANCELLED")
    for name in (cast.resident.name, cast.resident2.name, "Naboene"):
        assert name not in page.text


def test_one_meeting_is_a_file_of_its_own(visitor: Browser, meeting: Meeting) -> None:
    page = visitor().get("cocreation_together.meeting_file", meeting_id=meeting.id)
    assert [str(each["SUMMARY"]) for each in read(page)] == ["Åpent møte"]
    assert page.response.headers["Content-Disposition"] == f'attachment; filename="mote-{meeting.id}.ics"'
    assert "X-WR-CALNAME" not in page.text


def test_a_calendar_that_has_it_all_is_told_so(cast: Any, visitor: Browser, project: Project, meeting: Meeting) -> None:
    someone = visitor()
    values = {"project_id": project.id, "slug": "middag"}
    tag = someone.get("cocreation_together.calendar", **values).response.headers["ETag"]
    someone.get("cocreation_together.calendar", 304, {"If-None-Match": tag}, **values)
    later = meeting_draft(starts_at=meeting.starts_at + timedelta(days=1))
    actions.edit_meeting(cast.actor("resident"), meeting.id, later, version=meeting.version)
    someone.get("cocreation_together.calendar", 200, {"If-None-Match": tag}, **values)


def test_what_waits_has_no_file_and_a_project_that_isnt_shown_no_calendar(
    cast: Any, visitor: Browser, project: Project, meeting: Meeting
) -> None:
    atomic(lambda: setattr(meeting, "state", PublicationState.PENDING))()
    visitor().get("cocreation_together.meeting_file", 404, meeting_id=meeting.id)
    atomic(lambda: setattr(project, "state", PublicationState.PENDING))()
    visitor("resident").get("cocreation_together.calendar", 404, project_id=project.id, slug="x")


def test_the_page_tells_how_to_subscribe(visitor: Browser, project: Project) -> None:
    page = visitor().get("cocreation_together.meetings", project_id=project.id)
    address = str(page.one("a[href^='webcal:']")["href"])
    assert address.startswith("webcal://")
    assert address.endswith(f"/samskaping/{project.id}-middag-sammen-i-heggedal/moter.ics")


@pytest.mark.parametrize("who", [None, "resident"])
def test_many_meetings_and_people_take_few_statements(
    cast: Any, visitor: Browser, project: Project, count_queries: Any, who: str | None
) -> None:
    meetings = [a_meeting(cast.actor("resident"), project, title=f"Møte {n}") for n in range(30)]
    for each in ("resident2", "employee", "adviser"):
        actions.join_meeting(cast.actor(each), meetings[0].id)
    someone = visitor(who)
    with count_queries(at_most=8):
        page = someone.get("cocreation_together.meetings", project_id=project.id)
    assert len(page.all(".meeting-row")) == 30
    with count_queries(at_most=8):
        someone.get("cocreation_together.meeting", meeting_id=meetings[0].id)
    with count_queries(at_most=8):
        assert len(read(someone.get("cocreation_together.calendar", project_id=project.id, slug="x"))) == 30


def test_a_link_that_a_moderator_masked_is_no_longer_a_link(cast: Any, visitor: Browser, project: Project) -> None:
    meeting = a_meeting(cast.actor("resident"), project, place="", link="https://video.example/rom")
    page = visitor().get("cocreation_together.meeting", meeting_id=meeting.id)
    assert page.one("a.meeting-link")["href"] == "https://video.example/rom"
    assert str(read(visitor().get("cocreation_together.meeting_file", meeting_id=meeting.id))[0]["LOCATION"])
    atomic(lambda: setattr(meeting, "link", "[fjernet]"))()
    page = visitor().get("cocreation_together.meeting", meeting_id=meeting.id)
    assert not page.all("a.meeting-link")
    assert "[fjernet]" in page.words
    assert "LOCATION" not in read(visitor().get("cocreation_together.meeting_file", meeting_id=meeting.id))[0]
