"""The demo's mailbox: what the portal would have sent, for whoever tries signing up."""

from __future__ import annotations

import email
import email.policy
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from portal import config
from portal.kernel.access import public
from portal.kernel.errors import NotFound

bp = Blueprint("demo", __name__, url_prefix="/demo", template_folder="templates")
SHOWN = 30


@dataclass(frozen=True)
class Mail:
    """A mail as the mailbox shows it."""

    to: str
    subject: str
    sent_at: datetime | None
    text: str


@bp.app_context_processor
def way_to_the_mail() -> dict[str, str | None]:
    """Let the demo's banner point at the mailbox."""
    return {"demo_mail_url": url_for("demo.mailbox") if config.current().demo else None}


@bp.get("/epost/")
@public
def mailbox() -> ResponseReturnValue:
    """Show the newest mails. Only in the demo: elsewhere there is no such page."""
    settings = config.current()
    if not settings.demo:
        raise NotFound
    files = sorted((settings.data_dir / "mail").glob("*.eml"), reverse=True)[:SHOWN]
    page = render_template("demo/mailbox.html", mails=[_read(file) for file in files])
    return (
        page,
        200,
        {"Cache-Control": "no-store"},
    )  # mail comes without an entry in the trail, so no page version holds


def _read(file: Path) -> Mail:
    message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    body = message.get_body(preferencelist=("plain",))
    sent = message["Date"].datetime if message["Date"] else None
    return Mail(str(message["To"]), str(message["Subject"]), sent, body.get_content() if body else "")
