"""What people fill in: benefits and measurements, applications and reports, decisions, payments and frames."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from wtforms import HiddenField, StringField
from wtforms import validators as v

from portal.accounts.models import Byline
from portal.kernel import clock, fields
from portal.kernel.i18n import _, _l
from portal.portfolio import words
from portal.portfolio.actions.applications import ApplicationDraft, ReportDraft
from portal.portfolio.actions.benefits import BenefitDraft, MeasurementDraft, SettlementDraft
from portal.portfolio.actions.funds import DecisionDraft, FundDraft, PaymentDraft
from portal.portfolio.models import BenefitType, Outcome, Purpose, ResultLink
from portal.portfolio.queries.applications import ApplyPage
from portal.portfolio.queries.benefits import PlanPage
from portal.portfolio.realisation import Status, Unit

KEY_LONGEST = 36
SPACES = re.compile(r"[\s.](?=[0-9]{3}(?:[^0-9]|$))|\s")
"""White space, and points that divide thousands."""
MONEY = re.compile(r"([0-9]{1,10})(?:,([0-9]{1,2}))?")
NUMBER = re.compile(r"[-−]?[0-9]{1,12}(?:[.,][0-9]{1,4})?")
YEARS = (2000, 2100)


class _Typed(StringField):
    """A line of text that stands for a number; what can't be read is shown again as it was written."""

    data: Any

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else self.write(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        written = valuelist[0].strip() if valuelist else ""
        self.data = self.read(written) if written else None

    def write(self, value: Any) -> str:
        raise NotImplementedError

    def read(self, written: str) -> Any:
        raise NotImplementedError


class KronerField(_Typed):
    """A sum that is written in kroner, and is whole øre inside: «1 500 000», «99,50 kr»."""

    def write(self, value: int) -> str:
        kroner, rest = divmod(int(value), 100)
        return f"{kroner:,}".replace(",", " ") + (f",{rest:02}" if rest else "")

    def read(self, written: str) -> int:
        plain = SPACES.sub("", re.sub(r"(?i)(kroner|kr)\.?$|,-$", "", written).strip())
        found = MONEY.fullmatch(plain)
        if found is None:
            self.data = None
            raise ValueError(_l("Skriv et beløp i kroner, for eksempel 150 000."))
        return int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))


class ExactField(_Typed):
    """A number with at most four decimals: «12», «1 250,5»."""

    def write(self, value: Decimal) -> str:
        return f"{value.normalize():f}".replace(".", ",")

    def read(self, written: str) -> Decimal:
        plain = re.sub(r"\s", "", written)
        if NUMBER.fullmatch(plain) is None:
            self.data = None
            raise ValueError(_l("Skriv et tall, for eksempel 12 eller 12,5."))
        return Decimal(plain.replace(",", ".").replace("−", "-"))


def kroner(label: Any, *, optional: bool = False, description: Any = "") -> Any:
    """Return a field for a sum in kroner."""
    return KronerField(label, [_present(optional)], description=description, render_kw={"inputmode": "decimal"})


def exact(label: Any, *, optional: bool = False, description: Any = "") -> Any:
    """Return a field for a number."""
    return ExactField(label, [_present(optional)], description=description, render_kw={"inputmode": "decimal"})


def _present(optional: bool) -> Any:
    return v.Optional() if optional else fields.required()


def _whole(value: Any) -> int | None:
    return int(value) if re.fullmatch(r"[0-9]{1,9}", str(value)) else -1


def _named(names: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return list(names.items())


class _Keyed(fields.Form):
    """A form that makes one thing however often it is sent."""

    key = HiddenField()

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        if not self.is_submitted():
            self.key.data = uuid.uuid4().hex

    @property
    def own_key(self) -> str:
        return str(self.key.data or uuid.uuid4().hex)[:KEY_LONGEST]


class BenefitForm(_Keyed):
    """The plan of a benefit."""

    title = fields.text(_l("Hva er gevinsten?"), description=_l("For eksempel: «Kortere ventetid på byggesak»."))
    type = fields.choice(_l("Hva slags gevinst er det?"), _named(words.TYPES), radio=True)
    link = fields.choice(_l("Hvor i resultatkjeden merkes den?"), _named(words.LINKS), radio=True)
    for_whom = fields.text(_l("Hvem får nytte av den?"), description=_l("For eksempel: «De som søker om å bygge»."))
    indicator = fields.text(
        _l("Hva måler dere?"), description=_l("For eksempel: «Dager fra søknad til svar, i snitt».")
    )
    unit = fields.choice(_l("Hva måler dere i?"), _named(words.UNITS), radio=True)
    unit_word = fields.text(
        _l("Noe annet: hva?"), optional=True, longest=40, description=_l("For eksempel: «dager» eller «prosent».")
    )
    baseline_value = exact(
        _l("Nullpunkt"),
        optional=True,
        description=_l("Slik er det før dere begynner. Uten nullpunkt kan vi ikke regne ut hvor langt dere er kommet."),
    )
    baseline_on = fields.date(_l("Når ble nullpunktet målt?"), optional=True)
    baseline_source = fields.text(_l("Hvor er tallet fra?"), optional=True)
    target_value = exact(_l("Mål"), description=_l("Målet kan være lavere enn nullpunktet, når mindre er bedre."))
    expected_on = fields.date(_l("Når venter dere å være der?"))
    responsible = fields.text(
        _l("Hvem har ansvar i linja?"), description=_l("Skriv en tittel, for eksempel «Leder for byggesak». Ikke navn.")
    )
    service_area = fields.choice(_l("Tjenesteområde"), [], optional=True)
    assumptions = fields.long_text(
        _l("Hva må være på plass for at det skal virke?"), optional=True, longest=2000, rows=3
    )
    version = HiddenField(filters=[_whole])

    def __init__(self, page: PlanPage, **values: Any) -> None:
        super().__init__(obj=page.benefit, **values)
        self.service_area.choices = [("", _("Ikke valgt")), *((str(id_), name) for id_, name in page.areas)]
        if page.benefit is not None and not self.is_submitted():
            self.service_area.data = str(page.benefit.service_area_id or "")

    def draft(self, *, change: bool = False) -> BenefitDraft:
        return BenefitDraft(
            title=self.title.data,
            type=BenefitType(self.type.data),
            link=ResultLink(self.link.data),
            for_whom=self.for_whom.data,
            responsible=self.responsible.data,
            indicator=self.indicator.data,
            unit=Unit(self.unit.data),
            unit_word=self.unit_word.data or "",
            baseline_value=self.baseline_value.data,
            baseline_on=self.baseline_on.data,
            baseline_source=self.baseline_source.data or "",
            target_value=self.target_value.data,
            expected_on=self.expected_on.data,
            service_area_id=int(self.service_area.data) if self.service_area.data else None,
            assumptions=self.assumptions.data or "",
            key=self.own_key,
            version=self.version.data if change else None,
        )


class MeasurementForm(fields.Form):
    """A measurement."""

    value = exact(_l("Hva ble det?"))
    measured_on = fields.date(_l("Når ble det målt?"))
    source = fields.text(_l("Hvor er tallet fra?"), description=_l("For eksempel: «Sak- og arkivsystemet»."))
    note = fields.long_text(_l("Noe å legge til?"), optional=True, longest=1000, rows=3)

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        if not self.is_submitted():
            self.measured_on.data = clock.today()

    def draft(self) -> MeasurementDraft:
        return MeasurementDraft(
            measured_on=self.measured_on.data,
            value=self.value.data,
            source=self.source.data,
            note=self.note.data or "",
        )


class SettlementForm(fields.Form):
    """How it went with a benefit."""

    status = fields.choice(_l("Hvordan gikk det?"), _named(words.STATUSES), radio=True)
    learning = fields.long_text(
        _l("Hva lærte dere?"),
        optional=True,
        longest=3000,
        description=_l("Må fylles ut når gevinsten ikke er realisert, eller bare delvis. Alle kan lese det."),
        rows=6,
    )
    version = HiddenField(filters=[_whole])

    def draft(self) -> SettlementDraft:
        return SettlementDraft(
            status=Status(self.status.data), learning=self.learning.data or "", version=self.version.data
        )


class ApplicationForm(_Keyed):
    """An application for innovation funds."""

    fund = fields.choice(_l("Hvilket års midler?"), [], radio=True)
    purpose = fields.choice(_l("Hva er formålet?"), _named(words.PURPOSES), radio=True)
    asked = kroner(_l("Hvor mange kroner søker du om?"))
    what_for = fields.long_text(
        _l("Hva skal pengene brukes til?"),
        longest=5000,
        description=_l("Hva skal dere gjøre, når, og hva håper dere å finne ut?"),
        rows=8,
    )
    other_financing = fields.long_text(
        _l("Hvem andre betaler?"),
        optional=True,
        longest=2000,
        description=_l("Egne midler, tilskudd fra andre, eller timer dere legger inn selv."),
        rows=3,
    )
    signed = fields.choice(_l("Hvem søker?"), [], radio=True)
    version = HiddenField(filters=[_whole])

    def __init__(self, page: ApplyPage, name: str, **values: Any) -> None:
        application = page.application
        super().__init__(obj=application, **values)
        self.fund.choices = [(str(fund.id), str(fund.year)) for fund in page.funds]
        self.signed.choices = [
            (Byline.NAME.value, _("Du selv: %(name)s", name=name)),
            *((str(voice.id), voice.name) for voice in page.voices),
        ]
        if self.is_submitted():
            return
        self.fund.data = str(page.funds[-1].id) if page.funds else None
        self.signed.data = Byline.NAME.value
        if application is not None:
            self.fund.data, self.asked.data = str(application.fund_id), application.asked_ore
            self.signed.data = str(application.organisation_id or Byline.NAME.value)

    def draft(self, *, change: bool = False) -> ApplicationDraft:
        for_organisation = self.signed.data != Byline.NAME.value
        return ApplicationDraft(
            fund_id=int(self.fund.data),
            purpose=Purpose(self.purpose.data),
            asked_ore=self.asked.data,
            what_for=self.what_for.data,
            other_financing=self.other_financing.data or "",
            byline=Byline.ORGANISATION if for_organisation else Byline.NAME,
            organisation_id=int(self.signed.data) if for_organisation else None,
            key=self.own_key,
            version=self.version.data if change else None,
        )


class DecisionForm(fields.Form):
    """The answer to an application."""

    verdict = fields.choice(
        _l("Hva er avgjørelsen?"), [("granted", _l("Innvilg")), ("declined", _l("Ikke innvilg"))], radio=True
    )
    granted = kroner(_l("Hvor mange kroner innvilger du?"), optional=True)
    reason = fields.long_text(_l("Hvorfor?"), longest=3000, description=_l("Alle kan lese begrunnelsen."), rows=5)
    conditions = fields.long_text(
        _l("Vilkår"), optional=True, longest=2000, description=_l("Alle kan lese vilkårene."), rows=3
    )
    decided_by_title = fields.text(
        _l("Tittelen din"), description=_l("Den står under avgjørelsen. Navnet ditt gjør det ikke.")
    )

    def validate_granted(self, field: KronerField) -> None:
        if self.verdict.data == "granted" and not field.data:
            raise v.ValidationError(_l("Skriv hvor mange kroner du innvilger."))

    def draft(self) -> DecisionDraft:
        granted = self.granted.data if self.verdict.data == "granted" else 0
        return DecisionDraft(
            granted_ore=granted or 0,
            reason=self.reason.data,
            conditions=self.conditions.data or "",
            decided_by_title=self.decided_by_title.data,
        )


class PaymentForm(_Keyed):
    """A payment."""

    ore = kroner(_l("Hvor mange kroner er betalt?"))
    paid_on = fields.date(_l("Når?"))
    reference = fields.text(_l("Bilagsnummer eller referanse"), longest=80)

    def draft(self) -> PaymentDraft:
        return PaymentDraft(
            ore=self.ore.data, paid_on=self.paid_on.data, reference=self.reference.data, key=self.own_key
        )

    def validate_ore(self, field: KronerField) -> None:
        if field.data == 0:
            raise v.ValidationError(_l("Skriv hvor mange kroner som er betalt."))


class FundForm(fields.Form):
    """The funds of a year."""

    year = fields.number(_l("År"), lowest=YEARS[0], highest=YEARS[1])
    frame = kroner(_l("Ramme"), description=_l("Det kan aldri innvilges mer enn dette."))
    opens_on = fields.date(_l("Første dag å søke"))
    closes_on = fields.date(_l("Siste dag å søke"))
    seed = kroner(words.PURPOSES[Purpose.SEED], optional=True)
    own_share = kroner(words.PURPOSES[Purpose.OWN_SHARE], optional=True)
    cooperation = kroner(words.PURPOSES[Purpose.COOPERATION], optional=True)
    competence = kroner(words.PURPOSES[Purpose.COMPETENCE], optional=True)

    @property
    def planned(self) -> Sequence[Any]:
        """Return the fields for what is meant for each purpose."""
        return [self[purpose.value] for purpose in Purpose]

    def draft(self) -> FundDraft:
        plan = {purpose: self[purpose.value].data for purpose in Purpose}
        return FundDraft(
            year=self.year.data,
            frame_ore=self.frame.data,
            opens_on=self.opens_on.data,
            closes_on=self.closes_on.data,
            plan={purpose: ore for purpose, ore in plan.items() if ore is not None},
        )


class ReportForm(fields.Form):
    """What a grant was used for."""

    outcome = fields.choice(_l("Hvordan gikk det?"), _named(words.OUTCOMES), radio=True)
    done = fields.long_text(_l("Hva gjorde dere?"), rows=6)
    learnt = fields.long_text(
        _l("Hva lærte dere?"),
        description=_l("Skriv også om det som ikke gikk. Det er ofte det andre lærer mest av."),
        rows=6,
    )
    spent = kroner(_l("Hvor mange kroner brukte dere av tilskuddet?"))

    def draft(self) -> ReportDraft:
        return ReportDraft(
            outcome=Outcome(self.outcome.data),
            done=self.done.data,
            learnt=self.learnt.data,
            spent_ore=self.spent.data,
        )


class SummaryForm(fields.Form):
    """What the municipality publishes of a report."""

    summary = fields.long_text(
        _l("Det vi publiserer"),
        longest=3000,
        description=_l("Skriv med kommunens egne ord hva vi har lært. Ikke nevn personer."),
        rows=6,
    )


class ButtonForm(fields.Form):
    """A button that does something at once."""
