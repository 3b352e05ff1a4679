"""What must be right for the portal to work: database, shape, worker, mail, disk, keys and clock."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app

from portal import config
from portal.accounts.models import Account
from portal.files.scanner import Scanner, ScannerAway
from portal.files.store import StoreAway, store
from portal.kernel import audit, clock, jobs, mail, outbox
from portal.kernel.db import db
from portal.observatorium.queries.rounds import missing_keys

LEAST_DISK = 200_000_000
"""Bytes that must be free for writing to be safe."""


@dataclass(frozen=True)
class Check:
    """One thing looked at, and what was found."""

    name: str
    ok: bool
    message: str


def ready() -> list[Check]:
    """Return what decides whether this process should get requests: database, its shape, disk, keys and people."""
    return [_safely(check) for check in (_database, _shape, _disk, _keys, _people)]


def run_all() -> list[Check]:
    """Return everything, for `portal check` and the operations page."""
    return [
        *ready(),
        *(_safely(check) for check in (_settings, _worker, _mail, _files, _scanner, _outbox, _audit, _clock)),
    ]


def demo_accounts() -> int:
    """Return how many accounts have the demo's published password."""
    made_up = Account.email.endswith("@demo.example")
    return db.session.scalar(sa.select(sa.func.count()).select_from(Account).where(made_up)) or 0


def migrations_behind() -> str:
    """Return from which to which revision the database must be brought; nothing when it has the newest."""
    newest = newest_revision()
    with db.engine.connect() as connection:
        now = MigrationContext.configure(connection).get_current_revision()
    return "" if now == newest else f"{now or 'empty'} → {newest}"


def newest_revision() -> str:
    """Return the newest migration that this portal has."""
    return _scripts().get_current_head() or ""


def knows_revision(revision: str) -> bool:
    """Say whether a database with this shape can be brought to the newest one by this portal."""
    return any(script.revision == revision for script in _scripts().walk_revisions())


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(current_app.extensions["migrate"].migrate.get_config())


def _safely(check: Callable[[], Check]) -> Check:
    name = check.__name__.strip("_")
    try:
        return check()
    except sa.exc.SQLAlchemyError as error:
        db.session.rollback()
        return Check(name, False, str(getattr(error, "orig", error)).strip().splitlines()[0])
    except OSError as error:
        return Check(name, False, str(error))


def _database() -> Check:
    db.session.execute(sa.text("SELECT 1"))
    return Check("database", True, db.engine.dialect.name)


def _shape() -> Check:
    behind = migrations_behind()
    return Check("shape", not behind, f"behind: {behind}; run portal db upgrade" if behind else "newest")


def _disk() -> Check:
    free = shutil.disk_usage(config.current().data_dir).free
    return Check("disk", free > LEAST_DISK, f"{free // 1_000_000} MB free in the data folder")


def _keys() -> Check:
    missing = missing_keys()
    return Check(
        "round keys", not missing, f"missing for {', '.join(missing)}: nobody can rate" if missing else "in place"
    )


def _people() -> Check:
    count = demo_accounts()
    unsafe = config.current().production and count > 0
    return Check(
        "people", not unsafe, f"{count} demo accounts with a published password" if count else "no demo accounts"
    )


def _settings() -> Check:
    settings = config.current()
    mode = "production" if settings.production else "demo" if settings.demo else "trial"
    return Check("settings", True, f"{settings.base_url}, {mode}")


def _worker() -> Check:
    seen = jobs.last_heartbeat()
    alive = seen is not None and clock.now() - seen < timedelta(seconds=config.current().worker_heartbeat_seconds * 3)
    return Check(
        "worker",
        alive,
        f"last seen {seen.isoformat(timespec='seconds')}" if seen else "never seen; start portal worker",
    )


def _mail() -> Check:
    settings = config.current()
    if not settings.smtp_url:
        return Check("mail", not settings.production, "no PORTAL_SMTP_URL: mail is kept and not sent")
    try:
        with mail.connection() as server:
            server.noop()
    except mail.MailFailed as error:
        return Check("mail", False, str(error))
    return Check("mail", True, f"{urlsplit(settings.smtp_url).hostname} answers")


def _files() -> Check:
    try:
        store().probe()
    except StoreAway as error:
        return Check("files", False, f"the store can't be written: {error}")
    return Check("files", True, "written and read again")


def _scanner() -> Check:
    url = config.current().virus_scanner
    if not url:
        return Check("scanner", True, "no PORTAL_VIRUS_SCANNER: files are not scanned")
    try:
        answers = Scanner(url).answers()
    except ScannerAway as error:
        return Check("scanner", False, f"{error}; no files are taken in")
    return Check("scanner", answers, "answers" if answers else "answers strangely; no files are taken in")


def _outbox() -> Check:
    stuck = len(outbox.stuck())
    return Check("outbox", not stuck, f"{stuck} stuck" if stuck else f"{outbox.waiting()} waiting")


def _audit() -> Check:
    since = audit.unsealed_since()
    late = since is not None and clock.now() - since > timedelta(seconds=5)
    return Check("audit", not late, f"not sealed since {since}" if late else "sealed")


def _clock() -> Check:
    newest = db.session.scalar(sa.select(sa.func.max(audit.AuditEntry.occurred_at)))
    ahead = newest is not None and newest > clock.now() + timedelta(minutes=1)
    return Check(
        "clock", not ahead, f"the newest entry is from {newest}, later than now" if ahead else clock.now().isoformat()
    )
