"""What people fill in about meetings: when in Norwegian time, where, and what was said."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from wtforms import TimeField

from portal.cocreation.actions.meetings import MOST, MeetingDraft
from portal.cocreation.forms.needs import SentOnce
from portal.cocreation.models.together import Meeting
from portal.kernel import clock, fields
from portal.kernel.errors import Invalid
from portal.kernel.i18n import _l, language

MINUTES_LONGEST = 20_000


class NorwegianTimeField(TimeField):
    """A time of day, with our own message when it isn't one."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata([value.strip() for value in valuelist])
        except ValueError as error:
            raise ValueError(_l("Skriv et klokkeslett slik: 18:30.")) from error


def _time(label: Any) -> Any:
    return NorwegianTimeField(label, [fields.required()], format=["%H:%M", "%H.%M"])


class MeetingForm(SentOnce):
    """A meeting as it is called."""

    title = fields.text(_l("Hva handler møtet om?"), longest=120)
    starts_on = fields.date(_l("Dato"))
    starts = _time(_l("Begynner klokka"))
    ends = _time(_l("Slutter klokka"))
    ends_on = fields.date(
        _l("Siste dag"), optional=True, description=_l("Bare når møtet slutter en annen dag enn det begynner.")
    )
    place = fields.text(_l("Sted"), optional=True, description=_l("Navn og adresse, så alle finner fram."))
    link = fields.text(
        _l("Lenke til møte på nett"),
        longest=500,
        optional=True,
        description=_l("Begynner med https://. Alle kan se den."),
        inputmode="url",
    )
    agenda = fields.long_text(_l("Hva skal dere snakke om?"), optional=True, rows=6)
    capacity = fields.number(
        _l("Antall plasser"),
        lowest=1,
        highest=MOST,
        optional=True,
        description=_l("La det stå tomt når alle som vil, kan komme."),
    )

    def draft(self, written_in: str = "") -> MeetingDraft:
        """Return what was written; raises Invalid at the time that isn't there when clocks are moved."""
        return MeetingDraft(
            title=self.title.data,
            starts_at=moment("starts", self.starts_on.data, self.starts.data),
            ends_at=moment("ends", self.ends_on.data or self.starts_on.data, self.ends.data),
            agenda=self.agenda.data or "",
            place=self.place.data or "",
            link=self.link.data or "",
            capacity=self.capacity.data,
            language=written_in or language(),
        )


def moment(field: str, day: date, at: time) -> datetime:
    """Return when it is so in Norway, in UTC; of an hour that comes twice, the first. Raises Invalid at the field."""
    wanted = datetime.combine(day, at, tzinfo=clock.OSLO)
    found = wanted.astimezone(UTC)
    if clock.local(found).replace(tzinfo=None) != wanted.replace(tzinfo=None):
        raise Invalid(field, _l("Denne natta stilles klokka fram, og dette klokkeslettet finnes ikke. Velg et annet."))
    return found


def meeting_values(meeting: Meeting) -> dict[str, Any]:
    """Return what is kept of a meeting, for its form."""
    starts, ends = clock.local(meeting.starts_at), clock.local(meeting.ends_at)
    return {
        "title": meeting.title,
        "starts_on": starts.date(),
        "starts": starts.time(),
        "ends": ends.time(),
        "ends_on": ends.date() if ends.date() != starts.date() else None,
        "place": meeting.place,
        "link": meeting.link,
        "agenda": meeting.agenda,
        "capacity": meeting.capacity,
        "version": str(meeting.version),
    }


class MinutesForm(SentOnce):
    """What was said and agreed."""

    minutes = fields.long_text(
        _l("Hva ble sagt og avtalt?"),
        longest=MINUTES_LONGEST,
        description=_l("Alle kan lese referatet. Skriv roller i stedet for navn på folk."),
        rows=16,
    )
