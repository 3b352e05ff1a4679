"""What happens to a person's own account: signing up, signing in and out, the profile, and being erased."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from portal.kernel.content import Ref
from portal.kernel.events import Event, personal_field
from portal.kernel.i18n import _l
from portal.kernel.identity import Role, SignInMethod


@dataclass(frozen=True, kw_only=True)
class _OfAccount:
    account_id: int

    def subject(self) -> Ref:
        return Ref("account", self.account_id)

    def personal_account_id(self) -> int | None:
        """Return whose personal fields these are, also when the system or nobody acted."""
        return self.account_id


@dataclass(frozen=True, kw_only=True)
class AccountSignedUp(_OfAccount, Event):
    name: ClassVar[str] = "account.signed_up"
    label: ClassVar[Any] = _l("Registrerte seg")
    method: SignInMethod
    issuer: str | None = None
    email: str | None = personal_field()
    shown_name: str = personal_field()


@dataclass(frozen=True, kw_only=True)
class EmailConfirmed(_OfAccount, Event):
    name: ClassVar[str] = "account.email_confirmed"
    label: ClassVar[Any] = _l("Bekreftet e-postadressen")
    email: str = personal_field()


@dataclass(frozen=True, kw_only=True)
class SignedIn(_OfAccount, Event):
    name: ClassVar[str] = "account.signed_in"
    label: ClassVar[Any] = _l("Logget inn")
    session_id: int
    method: SignInMethod
    issuer: str | None
    strong: bool


@dataclass(frozen=True, kw_only=True)
class SignedOut(_OfAccount, Event):
    name: ClassVar[str] = "account.signed_out"
    label: ClassVar[Any] = _l("Logget ut")
    session_id: int


@dataclass(frozen=True, kw_only=True)
class SessionsEnded(_OfAccount, Event):
    """`reason`: owner, password_changed, issuer."""

    name: ClassVar[str] = "account.sessions_ended"
    label: ClassVar[Any] = _l("Avsluttet innlogginger")
    session_ids: tuple[int, ...]
    reason: str


@dataclass(frozen=True, kw_only=True)
class ProfileChanged(_OfAccount, Event):
    name: ClassVar[str] = "account.profile_changed"
    label: ClassVar[Any] = _l("Endret profilen")
    language: str | None
    name_before: str = personal_field()
    name_after: str = personal_field()


@dataclass(frozen=True, kw_only=True)
class EmailChanged(_OfAccount, Event):
    name: ClassVar[str] = "account.email_changed"
    label: ClassVar[Any] = _l("Endret e-postadressen")
    before: str | None = personal_field()
    after: str = personal_field()


@dataclass(frozen=True, kw_only=True)
class PasswordChanged(_OfAccount, Event):
    name: ClassVar[str] = "account.password_changed"
    label: ClassVar[Any] = _l("Endret passordet")


@dataclass(frozen=True, kw_only=True)
class PasswordReset(_OfAccount, Event):
    name: ClassVar[str] = "account.password_reset"
    label: ClassVar[Any] = _l("Laget nytt passord med lenke i e-post")


@dataclass(frozen=True, kw_only=True)
class SecondFactorSet(_OfAccount, Event):
    name: ClassVar[str] = "account.second_factor_set"
    label: ClassVar[Any] = _l("Satte opp to-trinns innlogging")


@dataclass(frozen=True, kw_only=True)
class SecondFactorRemoved(_OfAccount, Event):
    name: ClassVar[str] = "account.second_factor_removed"
    label: ClassVar[Any] = _l("Slo av to-trinns innlogging")


@dataclass(frozen=True, kw_only=True)
class RecoveryCodeUsed(_OfAccount, Event):
    name: ClassVar[str] = "account.recovery_code_used"
    label: ClassVar[Any] = _l("Brukte en reservekode")
    left: int


@dataclass(frozen=True, kw_only=True)
class RolesSynchronised(_OfAccount, Event):
    name: ClassVar[str] = "account.roles_synchronised"
    label: ClassVar[Any] = _l("Fikk roller fra innloggingstjenesten")
    issuer: str
    given: tuple[Role, ...]
    taken: tuple[Role, ...]


@dataclass(frozen=True, kw_only=True)
class AccountErased(_OfAccount, Event):
    name: ClassVar[str] = "account.erased"
    label: ClassVar[Any] = _l("Slettet brukeren")


@dataclass(frozen=True, kw_only=True)
class AccountCreated(_OfAccount, Event):
    name: ClassVar[str] = "account.created"
    label: ClassVar[Any] = _l("Konto laget fra kommandolinjen")
    roles: tuple[Role, ...]
    email: str | None = personal_field()
    shown_name: str = personal_field()
