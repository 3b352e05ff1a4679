"""Files put on things by their actions, for tests that begin with one."""

from __future__ import annotations

from typing import Any

from portal.files.actions import upload
from portal.files.intake import FileDraft, receive
from portal.files.models import File
from portal.kernel.content import PublicationState, Ref, Restriction
from portal.kernel.db import atomic
from portal.kernel.extensions import content
from portal.kernel.identity import Actor
from tests.files import made

ALT = "En tom lekeplass."


def put(actor: Actor, to: Ref | None, content: bytes = b"", name: str = "fil", **said: Any) -> File:
    """Let somebody send a file; a PDF unless told otherwise."""
    draft = FileDraft(**{"alt_text": ALT, **said})
    return upload(actor, receive(actor, content or made.pdf(), name, draft), to)


def decide(file: File, state: PublicationState, **fields: str) -> None:
    """Put a decision of moderation into effect, as moderation does."""

    @atomic
    def restrict() -> None:
        kind = content().kind("file")
        assert kind.restrict is not None
        kind.restrict(Ref("file", file.id), Restriction(state=state, fields=fields))

    restrict()
