"""Mail: asked for inside a transaction, rendered and sent by the worker over SMTP."""

from __future__ import annotations

import re
import secrets
import smtplib
import ssl
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import sqlalchemy as sa
from flask import current_app, render_template

from portal import config
from portal.kernel import clock, outbox
from portal.kernel.db import delete_rows
from portal.kernel.errors import Invalid
from portal.kernel.i18n import _l, in_language
from portal.kernel.outbox import OutboxRow
from portal.kernel.richtext import clean_line

TOPIC = "mail"
"""The outbox topic whose sender is `send_queued`."""
TIMEOUT = 20
"""Seconds that the mail server may take for each step."""

_ADDRESS = re.compile(r"""[^@\s<>()\[\],;:\\"\x00-\x20\x7f]{1,64}@[\w.-]{1,180}\.[\w-]{2,63}""")


class MailFailed(Exception):
    """The mail wasn't sent, and the outbox tries again later; the message says why without naming the recipient."""


@dataclass(frozen=True, kw_only=True)
class Message:
    """One mail to one person, in one language, as text and as HTML."""

    to: str
    subject: str
    text: str
    html: str
    language: str
    headers: Mapping[str, str] = field(default_factory=dict)
    """More headers, for example List-Unsubscribe and List-Unsubscribe-Post."""
    token: str = field(default_factory=lambda: secrets.token_hex(16))
    """Makes the Message-ID: the same for every try, so that what a broken connection doubles is seen as one mail."""


def queue(template: str, *, to: str, language: str, headers: Mapping[str, str] | None = None, **values: Any) -> None:
    """Ask for a mail to be sent after this transaction.

    The template `accounts/mail/confirm` is two files: `….txt`, whose first line is «Subject: …», and `….html`. The
    values must be plain JSON. Raises Invalid at `email` when the address isn't one.
    """
    payload = {
        "template": template,
        "to": checked_address(to),
        "language": language,
        "headers": dict(headers or {}),
        "values": values,
        "token": secrets.token_hex(16),
    }
    outbox.enqueue(TOPIC, payload)


def one_click(path: str) -> dict[str, str]:
    """Return the headers that let a mail program stop more of this mail by one POST to a path of ours (RFC 8058)."""
    return {
        "List-Unsubscribe": f"<{config.current().base_url}{path}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def take_back(addresses: Iterable[str]) -> int:
    """Delete the mails to these addresses that wait to be sent; return how many."""
    to = OutboxRow.payload["to"].as_string()
    checked = [checked_address(address) for address in addresses]
    return delete_rows(sa.delete(OutboxRow).where(OutboxRow.topic == TOPIC, to.in_(checked)))


def send_queued(payload: Mapping[str, Any]) -> None:
    """Render and deliver a mail that was queued: the outbox's sender."""
    deliver(rendered(payload))


def rendered(payload: Mapping[str, Any]) -> Message:
    """Render a queued mail in its language; `url_for(…, _external=True)` gives addresses under PORTAL_BASE_URL."""
    template, values = payload["template"], payload["values"]
    with current_app.test_request_context(base_url=config.current().base_url), in_language(payload["language"]):
        head, _, text = render_template(f"{template}.txt", **values).partition("\n")
        html = render_template(f"{template}.html", **values)
    if not head.startswith("Subject: "):
        raise ValueError(f"{template}.txt does not begin with a line «Subject: …»")
    return Message(
        to=payload["to"],
        subject=head.removeprefix("Subject: "),
        text=text,
        html=html,
        language=payload["language"],
        headers=payload["headers"],
        token=payload["token"],
    )


def deliver(message: Message) -> None:
    """Hand the mail to the mail server; raise MailFailed when that doesn't work now."""
    mail = built(message)
    with connection() as server:
        server.send_message(mail)


def built(message: Message) -> EmailMessage:
    """Put the mail together; a line break in a header raises ValueError."""
    sender = Address(addr_spec=config.current().mail_from)
    mail = EmailMessage(policy=SMTP)
    mail["From"] = sender
    mail["To"] = Address(addr_spec=checked_address(message.to))
    mail["Subject"] = clean_line(message.subject)
    mail["Date"] = format_datetime(clock.now())
    mail["Message-ID"] = f"<{message.token}@{sender.domain}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers, please
    for name, value in message.headers.items():
        if not value.isprintable():
            raise ValueError(f"The header {name} has a line break or the like in it.")
        mail[name] = value
    # Quoted-printable passes every mail server and keeps lines short.
    mail.set_content(message.text.strip() + "\n", cte="quoted-printable")
    mail.add_alternative(message.html, subtype="html", cte="quoted-printable")
    mail["Content-Language"] = message.language  # last, or it would follow the text into its part
    return mail


def checked_address(address: str) -> str:
    """Return the address as mail servers write it, the domain in ASCII; raise Invalid at `email` when it isn't one."""
    try:
        if not _ADDRESS.fullmatch(address):
            raise ValueError(address)
        name, domain = address.rsplit("@", 1)
        return Address(username=name, domain=domain.encode("idna").decode("ascii")).addr_spec
    except ValueError as error:
        raise Invalid("email", _l("Skriv en e-postadresse, for eksempel navn@eksempel.no.")) from error


@contextmanager
def connection() -> Iterator[smtplib.SMTP]:
    """Connect to the mail server of PORTAL_SMTP_URL, secured and signed in as it says.

    `smtp://user:password@host:587?starttls=1`, `smtps://user:password@host` or `smtp://host` for an own relay. Whatever
    goes wrong, also in the with block, raises MailFailed.
    """
    try:
        with _connect(config.current().smtp_url) as server:
            yield server
    except smtplib.SMTPRecipientsRefused as error:
        codes = ", ".join(str(code) for code, _text in error.recipients.values())
        raise MailFailed(f"The mail server refused the recipient ({codes}).") from None
    except smtplib.SMTPResponseException as error:
        raise MailFailed(f"The mail server answered {error.smtp_code} ({type(error).__name__}).") from None
    except (smtplib.SMTPException, OSError) as error:
        raise MailFailed(f"The mail server can't be used: {error}") from error


def _connect(url: str) -> smtplib.SMTP:
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise MailFailed("PORTAL_SMTP_URL is not set (smtp://… or smtps://…): the mail waits.")
    starttls = parse_qs(parts.query).get("starttls") == ["1"]
    in_the_clear = parts.scheme == "smtp" and not starttls and parts.hostname not in {"127.0.0.1", "::1", "localhost"}
    if parts.username and in_the_clear:
        raise MailFailed("PORTAL_SMTP_URL would send a password in the clear: use smtps:// or ?starttls=1.")
    ours = urlsplit(config.current().base_url).hostname  # else smtplib asks the name server who we are
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            parts.hostname, parts.port or 465, ours, timeout=TIMEOUT, context=ssl.create_default_context()
        )
    else:
        server = smtplib.SMTP(parts.hostname, parts.port or (587 if starttls else 25), ours, timeout=TIMEOUT)
    try:
        if starttls:
            server.starttls(context=ssl.create_default_context())
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
    except BaseException:
        server.close()
        raise
    return server
