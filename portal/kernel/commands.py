"""`portal import …` and `portal export …`: packages that read or write files hang their commands on these two."""

from __future__ import annotations

import click


@click.group("import")
def import_group() -> None:
    """Read something in from a file. A second time changes nothing."""


@click.group("export")
def export_group() -> None:
    """Write something out to a file."""
