"""Supporting and following a thing: once for each person, and taken back at any time."""

from __future__ import annotations

import sqlalchemy as sa

from portal.kernel import clock
from portal.kernel.content import Ref
from portal.kernel.db import atomic, delete_rows, insert_once
from portal.kernel.events import publish
from portal.kernel.identity import Actor
from portal.participation import policy
from portal.participation.events import FollowBegun, FollowEnded, SupportGiven, SupportWithdrawn
from portal.participation.models import Follow, Support
from portal.participation.visibility import count


@atomic
def support(actor: Actor, ref: Ref) -> bool:
    """Support a thing; return whether it is new. A second time changes nothing."""
    policy.must_join(actor, ref, "support")
    return _add(Support, "supports", actor, ref, SupportGiven)


@atomic
def withdraw_support(actor: Actor, ref: Ref) -> bool:
    """Take one's support back, also of what is no longer shown; return whether there was any."""
    return _remove(Support, "supports", actor, ref, SupportWithdrawn)


@atomic
def follow(actor: Actor, ref: Ref) -> bool:
    """Follow a thing; return whether it is new. A second time changes nothing."""
    policy.must_join(actor, ref, "follow")
    return _add(Follow, "followers", actor, ref, FollowBegun)


@atomic
def unfollow(actor: Actor, ref: Ref) -> bool:
    """Follow a thing no longer, also what is no longer shown; return whether one did."""
    return _remove(Follow, "followers", actor, ref, FollowEnded)


def _add(
    model: type[Support | Follow], counter: str, actor: Actor, ref: Ref, event: type[SupportGiven | FollowBegun]
) -> bool:
    row = {"kind": ref.kind, "target_id": ref.id, "account_id": actor.id, "created_at": clock.now()}
    if not insert_once(model, row):
        return False
    count(ref, counter, 1)
    publish(event(actor=actor, on_kind=ref.kind, on_id=ref.id))
    return True


def _remove(
    model: type[Support | Follow], counter: str, actor: Actor, ref: Ref, event: type[SupportWithdrawn | FollowEnded]
) -> bool:
    mine = (model.kind == ref.kind, model.target_id == ref.id, model.account_id == actor.id)
    if not delete_rows(sa.delete(model).where(*mine)):
        return False
    count(ref, counter, -1)
    publish(event(actor=actor, on_kind=ref.kind, on_id=ref.id))
    return True
