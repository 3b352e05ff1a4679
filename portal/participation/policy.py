"""Who may take part: the kind of a thing says what it allows, and a limited account takes part in nothing."""

from __future__ import annotations

from collections.abc import Mapping

from portal.kernel.content import PublicationState, Ref
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
EDITABLE = frozenset({PublicationState.PUBLISHED, PublicationState.PENDING, PublicationState.CHANGES_REQUESTED})


def may_take_part(actor: Actor) -> bool:
    return actor.is_signed_in and not actor.is_limited


def may(actor: Actor, ref: Ref, verb: str) -> bool:
    """Say whether somebody may support, follow, argue, ask, comment or answer."""
    return may_take_part(actor) and content().may(actor, ref, verb)


def may_read(actor: Actor, contribution: Contribution) -> bool:
    """What isn't shown is read by its author and by moderators."""
    if contribution.state is PublicationState.PUBLISHED:
        return content().may(actor, target(contribution), "read")
    return is_author(actor, contribution) or actor.has(Role.MODERATOR)


def may_support_contribution(actor: Actor, contribution: Contribution) -> bool:
    """Nobody supports what they wrote themselves."""
    return (
        may_take_part(actor)
        and contribution.state is PublicationState.PUBLISHED
        and not is_author(actor, contribution)
        and content().may(actor, target(contribution), "read")
    )


def may_reply(actor: Actor, contribution: Contribution) -> bool:
    """Who may write such a thing there may reply to it, and so may those who answer for the municipality."""
    if contribution.parent_id is not None or contribution.state is not PublicationState.PUBLISHED:
        return False
    return any(may(actor, target(contribution), verb) for verb in (VERBS[contribution.form], "answer"))


def may_answer(actor: Actor, contribution: Contribution) -> bool:
    return may_reply(actor, contribution) and may(actor, target(contribution), "answer")


def may_edit(actor: Actor, contribution: Contribution) -> bool:
    return may_take_part(actor) and is_author(actor, contribution) and contribution.state in EDITABLE


def may_withdraw(actor: Actor, contribution: Contribution) -> bool:
    """Take back what one wrote, at any time: also when the account is limited, and when it isn't shown."""
    return is_author(actor, contribution) and contribution.state is not PublicationState.WITHDRAWN


def is_author(actor: Actor, contribution: Contribution) -> bool:
    return actor.is_signed_in and contribution.author_id == actor.id


def target(contribution: Contribution) -> Ref:
    """Return the thing that a contribution is written on."""
    return Ref(contribution.kind, contribution.target_id)
