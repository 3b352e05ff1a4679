"""What is sent when the municipality assesses itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import HiddenField
from wtforms import validators as v
from wtforms.widgets import TextInput

from portal.accounts.models import ServiceArea
from portal.files.checking import ACCEPT
from portal.files.intake import FileDraft, receive
from portal.kernel import clock, fields
from portal.kernel.i18n import _, _l, language
from portal.kernel.identity import Actor
from portal.observatorium.actions.assessing import AssessmentDraft, EvidenceDraft, SummaryDraft
from portal.observatorium.actions.assigning import AssignmentDraft, PartDraft
from portal.observatorium.catalogue import Catalogue
from portal.observatorium.colour_rule import PartLevel
from portal.observatorium.models.assessing import EvidenceKind
from portal.observatorium.models.rounds import OwnAssessment, Round
from portal.observatorium.queries.assessing import PartState

PART_LEVELS = [
    (PartLevel.RED, _l("Ikke akseptabelt")),
    (PartLevel.YELLOW, _l("På vei")),
    (PartLevel.GREEN, _l("Minstekravet er nådd")),
    (PartLevel.NOT_ASSESSED, _l("Ikke vurdert")),
    (PartLevel.NOT_RELEVANT, _l("Ikke relevant")),
]
EVIDENCE_KINDS = [
    ("", _l("Ikke noe nytt belegg nå")),
    (EvidenceKind.LINK, _l("Lenke")),
    (EvidenceKind.FILE, _l("Fil")),
    (EvidenceKind.FIGURE, _l("Tall")),
]


def _version() -> Any:
    """Return a hidden field with the version that was seen; nonsense is a version nothing has."""
    return HiddenField(filters=[lambda value: int(value) if str(value).isdigit() else -1])


class FigureField(fields.DegreesField):
    """A number as people write it: with a comma, and spaces between the thousands.

    A browser's own field for numbers takes no spaces, and a comma only when the browser itself is in Norwegian.
    """

    widget = TextInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(["".join(value.split()).replace("−", "-") for value in valuelist])


class AssessForm(fields.Form):
    """Where a sub-indicator stands, and a piece of evidence when there is one to add."""

    level = fields.choice(_l("Hvor står kommunen?"), PART_LEVELS, radio=True)
    justification = fields.long_text(
        _l("Begrunnelse"),
        longest=3000,
        optional=True,
        description=_l("Vises for alle. Skriv kort hva som er gjort, og hva som mangler."),
    )
    responsible = fields.text(
        _l("Ansvarlig"), optional=True, description=_l("Stillingen, ikke navnet. For eksempel: leder for plan og bygg.")
    )
    version = _version()
    kind = fields.choice(_l("Hva slags belegg?"), EVIDENCE_KINDS, radio=True, optional=True)
    title = fields.text(_l("Hva heter belegget?"), optional=True)
    dated_on = fields.date(
        _l("Dato"), optional=True, description=_l("Den som står på dokumentet, eller dagen tallet gjelder.")
    )
    url = fields.text(
        _l("Adresse"),
        longest=2000,
        optional=True,
        description=_l("Når belegget er en lenke. Hele adressen, fra https."),
        inputmode="url",
        autocapitalize="none",
        spellcheck="false",
    )
    file = fields.upload(
        _l("Fil"),
        accept=ACCEPT,
        description=_l(
            "Når belegget er en fil: PDF, bilde, eller dokument fra Word, Excel eller LibreOffice, høyst 20 MB."
        ),
    )
    figure_value = FigureField(
        _l("Tall"),
        validators=[v.Optional()],
        description=_l("Når belegget er et tall. For eksempel 41,5."),
        render_kw={"inputmode": "decimal"},
    )
    figure_unit = fields.text(
        _l("Måles i"), longest=100, optional=True, description=_l("For eksempel prosent eller kroner per innbygger.")
    )
    figure_source = fields.text(_l("Kilde"), optional=True, description=_l("For eksempel SSB, tabell 12362."))
    valid_from = fields.date(_l("Gjelder fra"), optional=True)
    valid_to = fields.date(
        _l("Gjelder til og med"),
        optional=True,
        description=_l("La stå tomt når belegget gjelder til det blir erstattet."),
    )

    def draft(self) -> AssessmentDraft:
        return AssessmentDraft(
            level=PartLevel(self.level.data),
            justification=self.justification.data or "",
            responsible=self.responsible.data or "",
            version=self.version.data,
        )

    def evidence(self, actor: Actor) -> EvidenceDraft | None:
        """Return the piece of evidence that was sent, its file taken in. Invalid at its field."""
        if not self.kind.data:
            return None
        kind, sent, file = EvidenceKind(self.kind.data), self.file.data, None
        title = self.title.data or ""
        if kind is EvidenceKind.FILE and sent and title:
            said = FileDraft(alt_text=title, language=language())
            file = receive(actor, sent.read(), sent.filename or "", said)
        return EvidenceDraft(
            kind=kind,
            title=title,
            dated_on=self.dated_on.data or clock.today(),
            url=self.url.data or "",
            file=file,
            figure_value=self.figure_value.data,
            figure_unit=self.figure_unit.data or "",
            figure_source=self.figure_source.data or "",
            valid_from=self.valid_from.data,
            valid_to=self.valid_to.data,
        )

    def refuse_stale(self, message: object, now: PartState) -> None:
        """Say that somebody else came first, keep what was written, and let it be saved on top of theirs."""
        self.level.errors = [*self.level.errors, message]
        self.version.data = now.assessment.version if now.assessment else 0

    def ask_for_file_again(self) -> None:
        """Say that the file must be chosen once more when something else was wrong: no browser keeps it."""
        if self.kind.data == EvidenceKind.FILE and self.file.data and not self.file.errors:
            self.file.errors = [_l("Velg fila en gang til. Nettleseren husker den ikke.")]


def assess_values(part: PartState) -> Mapping[str, Any]:
    """Return what the form begins with."""
    said = part.assessment
    return {
        "level": part.level.value,
        "justification": said.justification if said else "",
        "responsible": said.responsible if said else "",
        "version": said.version if said else 0,
        "kind": "",
    }


class SummaryForm(fields.Form):
    """What the municipality says of an indicator as a whole, and the title that signs it."""

    text = fields.long_text(
        _l("Oppsummering"), longest=5000, optional=True, description=_l("Vises for alle ved siden av fargen.")
    )
    signed_by_title = fields.text(
        _l("Signeres av"),
        optional=True,
        description=_l(
            "Skriv stillingen din for å signere, for eksempel kommunalsjef. La stå tomt når det ikke er ferdig."
        ),
    )
    version = _version()

    def draft(self) -> SummaryDraft:
        return SummaryDraft(
            text=self.text.data or "", signed_by_title=self.signed_by_title.data or "", version=self.version.data
        )


def summary_values(own: OwnAssessment | None) -> Mapping[str, Any]:
    """Return what the form of a summary begins with."""
    return {"text": own.justification if own else "", "version": own.version if own else 0}


class PartForm(fields.Form):
    """How a sub-indicator reads in the three languages, and whether it is in this round."""

    name_nb = fields.text(_l("Bokmål"))
    name_nn = fields.text(_l("Nynorsk"), optional=True, description=_l("Står det tomt, brukes bokmål."))
    name_en = fields.text(_l("Engelsk"), optional=True, description=_l("Står det tomt, brukes bokmål."))
    hidden = fields.checkbox(
        _l("Ikke med i denne runden"), description=_l("Delindikatoren blir ikke vurdert og ikke vist.")
    )

    def draft(self) -> PartDraft:
        return PartDraft(
            name_nb=self.name_nb.data,
            name_nn=self.name_nn.data or "",
            name_en=self.name_en.data or "",
            hidden=self.hidden.data,
        )


def part_values(part: PartState) -> Mapping[str, Any]:
    """Return what the form of a sub-indicator begins with."""
    return {"name_nb": part.name.nb, "name_nn": part.name.nn, "name_en": part.name.en, "hidden": part.hidden}


class AssignForm(fields.Form):
    """Indicators that a service area is to assess by a day."""

    service_area_id = fields.choice(_l("Tjenesteområde"), [], coerce=int)
    due_on = fields.date(_l("Frist"), description=_l("Vi minner om den en uke før, og dagen etter."))
    indicators = fields.choices(_l("Indikatorer"), [])

    def __init__(self, areas: Sequence[ServiceArea], catalogue: Catalogue, **values: Any) -> None:
        super().__init__(**values)
        self.service_area_id.choices = [(each.id, each.name) for each in areas]
        self.indicators.choices = [
            (each.number, f"{each.number} {each.name.in_(language())}") for each in catalogue.indicators
        ]

    def draft(self) -> AssignmentDraft:
        return AssignmentDraft(
            indicators=tuple(self.indicators.data or ()),
            service_area_id=self.service_area_id.data,
            due_on=self.due_on.data,
        )


class CopyForm(fields.Form):
    """The earlier round to begin from."""

    copied_from = fields.choice(_l("Hvilken runde?"), [], radio=True)

    def __init__(self, sources: Mapping[Round, int], **values: Any) -> None:
        super().__init__(**values)
        self.copied_from.choices = [
            (each.slug, _("%(title)s: %(count)s delindikatorer er vurdert", title=each.title, count=count))
            for each, count in sources.items()
        ]


class ConfirmForm(fields.Form):
    """A button that does what the page tells of."""
