"""`portal demo load`: fill an empty portal with made-up content."""

from __future__ import annotations

import sys
import time
from random import Random

import click
import sqlalchemy as sa
from flask.cli import with_appcontext

from portal import config
from portal.accounts.models import Account
from portal.demo import large, load
from portal.kernel import audit
from portal.kernel.db import db
from portal.kernel.errors import DomainError
from portal.search import upkeep

SIZES = (
    "large adds 10,000 ideas, with 10 supports and 5 arguments each, 1,000 projects, 2,000 solutions and 25,000 raters."
)


@click.group("demo")
def demo() -> None:
    """Made-up content for trying the portal out."""


@demo.command("load")
@click.option("--size", type=click.Choice(["small", "large"]), default="small", show_default=True, help=SIZES)
@click.option("--seed", default=18091, show_default=True, help="The same seed and day give the same content.")
@with_appcontext
def load_command(size: str, seed: int) -> None:
    """Load the demo into an empty portal. Only when PORTAL_DEMO=1: the accounts have a published password."""
    if not config.current().demo:
        click.echo("portal: PORTAL_DEMO=1 is needed, because the demo accounts have a published password.", err=True)
        sys.exit(1)
    begun = time.monotonic()

    def tell(what: str) -> None:
        click.echo(f"  {what} ({time.monotonic() - begun:.0f} s)")

    try:
        load.refuse_unless_empty(db.session.scalar(sa.select(sa.func.count()).select_from(Account)) or 0)
        load.load(seed=seed, tell=tell)
        if size == "large":
            large.fill(Random(seed), tell)  # noqa: S311 - made-up content, not a secret
            upkeep.rebuild()
            tell("the search index")
    except DomainError as error:
        click.echo(f"portal: {error.message}", err=True)
        sys.exit(1)
    while audit.seal():
        pass


COMMANDS: tuple[click.Command, ...] = (demo,)
