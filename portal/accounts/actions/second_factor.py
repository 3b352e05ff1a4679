"""The second factor: set up, used at sign-in, and taken away again."""

from __future__ import annotations

import sqlalchemy as sa

from portal import config
from portal.accounts import policy, second_factor, tokens
from portal.accounts.actions.sign_in import end_other_sessions
from portal.accounts.events.account import RecoveryCodeUsed, SecondFactorRemoved, SecondFactorSet
from portal.accounts.models import Account, Grant, SignInSession
from portal.accounts.queries import account as queries
from portal.kernel import clock
from portal.kernel.db import atomic, db
from portal.kernel.errors import Conflict, Forbidden, Invalid
from portal.kernel.events import publish
from portal.kernel.i18n import _l
from portal.kernel.identity import STAFF, Actor

WRONG_CODE = _l("Koden stemmer ikke, eller den er brukt før. Vent til appen viser en ny, og prøv med den.")


@atomic
def propose_secret(actor: Actor) -> str:
    """Return the secret to scan; it counts when a code made with it has been given."""
    account = _mine(actor)
    if account.totp_confirmed_at is not None:
        raise Conflict(_l("Du har to-trinns innlogging fra før."))
    if account.totp_secret is None:
        account.totp_secret = second_factor.new_secret()
        db.session.flush()
    return account.totp_secret


@atomic
def confirm_second_factor(actor: Actor, code: str) -> list[str]:
    """Put the second factor in use and return the spare codes, which are shown this once."""
    account = _mine(actor)
    if account.totp_secret is None or account.totp_confirmed_at is not None:
        raise Conflict(_l("Start oppsettet av to-trinns innlogging på nytt."))
    _use_step(account, code)
    account.totp_confirmed_at = clock.now()
    codes = second_factor.new_recovery_codes()
    tokens.void(account.id, tokens.RECOVERY_CODE)
    for spare in codes:
        tokens.keep(account.id, tokens.RECOVERY_CODE, _of(account, spare))
    strengthen_session(actor)
    end_other_sessions(actor)
    publish(SecondFactorSet(actor=actor, account_id=account.id))
    return codes


@atomic
def use_code(actor: Actor, account_id: int, code: str) -> None:
    """Take a code from the app, or a spare code. Raises Invalid when it is wrong or was used before."""
    account = queries.find_account(account_id)
    if account.totp_confirmed_at is None:
        raise Invalid("code", WRONG_CODE)
    spare = second_factor.written_recovery_code(code)
    if len(spare) == 11 and tokens.find(tokens.RECOVERY_CODE, _of(account, spare)):
        tokens.use(tokens.RECOVERY_CODE, _of(account, spare))
        left = queries.recovery_codes_left(account.id)
        publish(RecoveryCodeUsed(actor=Actor(id=account.id, name=account.name), account_id=account.id, left=left))
        return
    _use_step(account, code)


@atomic
def strengthen_session(actor: Actor) -> None:
    """Let the roles of the sign-in that is used count: its owner has just given a code."""
    db.session.execute(
        sa.update(SignInSession).where(SignInSession.id == actor.session_id).values(second_factor_at=clock.now())
    )


@atomic
def remove_second_factor(actor: Actor) -> None:
    """Take the second factor away; staff may not where it is required."""
    account = _mine(actor)
    staff = db.session.scalar(sa.select(Grant.id).where(Grant.account_id == account.id, Grant.role.in_(STAFF)).limit(1))
    if staff and config.current().staff_second_factor:
        raise Forbidden(
            _l("Ansatte må ha to-trinns innlogging. Be en administrator om hjelp hvis du skal bytte telefon.")
        )
    account.totp_secret = account.totp_confirmed_at = account.totp_last_step = None
    tokens.void(account.id, tokens.RECOVERY_CODE)
    db.session.flush()
    publish(SecondFactorRemoved(actor=actor, account_id=account.id))


def _mine(actor: Actor) -> Account:
    return queries.find_account(policy.own_only(actor))


def _use_step(account: Account, code: str) -> None:
    step = second_factor.matching_step(account.totp_secret or "", code, account.totp_last_step)
    if step is None:
        raise Invalid("code", WRONG_CODE)
    account.totp_last_step = step
    db.session.flush()


def _of(account: Account, spare: str) -> str:
    """Return what is hashed of a spare code: it is short, so two people may get the same."""
    return f"{account.id}:{spare}"
