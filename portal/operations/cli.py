"""The commands that run the portal: serve, worker, db, audit, check, backup and restore."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar
from urllib.parse import urlsplit

import click
import flask_migrate
import sqlalchemy as sa
import waitress
from flask import current_app
from flask.cli import with_appcontext

from portal import config
from portal.kernel import audit, jobs
from portal.kernel.errors import DomainError
from portal.operations import archive, backup, checks, retention

P = ParamSpec("P")
R = TypeVar("R")

MAX_BODY = 30_000_000
"""Bytes; uploads have their own, lower limits."""


def plainly(command: Callable[P, R]) -> Callable[P, R]:
    """Make a command answer a failure with one line and exit 1; never with a trace."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except (DomainError, archive.BackupError, config.SettingsError) as error:
            click.echo(f"portal: {error}", err=True)
        except sa.exc.DBAPIError as error:
            reason = str(error.orig).strip().splitlines()[0]
            click.echo(
                f"portal: the database refused: {reason}. Check PORTAL_DATABASE_URL, and run portal db upgrade.",
                err=True,
            )
        sys.exit(1)

    return run


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=int, help="Port to listen on; otherwise the one in PORTAL_BASE_URL.")
@click.option("--threads", default=8, show_default=True, help="How many requests are answered at once.")
@with_appcontext
@plainly
def serve(host: str, port: int | None, threads: int) -> None:
    """Serve the portal."""
    settings = config.current()
    if settings.production and checks.demo_accounts():
        raise config.SettingsError("the database holds demo accounts with a published password; use another database.")
    number = port or urlsplit(settings.base_url).port or 8000
    try:
        waitress.serve(
            current_app._get_current_object(),  # type: ignore[attr-defined]  # noqa: SLF001 - waitress needs the application itself
            host=host,
            port=number,
            threads=threads,
            ident="",
            max_request_body_size=MAX_BODY,
            connection_limit=1000,
            channel_timeout=30,
            clear_untrusted_proxy_headers=not settings.trusted_proxies,  # the application reads as many as are trusted
        )
    except OSError as error:
        click.echo(
            f"portal: can't listen on {host}:{number} ({error.strerror}). Is it in use? Choose another with PORT.",
            err=True,
        )
        sys.exit(1)


@click.command("worker")
@with_appcontext
@plainly
def worker() -> None:
    """Deliver mail, run jobs and seal the audit trail, until stopped."""
    jobs.work(current_app._get_current_object())  # type: ignore[attr-defined]  # noqa: SLF001 - the threads need the application itself


@click.group("db")
def database() -> None:
    """The database's shape."""


@database.command("upgrade")
@with_appcontext
@plainly
def upgrade() -> None:
    """Bring the database to the newest shape."""
    flask_migrate.upgrade()


@database.command("downgrade")
@click.argument("revision", default="-1")
@with_appcontext
@plainly
def downgrade(revision: str) -> None:
    """Take the newest change of shape back, or all down to REVISION."""
    flask_migrate.downgrade(revision=revision)


@database.command("check")
@with_appcontext
@plainly
def check_database() -> None:
    """Say whether the database has the newest shape."""
    behind = checks.migrations_behind()
    if behind:
        click.echo(f"portal: the database is behind ({behind}). Run: portal db upgrade", err=True)
        sys.exit(1)
    click.echo("The database has the newest shape.")


@click.group("audit")
def audit_group() -> None:
    """The audit trail."""


@audit_group.command("verify")
@click.option("--head", help="A published head, as NUMBER:HASH, that the chain must pass through.")
@with_appcontext
@plainly
def verify(head: str | None) -> None:
    """Walk the chain of hashes and name the first broken entry."""
    verdict = audit.verify(_anchor(head))
    if not verdict.ok:
        click.echo(f"portal: the audit trail is broken at number {verdict.broken_at}: {verdict.reason}.", err=True)
        sys.exit(1)
    click.echo(
        f"The audit trail is whole: {verdict.sealed} sealed, {verdict.unsealed} waiting. "
        f"Head {verdict.sealed}:{verdict.head}"
    )


@click.command("check")
@with_appcontext
@plainly
def check() -> None:
    """Check settings, database, mail, disk and clock."""
    found = checks.run_all()
    for each in found:
        click.echo(f"{'ok   ' if each.ok else 'WRONG'} {each.name}: {each.message}")
    if not all(each.ok for each in found):
        sys.exit(1)


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
@plainly
def make_backup(file: Path) -> None:
    """Write a whole backup to FILE: database, files and a manifest with hashes. The round keys are left out."""
    manifest = backup.create(file)
    click.echo(f"{file}: {manifest.rows} rows in {manifest.tables} tables, {manifest.files} files.")


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Replace what is there without asking.")
@click.option(
    "--erased",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Whom to erase again, as portal retention erased wrote it; for when the old database is gone.",
)
@with_appcontext
@plainly
def restore(file: Path, yes: bool, erased: Path | None) -> None:
    """Replace the database and the files by those of FILE, check them, and erase again who was erased since."""
    listed = backup.read_erased(erased.read_text(encoding="utf-8")) if erased else None
    if not yes:
        click.confirm("This replaces the database and the files of this installation. Go on?", abort=True)
    done = backup.restore(file, listed)
    manifest = done.manifest
    click.echo(
        f"Restored {manifest.rows} rows in {manifest.tables} tables, {manifest.files} files; the audit trail is whole. "
        f"{done.erased_again} accounts erased again."
    )
    if not done.list_found and erased is None:
        click.echo(
            "There was no database here that could say who was erased after the backup was made. "
            "If you keep a list, restore again with --erased.",
            err=True,
        )


@click.group("retention")
def retention_group() -> None:
    """What is kept, and for how long."""


@retention_group.command("run")
@click.option("--dry-run", is_flag=True, help="Say what would go, and change nothing.")
@with_appcontext
@plainly
def run_retention(dry_run: bool) -> None:
    """Delete what has been kept long enough; the worker does it once a day."""
    report = retention.run(dry_run=dry_run)
    for kind, count in sorted(report.items()):
        click.echo(f"{count:>8} {kind}")
    if dry_run:
        click.echo("Nothing was deleted.")


@retention_group.command("erased")
@with_appcontext
@plainly
def list_erased() -> None:
    """List who was erased, by number, time and wish: keep it apart from the backups, for portal restore --erased."""
    for number, wish in sorted((backup.erasures() or {}).items()):
        click.echo(f"{number} {wish}")


def _anchor(head: str | None) -> tuple[int, str] | None:
    if head is None:
        return None
    number, _, value = head.partition(":")
    if not number.isdigit() or len(value) != 64:
        raise click.BadParameter("write it as NUMBER:HASH, as it was published.", param_hint="--head")
    return int(number), value


COMMANDS: tuple[click.Command, ...] = (
    serve,
    worker,
    database,
    audit_group,
    check,
    make_backup,
    restore,
    retention_group,
)
