"""What the accounts package keeps about people: shown, exported, erased, and forgotten in time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from portal.accounts.actions import retention
from portal.accounts.models import (
    Account,
    AccountServiceArea,
    Grant,
    Identity,
    OneTimeToken,
    Organisation,
    ServiceArea,
    SignInSession,
    Spokesperson,
)
from portal.kernel import mail
from portal.kernel.audit import AuditEntry, AuditPersonal
from portal.kernel.db import Base, db, delete_rows
from portal.kernel.i18n import _, _l
from portal.kernel.identity import SYSTEM
from portal.kernel.personal import NOTHING_LEFT, PersonalData, Terms

ERASED_NAME = "Slettet bruker"
SHOWN = (
    "name",
    "email",
    "email_confirmed_at",
    "language",
    "municipality_number",
    "created_at",
    "last_sign_in_at",
    "inactive_told_at",
    "limited_until",
)


def export(account_id: int) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Return everything kept about an account, by what it is called in the file."""
    account = db.session.get_one(Account, account_id)
    return {
        "account": [
            {name: getattr(account, name) for name in SHOWN} | {"second_factor_since": account.totp_confirmed_at}
        ],
        "sign_in_by": _rows(sa.select(Identity.issuer, Identity.created_at).where(Identity.account_id == account_id)),
        "roles": _rows(sa.select(Grant.role, Grant.source, Grant.granted_at).where(Grant.account_id == account_id)),
        "service_areas": _rows(
            sa.select(ServiceArea.name)
            .join(AccountServiceArea, AccountServiceArea.service_area_id == ServiceArea.id)
            .where(AccountServiceArea.account_id == account_id)
        ),
        "sign_ins": _rows(
            sa.select(
                SignInSession.method,
                SignInSession.issuer,
                SignInSession.device,
                SignInSession.created_at,
                SignInSession.last_seen_at,
                SignInSession.ended_at,
            ).where(SignInSession.account_id == account_id)
        ),
        "mailed_links": _rows(
            sa.select(
                OneTimeToken.purpose, OneTimeToken.created_at, OneTimeToken.expires_at, OneTimeToken.used_at
            ).where(OneTimeToken.account_id == account_id)
        ),
        "organisations": _rows(
            sa.select(
                Organisation.number,
                Organisation.name,
                Spokesperson.title,
                Spokesperson.created_at,
                Spokesperson.verified_at,
            )
            .join(Organisation, Organisation.id == Spokesperson.organisation_id)
            .where(Spokesperson.account_id == account_id)
        ),
        "audit_trail": _audit_trail(account_id),
    }


def erase(account_id: int, _terms: Terms = NOTHING_LEFT) -> None:
    """Leave an empty row: no name, address, password, role, identity or sign-in, and no mail on its way."""
    account = db.session.get_one(Account, account_id)
    mail.take_back(_addresses(account))
    for model in (Identity, Grant, AccountServiceArea, SignInSession, OneTimeToken, Spokesperson):
        delete_rows(sa.delete(model).where(_person(model) == account_id))
    account.name = ERASED_NAME
    account.email = account.email_confirmed_at = account.password_hash = account.language = None
    account.totp_secret = account.totp_confirmed_at = account.totp_last_step = None
    account.municipality_number = account.last_sign_in_at = account.inactive_told_at = account.limited_until = None
    db.session.flush()


def retain() -> Mapping[str, int]:
    """Forget what has been kept long enough."""
    return retention.forget_old(SYSTEM)


def stays(_account_id: int) -> Sequence[str]:
    """Say what the trail keeps, for it shows that nobody has tampered with what was decided."""
    return [
        str(_("En tom rad med nummeret brukeren hadde, så ingen andre får det.")),
        str(_("Loggen over det som har skjedd: hva, når og nummeret på brukeren. Navn og adresser i den slettes.")),
    ]


def _addresses(account: Account) -> set[str]:
    """Return where mail to a person may be on its way: the address, and those that were to be confirmed."""
    links = db.session.scalars(sa.select(OneTimeToken.data).where(OneTimeToken.account_id == account.id))
    asked = {str(data["email"]) for data in links if data.get("email")}
    return asked | ({account.email} if account.email else set())


def _person(model: type[Base]) -> sa.ColumnElement[int]:
    column: sa.ColumnElement[int] = model.__table__.c.account_id
    return column


def _audit_trail(account_id: int) -> list[dict[str, Any]]:
    """Return what the trail says the person did, and what it says of the person."""
    mine = sa.or_(
        AuditEntry.actor_id == account_id,
        sa.and_(AuditEntry.subject_kind == "account", AuditEntry.subject_id == account_id),
        AuditPersonal.account_id == account_id,
    )
    personal = sa.case((AuditPersonal.account_id == account_id, AuditPersonal.data), else_=None)
    return _rows(
        sa.select(AuditEntry.occurred_at, AuditEntry.name.label("event"), AuditEntry.body, personal.label("personal"))
        .outerjoin(AuditPersonal, AuditPersonal.entry_id == AuditEntry.id)
        .where(mine)
        .order_by(AuditEntry.id)
    )


def _rows(statement: sa.Executable) -> list[dict[str, Any]]:
    return [dict(row._mapping) for row in db.session.execute(statement)]  # noqa: SLF001 - SQLAlchemy's public name


PERSONAL = PersonalData(
    name="accounts",
    tables=frozenset(
        {
            "accounts",
            "identities",
            "grants",
            "account_service_areas",
            "sign_in_sessions",
            "one_time_tokens",
            "organisations",
            "spokespersons",
        }
    ),
    export=export,
    erase=erase,
    retain=retain,
    kept=(
        (_l("Innlogginger, etter at de er over"), retention.SESSIONS),
        (_l("Innloggingsforsøk"), retention.ATTEMPTS),
        (_l("Brukere som aldri bekreftet e-postadressen"), retention.UNCONFIRMED),
        (_l("Brukte og utløpte lenker"), retention.TOKENS),
        (_l("Brukere ingen har logget inn med, før vi spør om de skal beholdes"), retention.INACTIVE),
        (_l("Tiden du har på å logge inn etter at vi har spurt, før brukeren slettes"), retention.INACTIVE_NOTICE),
    ),
    stays=stays,
)
