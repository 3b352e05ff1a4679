"""What happened: publishing an event writes the audit trail and calls the reactions, all in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from enum import Enum
from typing import Any, ClassVar

from portal.kernel import audit
from portal.kernel.content import Ref
from portal.kernel.extensions import reactions
from portal.kernel.identity import Actor


@dataclass(frozen=True, kw_only=True)
class Event:
    """A fact, in the past tense. Its fields are what the audit trail says, so they hold short values only."""

    name: ClassVar[str]
    label: ClassVar[Any]
    """What happened in words, for those who read the trail."""
    actor: Actor

    def subject(self) -> Ref | None:
        """Return the thing it happened to."""
        return None

    def personal_account_id(self) -> int | None:
        """Return whose personal fields these are; the actor's own unless said otherwise."""
        return self.actor.id


Reaction = Callable[[Any], None]
Reactions = Mapping[type[Event], tuple[Reaction, ...]]


def personal_field() -> Any:
    """Mark a field as personal: it stands apart in the trail, and can be erased without breaking the chain."""
    return field(metadata={"personal": True})


def publish(event: Event) -> None:
    """Write the event to the audit trail and let the others react; joins the running transaction."""
    body, personal = _split(event)
    if event.actor.is_system:
        body["by"] = "system"
    subject = event.subject()
    audit.write(
        name=event.name,
        actor_id=event.actor.id,
        subject=(subject.kind, subject.id) if subject else None,
        body=body,
        personal=personal,
        personal_account_id=event.personal_account_id(),
    )
    for reaction in reactions().get(type(event), ()):
        reaction(event)


def _split(event: Event) -> tuple[dict[str, Any], dict[str, Any]]:
    body: dict[str, Any] = {}
    personal: dict[str, Any] = {}
    for each in fields(event):
        if each.name != "actor":
            (personal if each.metadata.get("personal") else body)[each.name] = _plain(getattr(event, each.name))
    return body, personal


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, tuple | list | frozenset | set):
        return [_plain(item) for item in (sorted(value) if isinstance(value, frozenset | set) else value)]
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    return value
