"""What people fill in about needs: what is needed, how much one gives, and hours that were given."""

from __future__ import annotations

import re
import uuid
from decimal import Decimal
from typing import Any

from wtforms import HiddenField, StringField

from portal.cocreation.actions.hours import HoursDraft
from portal.cocreation.actions.needs import MOST, NeedDraft
from portal.cocreation.models.together import Need, NeedKind, SignUp
from portal.cocreation.queries.measures import NEED_KINDS
from portal.kernel import clock, fields
from portal.kernel.i18n import _l, language

KEY = re.compile(r"[0-9a-zA-Z-]{1,36}")
VERSION = re.compile(r"[0-9]{1,9}")
HOURS = re.compile(r"[0-9]{1,3}(?:[.,][0-9]{1,2})?")


class SentOnce(fields.Form):
    """A form whose `key` makes it one thing though it is sent twice, and whose `version` tells what it changes."""

    key = HiddenField()
    version = HiddenField()

    def begin(self) -> None:
        """Give a new form its key."""
        if not self.is_submitted():
            self.key.data = uuid.uuid4().hex

    @property
    def sent_key(self) -> str:
        return self.key.data if KEY.fullmatch(self.key.data or "") else uuid.uuid4().hex

    @property
    def sent_version(self) -> int:
        return int(self.version.data) if VERSION.fullmatch(self.version.data or "") else 0

    def rebase(self, version: int) -> None:
        """Let the next try go on top of what others saved meanwhile."""
        self.version.data, self.version.raw_data = str(version), None


class NeedForm(SentOnce):
    """What a project needs."""

    kind = fields.choice(_l("Hva slags hjelp er det?"), list(NEED_KINDS.items()), radio=True)
    title = fields.text(_l("Hva trenger dere?"), longest=120, description=_l("For eksempel: «Kokker til fredagene»."))
    text = fields.long_text(
        _l("Fortell litt mer"),
        optional=True,
        description=_l("Når er det, hva skal man gjøre, og hva bør man kunne fra før?"),
        rows=5,
    )
    capacity = fields.number(
        _l("Hvor mye trenger dere?"),
        lowest=1,
        highest=MOST,
        description=_l("Et helt tall: timer, personer, rom, ting eller kroner, etter hva det er."),
    )
    skills = fields.text(
        _l("Ferdigheter"),
        optional=True,
        description=_l("Med komma mellom, for eksempel: snekring, matlaging. De hjelper oss å finne noen som passer."),
    )
    needed_on = fields.date(_l("Når trenger dere det?"), optional=True)

    def draft(self, written_in: str = "") -> NeedDraft:
        """Return what was written; `written_in`: the language it is in already."""
        words = [each.strip() for each in (self.skills.data or "").split(",")]
        return NeedDraft(
            kind=NeedKind(self.kind.data),
            title=self.title.data,
            text=self.text.data or "",
            capacity=self.capacity.data,
            skills=tuple(dict.fromkeys(filter(None, words))),
            needed_on=self.needed_on.data,
            language=written_in or language(),
        )


def need_values(need: Need) -> dict[str, Any]:
    """Return what is kept of a need, for its form."""
    return {
        "kind": need.kind.value,
        "title": need.title,
        "text": need.text,
        "capacity": need.capacity,
        "skills": ", ".join(need.skills),
        "needed_on": need.needed_on,
        "version": str(need.version),
    }


class SignUpForm(fields.Form):
    """How much one gives, and a word to those who run the project."""

    amount = fields.number(_l("Hvor mye kan du bidra med?"), lowest=1, highest=MOST)
    note = fields.long_text(
        _l("Melding til prosjektet"),
        longest=1000,
        optional=True,
        description=_l("Den leser bare de som eier prosjektet eller representerer en part."),
        rows=3,
    )


def sign_up_values(mine: SignUp | None) -> dict[str, Any]:
    """Return what one has signed up for already, for the form."""
    return {"amount": mine.amount, "note": mine.note} if mine else {}


class HoursField(StringField):
    """A number of hours, with a comma as we write it or a point; what can't be read is shown as it was written."""

    data: Any

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = valuelist[0].strip() if valuelist else ""
        self.data = None
        if not typed:
            raise ValueError(fields.REQUIRED)
        if HOURS.fullmatch(typed) is None:
            raise ValueError(_l("Skriv et tall, for eksempel 2 eller 1,5."))
        self.data = Decimal(typed.replace(",", "."))


class HoursForm(SentOnce):
    """Hours that one gave on a day."""

    what = fields.text(_l("Hva gjorde du?"), longest=120)
    hours = HoursField(
        _l("Hvor mange timer?"),
        validators=[fields.required()],
        description=_l("For eksempel 2 eller 1,5."),
        render_kw={"inputmode": "decimal", "autocomplete": "off"},
    )
    done_on = fields.date(_l("Hvilken dag?"))

    def begin(self) -> None:
        """A new form is about today."""
        super().begin()
        if not self.is_submitted():
            self.done_on.data = clock.today()

    def draft(self) -> HoursDraft:
        return HoursDraft(hours=self.hours.data, what=self.what.data, done_on=self.done_on.data)
