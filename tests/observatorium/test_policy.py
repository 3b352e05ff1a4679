"""Who may do what with a round in each of its phases: one table of actors × phases × verbs."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from portal.accounts.models import Organisation
from portal.kernel import clock
from portal.kernel.identity import ANONYMOUS, SYSTEM, Actor, Role, SignInMethod, StakeholderGroup
from portal.observatorium import policy
from portal.observatorium.models.rounds import Round, RoundState
from portal.observatorium.policy import Refusal

MEMBER = Actor(id=1, roles=frozenset({Role.MEMBER}), sign_in=SignInMethod.OIDC)
LIMITED = replace(MEMBER, limited_until=clock.now() + timedelta(days=9))
COORDINATOR = replace(MEMBER, roles=frozenset({Role.MEMBER, Role.COORDINATOR}))
LIMITED_COORDINATOR = replace(COORDINATOR, limited_until=clock.now() + timedelta(days=9))
OTHERS = [replace(MEMBER, roles=frozenset({Role.MEMBER, role})) for role in Role if role is not Role.COORDINATOR]

PHASES: dict[str, dict[str, Any]] = {
    "draft": {"state": RoundState.DRAFT},
    "draft, over": {"state": RoundState.DRAFT, "closes": -1, "opens": -2},
    "open, not yet": {"state": RoundState.OPEN, "opens": 1},
    "open": {"state": RoundState.OPEN},
    "open, over": {"state": RoundState.OPEN, "closes": -1, "opens": -2},
    "closed": {"state": RoundState.CLOSED},
    "closed, publishing": {"state": RoundState.CLOSED, "publishing": True},
    "published": {"state": RoundState.PUBLISHED},
    "published, correcting": {"state": RoundState.PUBLISHED, "publishing": True},
    "withdrawn": {"state": RoundState.WITHDRAWN},
}
COORDINATORS_VERBS = {
    "draft": {"edit", "open", "withdraw", "set_own_levels"},
    "draft, over": {"edit", "withdraw", "set_own_levels"},
    "open, not yet": {"extend", "close", "withdraw", "set_own_levels"},
    "open": {"rate", "extend", "close", "withdraw", "set_own_levels"},
    "open, over": {"close", "withdraw", "set_own_levels"},
    "closed": {"publish", "withdraw", "set_own_levels"},
    "closed, publishing": set(),
    "published": {"correct", "withdraw"},
    "published, correcting": set(),
    "withdrawn": set(),
}
REFUSALS = {
    "draft": Refusal.NOT_YET,
    "draft, over": Refusal.NOT_YET,
    "open, not yet": Refusal.NOT_YET,
    "open": None,
}


def a_round(phase: str) -> Round:
    facts, now = PHASES[phase], clock.now()
    return Round(
        state=facts["state"],
        opens_at=now + timedelta(days=facts.get("opens", -1)),
        closes_at=now + timedelta(days=facts.get("closes", 9)),
        sign_in_methods=["oidc"],
        publishing_since=now if facts.get("publishing") else None,
    )


def verbs(actor: Actor, phase: str) -> set[str]:
    return {verb for verb, may in asdict(policy.abilities(actor, a_round(phase))).items() if may}


@pytest.mark.parametrize("phase", PHASES)
def test_what_each_may_do_in_each_phase(app: Flask, phase: str) -> None:
    assert verbs(COORDINATOR, phase) == COORDINATORS_VERBS[phase]
    anybody = {"rate"} & COORDINATORS_VERBS[phase]
    for actor in OTHERS:
        assert verbs(actor, phase) == anybody, actor.roles
    assert verbs(ANONYMOUS, phase) == set()
    assert verbs(LIMITED, phase) == set()
    assert verbs(LIMITED_COORDINATOR, phase) == set()
    assert verbs(SYSTEM, phase) == ({"close"} if phase == "open, over" else set())


@pytest.mark.parametrize("phase", PHASES)
def test_why_somebody_cannot_rate_is_said_in_the_order_that_helps(app: Flask, phase: str) -> None:
    by_phase = REFUSALS.get(phase, Refusal.OVER)
    by_password = replace(MEMBER, sign_in=SignInMethod.PASSWORD)
    told = {
        "member": policy.refusal(MEMBER, a_round(phase)),
        "nobody": policy.refusal(ANONYMOUS, a_round(phase)),
        "limited": policy.refusal(LIMITED, a_round(phase)),
        "by password": policy.refusal(by_password, a_round(phase)),
    }
    if by_phase is None:
        expected = {
            "member": None,
            "nobody": Refusal.SIGNED_OUT,
            "limited": Refusal.LIMITED,
            "by password": Refusal.SIGN_IN_METHOD,
        }
    else:
        expected = dict.fromkeys(told, by_phase)
    assert told == expected


@pytest.mark.parametrize("refused", Refusal)
def test_every_refusal_says_something_to_the_person(app: Flask, refused: Refusal) -> None:
    error = policy.explain(refused)
    assert error.status in {403, 409}
    assert len(str(error.message)) > 20


def test_residents_answer_by_themselves_and_the_others_through_their_own_organisation() -> None:
    theirs = [Organisation(id=7, group=StakeholderGroup.BUSINESS)]
    allowed = {
        (group, number)
        for group in StakeholderGroup
        for number in (None, 7, 8)
        if policy.may_rate_as(group, number, theirs)
    }
    assert allowed == {(StakeholderGroup.RESIDENT, None), (StakeholderGroup.BUSINESS, 7)}
