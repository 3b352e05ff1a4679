"""Who may do what with accounts, organisations, service areas and settings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.accounts import passwords
from portal.accounts.models import Account, Spokesperson
from portal.kernel import clock
from portal.kernel.errors import Forbidden, Invalid
from portal.kernel.i18n import _l
from portal.kernel.identity import STAFF, Actor, Role, SignInMethod

GRANTABLE = tuple(role for role in Role if role is not Role.MEMBER)
"""What an administrator can hand out; everybody with an account is a member."""


def may_administer(actor: Actor) -> bool:
    """Say whether the actor may open and use the administration."""
    return actor.is_system or actor.has(Role.ADMIN)


def may_revoke(actor: Actor, account_id: int, role: Role) -> bool:
    """Nobody takes the administration from themselves: another administrator does."""
    return may_administer(actor) and not (role is Role.ADMIN and actor.id == account_id)


def may_deactivate(actor: Actor, account: Account) -> bool:
    """Nobody closes their own account from the administration."""
    return may_administer(actor) and actor.id != account.id


def may_limit(actor: Actor, account_id: int) -> bool:
    """A moderator may let somebody else's account only read for a time."""
    return actor.has(Role.MODERATOR, Role.ADMIN) and actor.id != account_id and not actor.is_limited


def may_ask_to_speak(actor: Actor) -> bool:
    """Anyone signed in may ask to speak for an organisation, unless the account is limited."""
    return actor.is_signed_in and not (actor.limited_until and actor.limited_until > clock.now())


def may_remove_spokesperson(actor: Actor, spokesperson: Spokesperson) -> bool:
    """An administrator may take anyone off the list, and a person may take off themselves."""
    return may_administer(actor) or (actor.is_signed_in and actor.id == spokesperson.account_id)


# -- a person's own account --------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Lifetime:
    """How long a sign-in lasts: without use, and however much it is used."""

    idle: timedelta
    absolute: timedelta


OIDC_LIFETIME = Lifetime(idle=timedelta(minutes=30), absolute=timedelta(hours=8))
RESIDENT_LIFETIME = Lifetime(idle=timedelta(hours=8), absolute=timedelta(days=30))
STAFF_LIFETIME = Lifetime(idle=timedelta(hours=8), absolute=timedelta(hours=8))
UNCONFIRMED = _l("Du må bekrefte e-postadressen først. Åpne lenken i e-posten vi sendte deg.")
RECENT = timedelta(minutes=15)
"""Who has no password proves who they are by having signed in this lately."""


def lifetime(method: SignInMethod, roles: frozenset[Role]) -> Lifetime:
    """Return how long a sign-in by this person in this way lasts."""
    if method is SignInMethod.OIDC:
        return OIDC_LIFETIME
    return STAFF_LIFETIME if roles & STAFF else RESIDENT_LIFETIME


def ends_at(
    *, method: SignInMethod, roles: frozenset[Role], created_at: datetime, last_seen_at: datetime, expires_at: datetime
) -> datetime:
    """Return when a sign-in ends if nobody uses it from now on."""
    limits = lifetime(method, roles)
    return min(expires_at, created_at + limits.absolute, last_seen_at + limits.idle)


def is_second_factor_due(*, required: bool, roles: frozenset[Role], passed_at: datetime | None) -> bool:
    """Say whether a signed-in person must set up or pass the second factor before the roles count."""
    return required and bool(roles & STAFF) and passed_at is None


def check_may_sign_in(account: Account) -> None:
    """Raise Invalid when an account is closed or its address isn't confirmed; told only to who knew the password."""
    if account.deactivated_at is not None or account.erased_at is not None:
        raise Invalid("", _l("Denne brukeren er stengt. Ta kontakt med kommunen hvis du mener det er feil."))
    if account.password_hash is not None and account.email_confirmed_at is None:
        raise Invalid("", UNCONFIRMED)


def check_new_password(password: str, context: Iterable[str], field: str = "new_password") -> None:
    """Raise Invalid when a chosen password is too short or too easy to guess."""
    fault = passwords.find_fault(password, context)
    if fault is not None:
        raise Invalid(field, PASSWORD_FAULTS[fault])


PASSWORD_FAULTS = {
    passwords.Fault.TOO_SHORT: _l("Passordet må ha minst 12 tegn. Bruk gjerne flere ord etter hverandre."),
    passwords.Fault.TOO_LONG: _l("Passordet kan ha høyst 200 tegn."),
    passwords.Fault.EASY: _l(
        "Passordet er for lett å gjette. Unngå navn, vanlige ord, årstall og rekker som 1234. "
        "Bruk gjerne fire tilfeldige ord."
    ),
}


def may_end_sessions(actor: Actor, account_id: int) -> bool:
    """Everyone ends their own sign-ins; administrators and the system end anyone's."""
    return actor.id == account_id or may_administer(actor)


def may_erase(actor: Actor, account_id: int) -> bool:
    """Everyone may have their own account erased; the system erases again what a restored backup brought back."""
    return actor.id == account_id or actor.is_system


def own_only(actor: Actor) -> int:
    """Return the number of the actor's account; Forbidden for nobody."""
    if actor.id is None:
        raise Forbidden(_l("Logg inn først."))
    return actor.id
