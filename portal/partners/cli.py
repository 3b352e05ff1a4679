"""`portal partners`: let other municipalities' portals in, ask them for what is new, and make a new key."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import NoReturn, ParamSpec, TypeVar

import click
import sqlalchemy as sa
from flask.cli import with_appcontext

from portal.accounts.queries.account import find_by_email
from portal.kernel.errors import DomainError
from portal.kernel.identity import SYSTEM
from portal.kernel.outgoing import OutgoingError
from portal.partners import fetching, keys, policy, syncing
from portal.partners.actions import feed
from portal.partners.actions import keys as own_keys
from portal.partners.actions import partners as actions
from portal.partners.queries import exchange
from portal.partners.queries.partners import list_partners

P = ParamSpec("P")
R = TypeVar("R")


def plainly(command: Callable[P, R]) -> Callable[P, R]:
    """Make a command answer a failure with one line and exit 1; never with a trace."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except DomainError as error:
            _fail(str(error.message) or "this can't be done.")
        except OutgoingError as error:
            _fail(str(error))
        except sa.exc.OperationalError as error:
            _fail(f"the database did not answer: {str(error.orig).strip().splitlines()[0]}. Check PORTAL_DATABASE_URL.")

    return run


@click.group("partners")
def partners() -> None:
    """Other municipalities' portals: let in, ask, list."""


@partners.command("add")
@click.argument("url")
@click.option("--keeper", required=True, help="The e-mail address of somebody on the staff who looks after it.")
@click.option("--fingerprint", help="Of the key it signs with, as its own people say it: no question is asked.")
@with_appcontext
@plainly
def add(url: str, keeper: str, fingerprint: str | None) -> None:
    """Let the portal at URL in, once its key's fingerprint has been compared."""
    account = find_by_email(keeper)
    if account is None:
        _fail(f"nobody has the address {keeper}.")
    address = url.rstrip("/").lower()
    policy.check_address(address)
    portal = fetching.portal(address).item
    policy.check_portal(portal)
    click.echo(f"{portal.name} ({portal.municipality_number}) at {portal.base_url}")
    for key in portal.keys:
        click.echo(f"  {keys.spelled(key.public_key)}")
    if fingerprint is None:
        click.confirm("Is this the fingerprint they read to you on the telephone?", abort=True)
    elif "".join(fingerprint.split()).lower() not in {keys.fingerprint(key.public_key) for key in portal.keys}:
        _fail("that is not the fingerprint of any of its keys. It is not let in.")
    actions.add_partner(SYSTEM, portal, keeper_id=account.id)
    click.echo("It is let in. `portal partners sync` asks it now; the worker does every ten minutes.")


@partners.command("list")
@with_appcontext
@plainly
def list_() -> None:
    """Tell of every partner: its number, state, how much of it is here, and when it was last read."""
    for row in list_partners():
        partner = row.partner
        read = f"read {partner.synced_at:%Y-%m-%d %H:%M}Z" if partner.synced_at else "not read yet"
        trouble = f" · {partner.failures} failures: {partner.last_error}" if partner.failures else ""
        told = f"{row.solutions} solutions · {row.set_aside} set aside · {read}{trouble}"
        click.echo(f"{partner.id} {partner.name} {partner.base_url} · {partner.state.value} · {told}")
    for key in exchange.own_keys():
        click.echo(f"our key {keys.spelled(key.public_key)} from {key.begins_at:%Y-%m-%d %H:%M}Z")


@partners.command("sync")
@click.argument("number", type=int, required=False)
@with_appcontext
@plainly
def sync(number: int | None) -> None:
    """Ask every partner for what is new, or the one with this NUMBER; ends with 1 when one did not answer."""
    numbers = [number] if number is not None else [row.partner.id for row in list_partners()]
    outcomes = [syncing.sync(each) for each in numbers]
    for outcome in outcomes:
        counts = ", ".join(f"{count} {name}" for name, count in outcome.came.items() if count) or "nothing new"
        click.echo(f"{outcome.partner_id}: {outcome.error or counts}", err=bool(outcome.error))
    if any(outcome.error for outcome in outcomes):
        sys.exit(1)


@partners.command("rotate")
@click.option(
    "--overlap", type=click.IntRange(0, 24 * 30), default=48, show_default=True, help="Hours before it is used."
)
@click.option("--stolen", is_flag=True, help="The old key ends now: each partner must confirm the new one.")
@with_appcontext
@plainly
def rotate(overlap: int, stolen: bool) -> None:
    """Make a new key for this portal; the old one vouches for it."""
    key = own_keys.rotate_key(SYSTEM, overlap=timedelta(hours=overlap), stolen=stolen)
    click.echo(f"{keys.spelled(key.public_key)} is used from {key.begins_at:%Y-%m-%d %H:%M}Z.")


@partners.command("restart-feed")
@with_appcontext
@plainly
def restart_feed() -> None:
    """Number the feed from the start, after a backup has been restored: partners read all of it again."""
    click.echo(f"The feed holds {feed.begin_feed_anew(SYSTEM)} solutions.")


def _fail(message: str) -> NoReturn:
    click.echo(f"portal: {message}", err=True)
    sys.exit(1)


COMMANDS: tuple[click.Command, ...] = (partners,)
