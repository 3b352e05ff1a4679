"""`portal import subgoals`: read the municipality's delmål in from a file."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask.cli import with_appcontext

from portal.goals import actions, queries, subgoal_file
from portal.kernel.commands import import_group
from portal.kernel.errors import DomainError
from portal.kernel.identity import SYSTEM


@import_group.command("subgoals")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would be done, and change nothing.")
@with_appcontext
def import_subgoals(file: Path, dry_run: bool) -> None:
    """Read delmål in from a CSV FILE whose first line is kode;mål;nb;nn;en. What isn't in it is left as it is."""
    try:
        contents = subgoal_file.read(file.read_bytes())
        plan = queries.plan(contents.rows) if dry_run else actions.import_subgoals(SYSTEM, contents.rows)
    except (subgoal_file.UnreadableError, DomainError, OSError) as error:
        click.echo(f"portal: {error}", err=True)
        sys.exit(1)
    for each in contents.refused:
        click.echo(f"Line {each.line} refused: {each.reason} ({each.text})", err=True)
    click.echo(
        f"{len(plan.added)} new, {len(plan.changed)} changed, {plan.unchanged} as before, "
        f"{len(contents.refused)} refused{': nothing was done' if dry_run else ''}."
    )
