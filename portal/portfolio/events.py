"""What can happen to benefits and innovation funds. The subject is the thing they are about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from portal.kernel.content import Ref
from portal.kernel.events import Event
from portal.kernel.i18n import _l
from portal.portfolio.models import Application, ApplicationState, Outcome, Purpose
from portal.portfolio.realisation import Status

APPLICATION, DESK = "fund_application", "benefit_desk"
"""Kinds of content that notices lead to: an application, and the list of benefits that should have been measured."""


@dataclass(frozen=True, kw_only=True)
class _OfBenefit:
    benefit_id: int
    on_kind: str
    on_id: int

    def subject(self) -> Ref:
        return Ref(self.on_kind, self.on_id)


@dataclass(frozen=True, kw_only=True)
class BenefitPlanned(_OfBenefit, Event):
    """Somebody said what good is to come of a thing, and how it is measured."""

    name: ClassVar[str] = "portfolio.benefit_planned"
    label: ClassVar[Any] = _l("Planla en gevinst")


@dataclass(frozen=True, kw_only=True)
class BenefitChanged(_OfBenefit, Event):
    """The plan of a benefit was changed."""

    name: ClassVar[str] = "portfolio.benefit_changed"
    label: ClassVar[Any] = _l("Endret en gevinst")


@dataclass(frozen=True, kw_only=True)
class BenefitDropped(_OfBenefit, Event):
    """A benefit that nobody had measured was taken away."""

    name: ClassVar[str] = "portfolio.benefit_dropped"
    label: ClassVar[Any] = _l("Tok bort en gevinst")


@dataclass(frozen=True, kw_only=True)
class BenefitMeasured(_OfBenefit, Event):
    """A benefit was measured."""

    name: ClassVar[str] = "portfolio.benefit_measured"
    label: ClassVar[Any] = _l("Målte en gevinst")
    measured_on: date
    value: str
    """The number, as text: the trail keeps it exact."""


@dataclass(frozen=True, kw_only=True)
class BenefitSettled(_OfBenefit, Event):
    """Somebody said how it went with a benefit, or that it is measured again."""

    name: ClassVar[str] = "portfolio.benefit_settled"
    label: ClassVar[Any] = _l("Gjorde opp en gevinst")
    benefit_status: Status


@dataclass(frozen=True, kw_only=True)
class BenefitsReminded(Event):
    """Those who run the portfolio are reminded that benefits should have been measured."""

    name: ClassVar[str] = "portfolio.benefits_reminded"
    label: ClassVar[Any] = _l("Minnet om gevinster som skulle vært målt")
    number: int

    def subject(self) -> Ref:
        return Ref(DESK, 1)


@dataclass(frozen=True, kw_only=True)
class FundSet(Event):
    """The innovation funds of a year were set: how much there is, and when one may apply."""

    name: ClassVar[str] = "portfolio.fund_set"
    label: ClassVar[Any] = _l("Satte rammen for innovasjonsmidler")
    year: int
    frame_ore: int
    opens_on: date
    closes_on: date


@dataclass(frozen=True, kw_only=True)
class _OfApplication:
    application_id: int
    on_kind: str
    on_id: int

    def subject(self) -> Ref:
        return Ref(self.on_kind, self.on_id)


@dataclass(frozen=True, kw_only=True)
class _ByApplicant(_OfApplication):
    """Who applies for what is the business of those who decide."""

    hides_actor: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True)
class ApplicationDrafted(_ByApplicant, Event):
    """Somebody began to apply for innovation funds."""

    name: ClassVar[str] = "portfolio.application_drafted"
    label: ClassVar[Any] = _l("Begynte på en søknad om innovasjonsmidler")


@dataclass(frozen=True, kw_only=True)
class ApplicationChanged(_ByApplicant, Event):
    """The applicant changed a draft."""

    name: ClassVar[str] = "portfolio.application_changed"
    label: ClassVar[Any] = _l("Endret en søknad om innovasjonsmidler")


@dataclass(frozen=True, kw_only=True)
class ApplicationSent(_ByApplicant, Event):
    """An application arrived; from now on it isn't changed."""

    name: ClassVar[str] = "portfolio.application_sent"
    label: ClassVar[Any] = _l("Søkte om innovasjonsmidler")
    fund_purpose: Purpose
    asked_ore: int


@dataclass(frozen=True, kw_only=True)
class ApplicationWithdrawn(_ByApplicant, Event):
    """The applicant took an application back before it was decided; a draft is gone then."""

    name: ClassVar[str] = "portfolio.application_withdrawn"
    label: ClassVar[Any] = _l("Trakk en søknad om innovasjonsmidler")


@dataclass(frozen=True, kw_only=True)
class ApplicationDecided(_OfApplication, Event):
    """An application was granted, with a sum, or declined."""

    name: ClassVar[str] = "portfolio.application_decided"
    label: ClassVar[Any] = _l("Avgjorde en søknad om innovasjonsmidler")
    application_state: ApplicationState
    fund_purpose: Purpose
    granted_ore: int
    author_id: int


@dataclass(frozen=True, kw_only=True)
class PaymentMade(_OfApplication, Event):
    """A part of a grant was paid out."""

    name: ClassVar[str] = "portfolio.payment_made"
    label: ClassVar[Any] = _l("Betalte ut innovasjonsmidler")
    payment_id: int
    ore: int
    author_id: int


@dataclass(frozen=True, kw_only=True)
class GrantReported(_ByApplicant, Event):
    """The applicant told what the money was used for, and what was learnt."""

    name: ClassVar[str] = "portfolio.grant_reported"
    label: ClassVar[Any] = _l("Rapporterte om innovasjonsmidler")
    grant_outcome: Outcome
    spent_ore: int


@dataclass(frozen=True, kw_only=True)
class ReportSummarised(_OfApplication, Event):
    """The municipality published what it has learnt from a report."""

    name: ClassVar[str] = "portfolio.report_summarised"
    label: ClassVar[Any] = _l("Publiserte lærdommen av et tilskudd")


def about(application: Application) -> dict[str, Any]:
    """Return what every event about an application tells."""
    return {"application_id": application.id, "on_kind": application.kind, "on_id": application.target_id}
