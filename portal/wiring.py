"""The map: which blueprints, kinds of content, reactions, senders, jobs and commands make up the portal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from flask import Flask

from portal.kernel import outbox
from portal.kernel.content import ContentKind, Registry
from portal.kernel.events import Event, Reaction
from portal.kernel.extensions import Sender
from portal.kernel.jobs import HEARTBEAT, Recurring
from portal.kernel.personal import PersonalData

BLUEPRINTS = ()

COMMANDS = ()

REACTIONS: Mapping[type[Event], tuple[Reaction, ...]] = {}

SENDERS: Mapping[str, Sender] = {}

RECURRING: Sequence[Recurring] = (
    Recurring(HEARTBEAT, timedelta(seconds=20), lambda: None),
    Recurring("outbox.forget", timedelta(days=1), outbox.forget_done),
)

CONTENT: Sequence[ContentKind] = ()

PERSONAL: Sequence[PersonalData] = ()


def wire(app: Flask) -> None:
    """Hang everything up in the application."""
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    for command in COMMANDS:
        app.cli.add_command(command)
    app.extensions["portal_reactions"] = REACTIONS
    app.extensions["portal_senders"] = SENDERS
    app.extensions["portal_recurring"] = RECURRING
    app.extensions["portal_content"] = Registry(CONTENT)
    app.extensions["portal_personal"] = PERSONAL
