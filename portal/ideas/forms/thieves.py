"""What people fill in about tidstyver: the time, whose it is to mend, the measure, and the time afterwards."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from wtforms import HiddenField, IntegerField, StringField
from wtforms import validators as v
from wtforms.fields import SelectChoice
from wtforms.widgets import HiddenInput

from portal.ideas.actions.measures import MeasureDraft, TogetherDraft
from portal.ideas.actions.thieves import (
    MOST_HOURS,
    MOST_MINUTES,
    MOST_PERSONS,
    MOST_TIMES,
    AfterDraft,
    ThiefDraft,
    TransferDraft,
)
from portal.ideas.authorship import LONGEST, TITLE_LONGEST
from portal.ideas.forms.proposing import IdeaForm
from portal.ideas.hours import Cause, Hit, Owner
from portal.ideas.models.thieves import Measure, TimeThief
from portal.ideas.queries.drafting import DraftPage
from portal.ideas.stages import Degree, IdeaKind
from portal.ideas.thief_words import CAUSES, DEGREES, HITS, OWNERS
from portal.kernel import clock, fields
from portal.kernel.i18n import _l, language
from portal.ui.filters import number as written

DONT_KNOW = ("", _l("Vet ikke"))
YES_NO = (("yes", _l("Ja")), ("no", _l("Nei")), DONT_KNOW)
NUMBER = re.compile(r"[-−]?\d{1,12}(?:[.,]\d{1,4})?")
KEY_LONGEST = 36


class ExactField(StringField):
    """A number that may have decimals: «6», «2,5», «1 250»; what can't be read is shown again as it was written."""

    data: Any

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{Decimal(self.data).normalize():f}".replace(".", ",")

    def process_formdata(self, valuelist: list[str]) -> None:
        plain = re.sub(r"\s", "", valuelist[0]) if valuelist else ""
        self.data = None
        if not plain:
            return
        if NUMBER.fullmatch(plain) is None:
            raise ValueError(_l("Skriv et tall, for eksempel 6 eller 2,5."))
        self.data = Decimal(plain.replace(",", ".").replace("−", "-"))


class _Within:
    """Says between what a number must be; nothing of what isn't one."""

    def __init__(self, lowest: int, highest: int, decimals: int) -> None:
        self.lowest, self.highest, self.decimals = lowest, highest, decimals

    def __call__(self, _form: Any, field: Any) -> None:
        if field.data is None:
            return
        if not self.lowest <= field.data <= self.highest:
            ends = {"min": written(self.lowest), "max": written(self.highest)}
            raise v.ValidationError(_l("Skriv et tall fra %(min)s til %(max)s.", **ends))
        if round(field.data, self.decimals) != field.data:
            raise v.ValidationError(_l("Skriv høyst %(number)d desimaler.", number=self.decimals))


def exact(label: Any, lowest: int, highest: int, *, decimals: int = 2, description: Any = "") -> Any:
    """Return a field for a number with decimals, which may be left empty."""
    keyboard = {"inputmode": "decimal", "autocomplete": "off"}
    return ExactField(
        label, [v.Optional(), _Within(lowest, highest, decimals)], description=description, render_kw=keyboard
    )


def _minutes() -> Any:
    return exact(_l("Minutter hver gang"), 0, MOST_MINUTES)


def _times() -> Any:
    return fields.number(_l("Ganger i året, for én person"), lowest=0, highest=MOST_TIMES, optional=True)


def _persons() -> Any:
    return fields.number(_l("Hvor mange personer"), lowest=0, highest=MOST_PERSONS, optional=True)


class ThiefFields:
    """What its author tells of the time, as a part of a form; everything may be left open."""

    hit = fields.choices(_l("Hvem går det ut over?"), list(HITS.items()), description=_l("Velg alle som passer."))
    cause = fields.choice(_l("Hva er grunnen?"), [DONT_KNOW, *CAUSES.items()], optional=True)
    within_control = fields.choice(_l("Kan kommunen gjøre noe med det selv?"), YES_NO, radio=True, optional=True)
    minutes, times, persons = _minutes(), _times(), _persons()
    owner = fields.choice(
        _l("Hvem kan gjøre noe med den?"),
        [DONT_KNOW, *OWNERS.items()],
        optional=True,
        description=_l("Vet du det ikke, finner vi ut av det."),
    )

    def thief_draft(self) -> ThiefDraft:
        return ThiefDraft(
            hit=[Hit(each) for each in self.hit.data or ()],
            cause=Cause(self.cause.data) if self.cause.data else None,
            within_control=_known(self.within_control.data),
            minutes=self.minutes.data,
            times=self.times.data,
            persons=self.persons.data,
            owner=Owner(self.owner.data) if self.owner.data else None,
        )

    def fill_thief(self, thief: TimeThief) -> None:
        """Put in what is kept."""
        self.hit.data, self.cause.data, self.owner.data = list(thief.hit), thief.cause or "", thief.owner or ""
        self.within_control.data = _yes_no(thief.within_control)
        for name in ("minutes", "times", "persons"):
            getattr(self, name).data = getattr(thief, name)


class ThiefForm(ThiefFields, IdeaForm):
    """A tidstyv, in as few words as its author has time for: an idea with more fields."""

    kind = IdeaKind.TIME_THIEF
    title = fields.text(_l("Hva vil du kalle den?"), longest=TITLE_LONGEST, optional=True)
    challenge = fields.long_text(_l("Hva er det som stjeler tid?"), longest=LONGEST, optional=True)
    solution = fields.long_text(_l("Har du et råd mot den?"), longest=LONGEST, optional=True)
    service_area = fields.choice(_l("Hvor i kommunen holder den til?"), [], optional=True)
    needed = (
        ("title", _l("Gi tidstyven et navn.")),
        ("challenge", _l("Fortell hva som stjeler tid: ellers finner vi den ikke.")),
    )

    def fill(self, page: DraftPage) -> None:
        """Put in what is kept of it, its time too."""
        super().fill(page)
        if page.thief is not None:
            self.fill_thief(page.thief)


class _Versioned(fields.Form):
    version = IntegerField(widget=HiddenInput(), validators=[v.Optional()])


class TransferForm(_Versioned):
    """Whose it is to mend, and why."""

    key = HiddenField(validators=[v.Length(min=8, max=KEY_LONGEST)])
    owner = fields.choice(_l("Hvem har ansvaret nå?"), list(OWNERS.items()), radio=True)
    owner_name = fields.text(_l("Hvilken enhet, etat eller leverandør?"), optional=True)
    reason = fields.long_text(
        _l("Hvorfor?"), longest=2000, description=_l("Dette blir et steg på siden til tidstyven, og alle kan lese det.")
    )
    receipt = fields.text(
        _l("Svar eller saksnummer derfra"),
        optional=True,
        description=_l("Det de svarte, eller nummeret saken fikk der."),
    )
    is_known = fields.choice(_l("Vet de om den?"), YES_NO, radio=True, optional=True)

    def draft(self) -> TransferDraft:
        return TransferDraft(
            owner=Owner(self.owner.data),
            owner_name=self.owner_name.data or "",
            reason=self.reason.data,
            receipt=self.receipt.data or "",
            is_known=_known(self.is_known.data),
            language=language(),
        )


class AttachForm(_Versioned):
    """Which measure it is on."""

    measure = fields.choice(_l("Tiltak"), [], optional=True, coerce=str)

    def offer(self, measures: Mapping[int, str]) -> None:
        none = ("", _l("Ikke på noe tiltak"))
        self.measure.choices = _options([none, *((str(id_), title) for id_, title in measures.items())])

    @property
    def measure_id(self) -> int | None:
        return int(self.measure.data) if self.measure.data else None


class AfterForm(_Versioned):
    """What it takes now, and what became of the time."""

    minutes, times, persons = _minutes(), _times(), _persons()
    measured_on = fields.date(_l("Når ble tiden målt?"), optional=True)
    degree = fields.choice(_l("Hvor mye av den er borte?"), list(DEGREES.items()), radio=True, optional=True)
    freed_for = fields.text(
        _l("Hvem har fått tiden?"), optional=True, description=_l("For eksempel «Lærerne på trinn 1–4».")
    )
    used_for = fields.long_text(
        _l("Hva brukes tiden til nå?"), longest=1000, optional=True, description=_l("Kort. Alle kan lese det.")
    )

    def draft(self) -> AfterDraft:
        degree = self.degree.data if "degree" in self else None
        return AfterDraft(
            minutes=self.minutes.data,
            times=self.times.data,
            persons=self.persons.data,
            measured_on=self.measured_on.data,
            degree=Degree(degree) if degree else None,
            freed_for=self.freed_for.data or "",
            used_for=self.used_for.data or "",
        )


class MeasureForm(_Versioned):
    """What is done, and who has it."""

    key = HiddenField(validators=[v.Length(max=KEY_LONGEST)])
    title = fields.text(_l("Hva gjør vi?"), description=_l("For eksempel «Ett felles skjema i stedet for tre»."))
    description = fields.long_text(_l("Mer om tiltaket"), optional=True)
    responsible = fields.text(_l("Hvem har ansvaret?"), optional=True, description=_l("Tittel, ikke navn."))
    service_area = fields.choice(_l("Tjenesteområde"), [], optional=True, coerce=str)

    def offer(self, areas: Mapping[int, str]) -> None:
        none = ("", _l("Ikke valgt"))
        self.service_area.choices = _options([none, *((str(id_), name) for id_, name in areas.items())])
        self.key.data = self.key.data or uuid.uuid4().hex

    def draft(self) -> MeasureDraft:
        return MeasureDraft(
            title=self.title.data,
            description=self.description.data or "",
            responsible=self.responsible.data or "",
            service_area_id=int(self.service_area.data) if self.service_area.data else None,
        )


class TogetherForm(_Versioned):
    """What the measure freed for all of its tidstyver as one."""

    hours_freed = exact(
        _l("Timer frigjort i året, til sammen"),
        -MOST_HOURS,
        MOST_HOURS,
        decimals=4,
        description=_l(
            "La feltet stå tomt hvis tidstyvene er målt hver for seg. Et minus foran betyr at det tar mer tid enn før."
        ),
    )
    measured_on = fields.date(_l("Når ble det målt?"), optional=True)
    freed_for = fields.text(_l("Hvem har fått tiden?"), optional=True)
    used_for = fields.long_text(_l("Hva brukes tiden til nå?"), longest=1000, optional=True)

    def draft(self) -> TogetherDraft:
        return TogetherDraft(
            hours_freed=self.hours_freed.data,
            measured_on=self.measured_on.data,
            freed_for=self.freed_for.data or "",
            used_for=self.used_for.data or "",
        )


class ConfirmForm(fields.Form):
    """Whether the time came back."""

    agrees = fields.choice(
        _l("Har du fått tiden tilbake?"),
        [("yes", _l("Ja, tiden er tilbake")), ("no", _l("Nei, ikke for meg"))],
        radio=True,
    )


def transfer_values(thief: TimeThief) -> dict[str, Any]:
    """Return the owner as it is, to be changed, with a key of its own."""
    return {
        "version": thief.version,
        "key": uuid.uuid4().hex,
        "owner": thief.owner or "",
        "owner_name": thief.owner_name,
        "is_known": _yes_no(thief.is_known),
    }


def after_values(thief: TimeThief) -> dict[str, Any]:
    """Return what was measured, and until then as many times and persons as before: said aloud, and to be mended."""
    is_measured = thief.hours_after is not None
    return {
        "version": thief.version,
        "minutes": thief.minutes_after,
        "times": thief.times_after if is_measured else thief.times,
        "persons": thief.persons_after if is_measured else thief.persons,
        "measured_on": thief.measured_on or clock.today(),
        "degree": thief.degree or "",
        "freed_for": thief.freed_for,
        "used_for": thief.used_for,
    }


def measure_values(measure: Measure) -> dict[str, Any]:
    """Return what a measure says, to be changed."""
    area = measure.service_area_id
    names = ("version", "key", "title", "description", "responsible")
    return {name: getattr(measure, name) for name in names} | {"service_area": "" if area is None else str(area)}


def together_values(measure: Measure) -> dict[str, Any]:
    """Return what was measured of the measure, to be changed."""
    names = ("version", "hours_freed", "measured_on", "freed_for", "used_for")
    return {name: getattr(measure, name) for name in names}


def _options(pairs: Sequence[tuple[str, Any]]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in pairs]


def _known(answer: str | None) -> bool | None:
    return {"yes": True, "no": False}.get(answer or "")


def _yes_no(known: bool | None) -> str:
    return "" if known is None else "yes" if known else "no"
