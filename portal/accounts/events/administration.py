"""What administrators change: roles, accounts, organisations, service areas, settings and branding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from portal.kernel.content import Ref
from portal.kernel.events import Event
from portal.kernel.i18n import _l
from portal.kernel.identity import Role, StakeholderGroup


@dataclass(frozen=True, kw_only=True)
class _ToAccount:
    account_id: int

    def subject(self) -> Ref:
        return Ref("account", self.account_id)


@dataclass(frozen=True, kw_only=True)
class RoleGranted(_ToAccount, Event):
    name: ClassVar[str] = "role.granted"
    label: ClassVar[Any] = _l("Ga en rolle")
    role: Role
    source: str = "manual"


@dataclass(frozen=True, kw_only=True)
class RoleRevoked(_ToAccount, Event):
    name: ClassVar[str] = "role.revoked"
    label: ClassVar[Any] = _l("Tok fra en rolle")
    role: Role
    source: str = "manual"


@dataclass(frozen=True, kw_only=True)
class AccountServiceAreasChanged(_ToAccount, Event):
    name: ClassVar[str] = "account.service_areas_changed"
    label: ClassVar[Any] = _l("Endret tjenesteområder")
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PartnerMunicipalityChanged(_ToAccount, Event):
    name: ClassVar[str] = "account.municipality_changed"
    label: ClassVar[Any] = _l("Endret partnerkommune")
    before: str | None
    after: str | None


@dataclass(frozen=True, kw_only=True)
class AccountLimited(_ToAccount, Event):
    """The account may only read until a time; None: the limit was lifted."""

    name: ClassVar[str] = "account.limited"
    label: ClassVar[Any] = _l("Begrenset en bruker, eller løftet begrensningen")
    before: datetime | None
    after: datetime | None


@dataclass(frozen=True, kw_only=True)
class AccountDeactivated(_ToAccount, Event):
    name: ClassVar[str] = "account.deactivated"
    label: ClassVar[Any] = _l("Stengte en bruker")


@dataclass(frozen=True, kw_only=True)
class AccountReactivated(_ToAccount, Event):
    name: ClassVar[str] = "account.reactivated"
    label: ClassVar[Any] = _l("Åpnet en bruker igjen")


@dataclass(frozen=True, kw_only=True)
class SecondFactorReset(_ToAccount, Event):
    name: ClassVar[str] = "account.second_factor_reset"
    label: ClassVar[Any] = _l("Nullstilte to-trinns innlogging")


@dataclass(frozen=True, kw_only=True)
class _ToOrganisation:
    organisation_id: int

    def subject(self) -> Ref:
        return Ref("organisation", self.organisation_id)


@dataclass(frozen=True, kw_only=True)
class OrganisationAdded(_ToOrganisation, Event):
    name: ClassVar[str] = "organisation.added"
    label: ClassVar[Any] = _l("La til en organisasjon")
    number: str
    group: StakeholderGroup


@dataclass(frozen=True, kw_only=True)
class OrganisationChanged(_ToOrganisation, Event):
    name: ClassVar[str] = "organisation.changed"
    label: ClassVar[Any] = _l("Endret en organisasjon")
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class OrganisationVerified(_ToOrganisation, Event):
    name: ClassVar[str] = "organisation.verified"
    label: ClassVar[Any] = _l("Godkjente en organisasjon")


@dataclass(frozen=True, kw_only=True)
class OrganisationClosed(_ToOrganisation, Event):
    name: ClassVar[str] = "organisation.closed"
    label: ClassVar[Any] = _l("Stengte en organisasjon")


@dataclass(frozen=True, kw_only=True)
class OrganisationReopened(_ToOrganisation, Event):
    name: ClassVar[str] = "organisation.reopened"
    label: ClassVar[Any] = _l("Åpnet en organisasjon igjen")


@dataclass(frozen=True, kw_only=True)
class _ToSpokesperson(_ToOrganisation):
    account_id: int


@dataclass(frozen=True, kw_only=True)
class SpokespersonAsked(_ToSpokesperson, Event):
    name: ClassVar[str] = "spokesperson.asked"
    label: ClassVar[Any] = _l("Ba om å tale for en organisasjon")


@dataclass(frozen=True, kw_only=True)
class SpokespersonAdded(_ToSpokesperson, Event):
    name: ClassVar[str] = "spokesperson.added"
    label: ClassVar[Any] = _l("La til en talsperson")


@dataclass(frozen=True, kw_only=True)
class SpokespersonVerified(_ToSpokesperson, Event):
    name: ClassVar[str] = "spokesperson.verified"
    label: ClassVar[Any] = _l("Godkjente en talsperson")


@dataclass(frozen=True, kw_only=True)
class SpokespersonRemoved(_ToSpokesperson, Event):
    name: ClassVar[str] = "spokesperson.removed"
    label: ClassVar[Any] = _l("Fjernet en talsperson")


@dataclass(frozen=True, kw_only=True)
class _ToServiceArea:
    service_area_id: int

    def subject(self) -> Ref:
        return Ref("service_area", self.service_area_id)


@dataclass(frozen=True, kw_only=True)
class ServiceAreaAdded(_ToServiceArea, Event):
    name: ClassVar[str] = "service_area.added"
    label: ClassVar[Any] = _l("La til et tjenesteområde")
    after: str


@dataclass(frozen=True, kw_only=True)
class ServiceAreaRenamed(_ToServiceArea, Event):
    name: ClassVar[str] = "service_area.renamed"
    label: ClassVar[Any] = _l("Ga et tjenesteområde nytt navn")
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class ServiceAreaDeactivated(_ToServiceArea, Event):
    name: ClassVar[str] = "service_area.deactivated"
    label: ClassVar[Any] = _l("La ned et tjenesteområde")


@dataclass(frozen=True, kw_only=True)
class ServiceAreaReactivated(_ToServiceArea, Event):
    name: ClassVar[str] = "service_area.reactivated"
    label: ClassVar[Any] = _l("Tok opp igjen et tjenesteområde")


@dataclass(frozen=True, kw_only=True)
class SettingChanged(Event):
    name: ClassVar[str] = "setting.changed"
    label: ClassVar[Any] = _l("Endret en innstilling")
    setting: str
    before: Any
    after: Any


@dataclass(frozen=True, kw_only=True)
class BrandingChanged(Event):
    name: ClassVar[str] = "branding.changed"
    label: ClassVar[Any] = _l("Endret utseende og kontakt")
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class LogoChanged(Event):
    """`before` and `after` hold the hash of the picture and its alt text; None when there is no logo."""

    name: ClassVar[str] = "branding.logo_changed"
    label: ClassVar[Any] = _l("Endret logoen")
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
