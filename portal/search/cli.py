"""`portal search rebuild`: build the index anew."""

from __future__ import annotations

import sys

import click
from flask.cli import with_appcontext

from portal.search import upkeep


@click.group("search")
def search() -> None:
    """The search index."""


@search.command("rebuild")
@with_appcontext
def rebuild() -> None:
    """Build the search index anew. The portal may be used meanwhile, and finds all it found before."""
    documents = upkeep.rebuild(tell=_tell if sys.stdout.isatty() else lambda _kind, _done: None)
    click.echo(f"The index holds {documents} documents.")


def _tell(kind: str, done: int) -> None:
    click.echo(f"\r\x1b[K{kind}: {done}\r", nl=False)


COMMANDS: tuple[click.Command, ...] = (search,)
