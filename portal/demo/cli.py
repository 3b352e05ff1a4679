"""`portal demo load`: fill an empty portal with made-up content."""

from __future__ import annotations

import sys
import time

import click
import sqlalchemy as sa
from flask.cli import with_appcontext

from portal import config
from portal.accounts.models import Account
from portal.demo import load
from portal.kernel import audit
from portal.kernel.db import db
from portal.kernel.errors import DomainError


@click.group("demo")
def demo() -> None:
    """Made-up content for trying the portal out."""


@demo.command("load")
@click.option("--seed", default=18091, show_default=True, help="The same seed and day give the same content.")
@with_appcontext
def load_command(seed: int) -> None:
    """Load the demo into an empty portal. Only when PORTAL_DEMO=1: the accounts have a published password."""
    if not config.current().demo:
        click.echo("portal: PORTAL_DEMO=1 is needed, because the demo accounts have a published password.", err=True)
        sys.exit(1)
    begun = time.monotonic()
    try:
        load.refuse_unless_empty(db.session.scalar(sa.select(sa.func.count()).select_from(Account)) or 0)
        load.load(seed=seed, tell=lambda what: click.echo(f"  {what} ({time.monotonic() - begun:.0f} s)"))
    except DomainError as error:
        click.echo(f"portal: {error.message}", err=True)
        sys.exit(1)
    while audit.seal():
        pass


COMMANDS: tuple[click.Command, ...] = (demo,)
