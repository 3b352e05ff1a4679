"""Telling a solution's own portal who here takes it in use: a row in the outbox, delivered signed by the worker."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import msgspec

from portal.kernel import clock, outbox
from portal.kernel.db import atomic
from portal.kernel.events import Event
from portal.kernel.identity import SYSTEM, Actor
from portal.kernel.outgoing import OutgoingFailed
from portal.partners import fetching, keys
from portal.partners.actions.keys import ensure_key
from portal.partners.actions.logging import log
from portal.partners.models.partners import LogKind, PartnerState
from portal.partners.queries.telling import Telling, is_theirs, telling
from portal.partners.signing import Asked, sign_request
from portal.solutions.events.adoptions import ADOPTION

TOPIC = "partners.adoption"
ADOPTIONS = "/api/v1/exchange/adoptions"
FINAL = frozenset({400, 404, 409, 410, 413, 422})
"""The answers that would be the same the next time: it won't take in what we told, or no longer has the solution."""
WHILE_SUSPENDED = timedelta(days=1)
"""How long we wait before we see whether the exchange has been taken up again."""


def tell_source(event: Event) -> None:
    """Ask for the source to be told, when an adoption of a partner's solution begins, changes or is moderated."""
    ref = event.subject()
    if ref is not None and ref.kind == ADOPTION and is_theirs(ref.id):
        outbox.enqueue(TOPIC, {"adoption_id": ref.id})


def send(payload: Mapping[str, Any]) -> None:
    """Tell a solution's source how it stands now with an adoption: the outbox's sender.

    Raises OutgoingError when the partner doesn't answer, doesn't know our key yet, or asks us to come back: it is tried
    again later.
    """
    told = telling(payload["adoption_id"])
    if told is None:
        return
    if told.partner.state is not PartnerState.ACTIVE:
        _wait(SYSTEM, payload)
        return
    body = msgspec.json.encode(told.item)
    headers = {"content-type": "application/json"}
    asked = Asked("POST", told.partner.base_url + ADOPTIONS)
    signed = sign_request(keys.read(ensure_key(SYSTEM).name), asked, headers, body)
    answer = fetching.ask("POST", told.partner.base_url, ADOPTIONS, headers=headers | signed, content=body)
    if answer.status // 100 == 2:
        log(SYSTEM, told.partner.id, LogKind.TOLD, reason=_how(told), solution_id=told.solution_id)
    elif answer.status in FINAL:
        reason = f"{answer.status}: {answer.text[:300]}"
        log(SYSTEM, told.partner.id, LogKind.NOT_TOLD, reason=reason, solution_id=told.solution_id)
    else:
        raise OutgoingFailed(f"{told.partner.base_url} answered {answer.status}.")


def _how(told: Telling) -> str:
    return "withdrawn" if told.item.withdrawn else told.item.step


@atomic
def _wait(_actor: Actor, payload: Mapping[str, Any]) -> None:
    outbox.enqueue(TOPIC, payload, due=clock.now() + WHILE_SUSPENDED)
