"""Who may take part: the kind of a thing says what it allows, and a limited account takes part in nothing."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass

from portal.kernel.content import PublicationState, Ref
from portal.kernel.errors import Conflict, Forbidden, NotFound
from portal.kernel.extensions import content
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor, Role
from portal.participation.models import Contribution, Form

VERBS: Mapping[Form, str] = {
    Form.ARGUMENT_FOR: "argue",
    Form.ARGUMENT_AGAINST: "argue",
    Form.QUESTION: "ask",
    Form.COMMENT: "comment",
}
ANYBODY = Actor(id=0, roles=frozenset({Role.MEMBER}))
"""A person with an account: what they may do is offered to those who haven't signed in yet."""
LIMITED = _l("Kontoen din er begrenset for en tid. Du kan lese, men ikke ta del.")
NOT_EDITABLE = _l("Dette innlegget kan ikke endres nå.")
EDITABLE = frozenset({PublicationState.PUBLISHED, PublicationState.PENDING, PublicationState.CHANGES_REQUESTED})


@dataclass(frozen=True)
class Abilities:
    """What somebody may do with a contribution."""

    support: bool
    reply: bool
    answer: bool
    edit: bool
    withdraw: bool


def allowed(actor: Actor, ref: Ref) -> frozenset[str]:
    """Return everything somebody may do with a thing, by verb; of a thing that one may not even read: nothing."""
    may = content().may
    if not may(actor, ref, "read"):
        return frozenset()
    asked = {"support", "follow", "answer", *VERBS.values()} if may_take_part(actor) else set()
    return frozenset({"read", *(verb for verb in asked if may(actor, ref, verb))})


def abilities(actor: Actor, contribution: Contribution, verbs: Set[str]) -> Abilities:
    """Return what somebody may do with a contribution; `verbs` is what they may do with the thing it is on."""
    shown = contribution.state is PublicationState.PUBLISHED and "read" in verbs
    takes_part, author = may_take_part(actor), is_author(actor, contribution)
    replies = takes_part and shown and contribution.parent_id is None
    return Abilities(
        support=takes_part and shown and not author,
        reply=replies and not verbs.isdisjoint({VERBS[contribution.form], "answer"}),
        answer=replies and "answer" in verbs,
        edit=takes_part and author and contribution.state in EDITABLE,
        withdraw=author and contribution.state is not PublicationState.WITHDRAWN,
    )


def may_take_part(actor: Actor) -> bool:
    return actor.is_signed_in and not actor.is_limited


def may_read(actor: Actor, contribution: Contribution) -> bool:
    """What isn't shown is read by its author and by moderators."""
    if contribution.state is PublicationState.PUBLISHED:
        return content().may(actor, target(contribution), "read")
    return is_author(actor, contribution) or actor.has(Role.MODERATOR)


def may_support(actor: Actor, contribution: Contribution) -> bool:
    """Nobody supports what they wrote themselves."""
    return _abilities(actor, contribution).support


def may_reply(actor: Actor, contribution: Contribution) -> bool:
    """Who may write such a thing there may reply to it, and so may those who answer for the municipality."""
    return _abilities(actor, contribution).reply


def may_answer(actor: Actor, contribution: Contribution) -> bool:
    """Reply for the municipality."""
    return _abilities(actor, contribution).answer


def may_edit(actor: Actor, contribution: Contribution) -> bool:
    return _abilities(actor, contribution).edit


def may_withdraw(actor: Actor, contribution: Contribution) -> bool:
    """Take back what one wrote, at any time: also when the account is limited, and when it isn't shown."""
    return is_author(actor, contribution) and contribution.state is not PublicationState.WITHDRAWN


def must_join(actor: Actor, ref: Ref, verb: str) -> None:
    """Let nobody but those who may support or follow the thing go on; raises NotFound or Forbidden."""
    if not content().may(actor, ref, "read"):
        raise NotFound
    if actor.is_limited:
        raise Forbidden(LIMITED)
    if not may_take_part(actor) or not content().may(actor, ref, verb):
        raise Forbidden(_l("Dette kan du ikke støtte eller følge. Det du har skrevet selv, står du bak fra før."))


def must_write(actor: Actor, ref: Ref, form: Form, parent: Contribution | None) -> None:
    """Let nobody but those who may write this there go on; raises NotFound, Forbidden or Conflict."""
    if not (may_read(actor, parent) if parent else content().may(actor, ref, "read")):
        raise NotFound
    if actor.is_limited:
        raise Forbidden(LIMITED)
    if parent is not None and parent.parent_id is not None:
        raise Conflict(_l("Svar på innlegget øverst i samtalen."))
    may = may_reply(actor, parent) if parent else may_take_part(actor) and content().may(actor, ref, VERBS[form])
    if not may:
        raise Forbidden(_l("Her kan du ikke skrive nå."))


def is_author(actor: Actor, contribution: Contribution) -> bool:
    return actor.is_signed_in and contribution.author_id == actor.id


def target(contribution: Contribution) -> Ref:
    """Return the thing that a contribution is written on."""
    return Ref(contribution.kind, contribution.target_id)


def _abilities(actor: Actor, contribution: Contribution) -> Abilities:
    return abilities(actor, contribution, allowed(actor, target(contribution)))
