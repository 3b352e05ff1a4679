"""A portal as people meet it: server and worker as processes, a mail server, and a provider to sign in with."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from flask import Flask
from sqlalchemy import event

from portal import config
from portal.accounts.actions.sign_in import SessionDraft, open_session
from portal.accounts.queries.account import find_by_email
from portal.app import create_app
from portal.kernel.db import db
from portal.kernel.identity import ANONYMOUS, SignInMethod
from tests.support import databases
from tests.support.idp import Idp, start_idp
from tests.support.mailbox import Mailbox, free_port

ROOT = Path(__file__).parents[2]
ISSUER = "idporten"
PATIENCE = 300.0
"""Seconds until a start is given up; no test asks how long one takes."""


@dataclass(frozen=True)
class Portal:
    """A portal that runs. `app` has the same database and secrets, to arrange things and look behind the pages."""

    address: str
    app: Flask
    mailbox: Mailbox
    idp: Idp | None
    log: Path

    def path(self, endpoint: str, **values: Any) -> str:
        """Return where a view is."""
        with self.app.test_request_context():
            return self.app.url_for(endpoint, **values)

    def cookie(self, name: str, method: SignInMethod = SignInMethod.PASSWORD) -> dict[str, Any]:
        """Sign somebody in, with everything real but the form; return the cookie for their browser."""
        email = name if "@" in name else f"{name}@demo.example"
        with self.app.test_request_context():
            account = find_by_email(email)
            assert account is not None, f"nobody is called {email}"
            draft = SessionDraft(account_id=account.id, method=method, device="test", strong=True)
            kept = {"_user_id": open_session(ANONYMOUS, draft), "_fresh": True}
            signer = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]  # the default has it
        return {"name": self.app.config["SESSION_COOKIE_NAME"], "value": signer.dumps(kept), "url": self.address}

    def faults(self) -> list[str]:
        """Return what the server and the worker logged as errors, and traces."""
        lines = self.log.read_text(encoding="utf-8").splitlines()
        return [line for line in lines if " ERROR " in line or line.startswith("Traceback")]


@contextmanager
def run(own: databases.Own, *, with_idp: bool = False, **also: str) -> Iterator[Portal]:
    """Run a portal on a free port, on the database given, for the length of a with block; `also`: more settings."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with ExitStack() as stack:
        idp = stack.enter_context(_provider(address)) if with_idp else None
        settings = _environment(own, address, idp) | also
        app = create_app(config.from_environment(settings), testing=True)
        _wait_long_for_its_turn(app)
        stack.callback(databases.dispose, app)
        mailbox = stack.enter_context(Mailbox.started(app))
        settings["PORTAL_SMTP_URL"] = app.config["PORTAL"].smtp_url
        log = stack.enter_context((own.folder / "portal.log").open("w", encoding="utf-8"))
        for command in ("serve", "worker"):
            stack.enter_context(_process(command, settings, log))
        _wait_until_ready(address, own.folder / "portal.log")
        yield Portal(address, app, mailbox, idp, own.folder / "portal.log")


def _wait_long_for_its_turn(app: Flask) -> None:
    """Let what a test writes itself wait for the running portal's writes, however slow the machine is."""
    with app.app_context():
        engine = db.engine
    if engine.dialect.name == "sqlite":
        seconds = int(PATIENCE)
        event.listen(engine, "connect", lambda raw, _record: raw.execute(f"PRAGMA busy_timeout={seconds * 1000}"))


def _provider(address: str) -> Any:
    return start_idp(
        redirect_uris=[f"{address}/konto/oidc/{ISSUER}/tilbake"],
        post_logout_redirect_uris=[f"{address}/konto/logget-ut"],
        backchannel_logout_uri=f"{address}/konto/oidc/{ISSUER}/utlogging",
    )


def _environment(own: databases.Own, address: str, idp: Idp | None) -> dict[str, str]:
    settings = {
        "PORTAL_DATA": str(own.folder),
        "PORTAL_DATABASE_URL": own.url,
        "PORTAL_BASE_URL": address,
        "PORTAL_DEMO": "1",
        "PORTAL_SECRET_KEY": "s" * 40,
        "PORTAL_SUBJECT_KEY": "k" * 40,
        "PORTAL_SQLITE_SYNCHRONOUS": "NORMAL",
        "PORTAL_TILES_URL": "off",
        "PORTAL_ADDRESSES_URL": "off",
    }
    if idp is not None:
        settings |= {
            "PORTAL_OIDC_IDPORTEN_ISSUER": idp.issuer,
            "PORTAL_OIDC_IDPORTEN_TITLE": "ID-porten (demo)",
            "PORTAL_OIDC_IDPORTEN_CLIENT_ID": idp.client_id,
            "PORTAL_OIDC_IDPORTEN_CLIENT_SECRET": idp.client_secret,
            "PORTAL_OIDC_IDPORTEN_ACR": "idporten-loa-substantial,idporten-loa-high",
            "PORTAL_OUTGOING_ALLOW": idp.issuer.removeprefix("http://"),
        }
    return settings


@contextmanager
def _process(command: str, settings: Mapping[str, str], log: IO[str]) -> Iterator[None]:
    others = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    with subprocess.Popen(
        [sys.executable, "-m", "portal.app", command],
        env={**others, **settings, "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        stdout=log,
        stderr=log,
    ) as process:
        try:
            yield
        finally:
            process.terminate()


def _wait_until_ready(address: str, log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"{address}/helse/klar", timeout=5):
                return
        except urllib.error.HTTPError as refusal:
            refusal.close()
        except OSError:
            pass
        time.sleep(0.1)
    raise RuntimeError(f"The portal did not start:\n{log.read_text(encoding='utf-8')[-3000:]}")
