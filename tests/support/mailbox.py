"""A real SMTP server in a thread, and the mails it got."""

from __future__ import annotations

import email
import email.policy
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from email.message import EmailMessage
from typing import Any, cast

from aiosmtpd.controller import Controller
from flask import Flask


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Mailbox:
    """What arrived."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.refuse: str = ""
        """Set to a reply like `451 later` to refuse what comes."""

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        if self.refuse:
            return self.refuse
        parsed = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.messages.append(cast("EmailMessage", parsed))
        return "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        return [message for message in self.messages if address in str(message["To"])]

    @classmethod
    @contextmanager
    def started(cls, app: Flask) -> Iterator[Mailbox]:
        mailbox = cls()
        port = free_port()
        controller = Controller(mailbox, hostname="127.0.0.1", port=port)
        controller.start()
        before = app.config["PORTAL"]
        app.config["PORTAL"] = replace(before, smtp_url=f"smtp://127.0.0.1:{port}")
        try:
            yield mailbox
        finally:
            app.config["PORTAL"] = before
            controller.stop()
