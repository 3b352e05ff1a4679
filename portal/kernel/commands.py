"""`portal import …`: the group of commands that the packages which read something in hang theirs on."""

from __future__ import annotations

import click


@click.group("import")
def import_group() -> None:
    """Read something in from a file. A second time changes nothing."""
