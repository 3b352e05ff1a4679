"""What staff send about measures: what is done, how it is going, what carries it out, and the answer in public."""

from __future__ import annotations

import uuid
from typing import Any

from wtforms import HiddenField

from portal.kernel import fields
from portal.kernel.i18n import _, _l
from portal.observatorium.actions.measures import AnswerDraft, EntryDraft, MeasureDraft
from portal.observatorium.following_up import MeasureStatus
from portal.observatorium.models.measures import IndicatorMeasure
from portal.observatorium.queries.measures import PlanPage

KEY_LONGEST = 36


def _version() -> Any:
    """Return a hidden field with the version that was seen; nonsense is a version nothing has."""
    return HiddenField(filters=[lambda value: int(value) if str(value).isdecimal() else -1])


class _Keyed(fields.Form):
    """A form that makes one thing however often it is sent."""

    key = HiddenField()

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        if not self.key.data:
            self.key.data = uuid.uuid4().hex

    @property
    def own_key(self) -> str:
        return str(self.key.data)[:KEY_LONGEST]


class MeasureForm(_Keyed):
    """What is done about a judgement, by whom and by when."""

    title = fields.text(_l("Hva skal kommunen gjøre?"), description=_l("Kort, som en overskrift."))
    description = fields.long_text(
        _l("Beskriv tiltaket"),
        longest=5000,
        description=_l("Hva blir gjort, for hvem, og hvordan skal det endre det folk opplever?"),
    )
    responsible = fields.text(
        _l("Hvem har ansvaret?"), description=_l("Skriv stillingen, ikke navnet. For eksempel: leder for byggesak.")
    )
    service_area = fields.choice(
        _l("Tjenesteområde"), [], optional=True, description=_l("Ansatte her kan skrive hvordan det går.")
    )
    deadline = fields.date(_l("Frist"), description=_l("Når tiltaket skal være gjennomført."))
    version = _version()

    def __init__(self, page: PlanPage) -> None:
        super().__init__(data=measure_values(page.measure))
        self.service_area.choices = [("", _("Ikke valgt")), *((str(id_), name) for id_, name in page.areas)]

    def draft(self) -> MeasureDraft:
        return MeasureDraft(
            title=self.title.data,
            description=self.description.data,
            responsible=self.responsible.data,
            deadline=self.deadline.data,
            service_area_id=int(self.service_area.data) if self.service_area.data else None,
        )


def measure_values(measure: IndicatorMeasure | None) -> dict[str, Any]:
    """Return how a measure fills in the form."""
    if measure is None:
        return {"version": 0}
    return {
        "title": measure.title,
        "description": measure.description,
        "responsible": measure.responsible,
        "service_area": str(measure.service_area_id or ""),
        "deadline": measure.deadline,
        "version": measure.version,
    }


class EntryForm(_Keyed):
    """How a measure is going."""

    status = fields.choice(
        _l("Status"),
        [
            (MeasureStatus.PLANNED, _l("Planlagt")),
            (MeasureStatus.UNDER_WAY, _l("I gang")),
            (MeasureStatus.DONE, _l("Gjennomført")),
            (MeasureStatus.STOPPED, _l("Avbrutt")),
        ],
        radio=True,
    )
    text = fields.long_text(
        _l("Hva er nytt?"),
        longest=2000,
        description=_l("Hva er gjort siden sist? Er tiltaket avbrutt, skriv hvorfor. Alle kan lese det."),
    )

    def draft(self) -> EntryDraft:
        return EntryDraft(text=self.text.data, status=MeasureStatus(self.status.data))


class AnswerForm(fields.Form):
    """What the municipality says to the judgement of an indicator."""

    text = fields.long_text(
        _l("Svaret fra kommunen"),
        longest=3000,
        optional=True,
        description=_l("Vises for alle ved indikatoren. Lar du feltet stå tomt, blir svaret tatt bort."),
    )
    version = _version()

    def __init__(self, page: PlanPage) -> None:
        stands = page.answer
        super().__init__(data={"text": stands.text if stands else "", "version": stands.version if stands else 0})

    def draft(self) -> AnswerDraft:
        return AnswerDraft(text=self.text.data or "", version=self.version.data)


class LinkForm(fields.Form):
    """The address of what carries a measure out."""

    address = fields.text(
        _l("Adressen til siden"),
        longest=500,
        description=_l("Åpne ideen, prosjektet eller løsningen her i portalen, og lim inn adressen fra nettleseren."),
    )


class RemoveForm(fields.Form):
    """A button that takes a tie away."""
