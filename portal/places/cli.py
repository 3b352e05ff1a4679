"""`portal import neighbourhoods`: read the municipality's lokalsamfunn in from a file."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask.cli import with_appcontext

from portal.kernel.commands import import_group
from portal.kernel.errors import DomainError
from portal.kernel.identity import SYSTEM
from portal.places import actions, queries, reading


@import_group.command("neighbourhoods")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would be done, and change nothing.")
@with_appcontext
def import_neighbourhoods(file: Path, dry_run: bool) -> None:
    """Read lokalsamfunn in from FILE: CSV (navn;breddegrad;lengdegrad) or GeoJSON. What isn't in it stays."""
    try:
        contents = reading.read(file.read_bytes())
        plan = queries.plan(contents.found) if dry_run else actions.import_neighbourhoods(SYSTEM, contents.found)
    except (reading.UnreadableError, DomainError, OSError) as error:
        click.echo(f"portal: {error}", err=True)
        sys.exit(1)
    for each in contents.refused:
        click.echo(f"Number {each.number} refused: {each.reason} ({each.text})", err=True)
    click.echo(
        f"{len(plan.added)} new, {len(plan.changed)} changed, {plan.unchanged} as before, "
        f"{len(contents.refused)} refused{': nothing was done' if dry_run else ''}."
    )
