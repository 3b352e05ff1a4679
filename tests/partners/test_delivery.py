"""Telling a solution's source who takes it in use: signed, as it stands now, and until it has been heard."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from flask import Flask

from portal.kernel import clock, outbox
from portal.kernel.content import Ref
from portal.kernel.db import db
from portal.kernel.outbox import OutboxRow
from portal.moderation.models import Verdict
from portal.partners import delivery
from portal.partners.actions.partners import resume_partner, suspend_partner
from portal.partners.incoming import Sender, read_adoption
from portal.partners.models.partners import LogKind, Partner, SyncEntry
from portal.partners.queries.exchange import description
from portal.partners.signing import Asked, public_bytes, verify_request
from portal.partners.syncing import sync
from portal.solutions.actions.adopting import (
    AdoptionDraft,
    begin_adoption,
    change_adoption,
    withdraw_adoption,
)
from portal.solutions.adoption import Adopter, AdopterKind, Step, Way
from portal.solutions.events.adoptions import ADOPTION
from portal.solutions.events.solutions import SOLUTION
from portal.solutions.models.adoptions import Adoption
from portal.solutions.models.solutions import Solution
from tests.support.cast import Cast
from tests.support.moderating import decided
from tests.support.portals import OtherPortal, allow, another_portal, let_in
from tests.support.solutions import shared, show

ADOPTIONS = "/api/v1/exchange/adoptions"


@pytest.fixture
def source(monkeypatch: pytest.MonkeyPatch, app: Flask) -> Iterator[OtherPortal]:
    with another_portal() as portal:
        allow(monkeypatch, app, portal)
        yield portal


@pytest.fixture
def partner(cast: Cast, source: OtherPortal) -> Partner:
    return let_in(cast.actor("admin"), source)


@pytest.fixture
def solution(source: OtherPortal, partner: Partner) -> Solution:
    """Return a solution of the partner's that everybody here may read."""
    source.tell(17, version=3)
    sync(partner.id)
    found = db.session.scalars(sa.select(Solution)).one()
    show(Ref(SOLUTION, found.id))
    return found


def adopted(cast: Cast, solution: Solution, step: Step = Step.PILOTING, **told: Any) -> Adoption:
    """Let the home municipality take a solution in use."""
    draft = AdoptionDraft(step=step, way=Way.ADAPTED, **told)
    home = Adopter(AdopterKind.MUNICIPALITY, "3203")
    return begin_adoption(cast.actor("adviser"), solution.id, home, draft)


def deliver() -> None:
    """Let the worker do what is due, but no mail."""
    while outbox.deliver_due():
        pass


def told(source: OtherPortal) -> list[dict[str, Any]]:
    return [message for _headers, message in source.received]


def waiting() -> list[OutboxRow]:
    rows = sa.select(OutboxRow).where(OutboxRow.topic == delivery.TOPIC, OutboxRow.done_at.is_(None))
    return list(db.session.scalars(rows.execution_options(populate_existing=True)))


def lines(partner: Partner, what: LogKind) -> list[SyncEntry]:
    found = sa.select(SyncEntry).where(SyncEntry.partner_id == partner.id, SyncEntry.what == what)
    return list(db.session.scalars(found.order_by(SyncEntry.id)))


def test_the_source_is_told_in_words_it_can_read_and_believe(
    cast: Cast, source: OtherPortal, partner: Partner, solution: Solution
) -> None:
    adoption = adopted(cast, solution)
    deliver()
    [(headers, message)] = source.received
    assert message["solution"] == f"{source.url}/losninger/17"
    assert message["adopter"] == {"kind": "municipality", "name": adoption.byline, "municipality_number": "3203"}
    assert (message["step"], message["of_version"], message["withdrawn"]) == ("piloting", 3, False)
    raw = msgspec.json.encode(message)
    assert read_adoption(raw, Sender("http://localhost", "3203"), source.url, clock.now()).step == "piloting"
    keys = {key.id: public_bytes(key.public_key) for key in description().keys}
    verify_request(keys, Asked("POST", source.url + ADOPTIONS), headers, raw)
    [line] = lines(partner, LogKind.TOLD)
    assert (line.reason, line.solution_id) == ("piloting", solution.id)


def test_what_waits_for_a_moderator_is_not_told_before_it_is_let_through(
    cast: Cast, source: OtherPortal, solution: Solution
) -> None:
    adoption = adopted(cast, solution, adapted="Ring Kari på 91234567.")
    deliver()
    assert told(source)[-1]["adapted"] == ""
    decided(cast.actor("moderator"), Ref(ADOPTION, adoption.id), Verdict.APPROVE)
    deliver()
    assert told(source)[-1]["adapted"] == "Ring Kari på 91234567."


def test_each_step_is_told_also_when_they_stop_and_when_they_take_it_back(
    cast: Cast, source: OtherPortal, solution: Solution
) -> None:
    adviser = cast.actor("adviser")
    adoption = adopted(cast, solution)
    in_use = AdoptionDraft(step=Step.IN_USE, way=Way.ADAPTED, in_use_since=clock.today())
    adoption = change_adoption(adviser, adoption.id, in_use, version=adoption.version)
    deliver()
    assert told(source)[-1]["step"] == "in_use"
    stopped = AdoptionDraft(step=Step.STOPPED, learning="Det ble for dyrt.")
    adoption = change_adoption(adviser, adoption.id, stopped, version=adoption.version)
    deliver()
    assert told(source)[-1]["step"] == "stopped"
    assert told(source)[-1]["learning"], "who has stopped tells something, whatever a moderator thinks of the words"
    withdraw_adoption(adviser, adoption.id)
    deliver()
    assert told(source)[-1]["withdrawn"]
    times = [message["updated"] for message in told(source)]
    assert times == sorted(times)


def test_only_the_source_is_told_and_only_of_our_own(cast: Cast, source: OtherPortal, solution: Solution) -> None:
    ours = shared(cast.actor("employee"), "Leksehjelp")
    petter = cast.actor("partner")
    neighbour = Adopter(AdopterKind.MUNICIPALITY, str(petter.municipality_number))
    begin_adoption(petter, ours.id, neighbour, AdoptionDraft(step=Step.INTERESTED))
    deliver()
    assert source.received == []
    assert waiting() == []


@pytest.mark.parametrize("status", [401, 403, 429, 500, 503])
def test_a_source_that_cannot_hear_now_is_told_again_later(
    cast: Cast, source: OtherPortal, partner: Partner, solution: Solution, status: int
) -> None:
    source.adoptions_answer = status
    adopted(cast, solution)
    deliver()
    assert len(source.received) == 1
    assert [row.attempts for row in waiting()] == [1]
    source.adoptions_answer = 200
    with clock.moved(timedelta(minutes=5)):
        deliver()
    assert waiting() == []
    assert len(lines(partner, LogKind.TOLD)) == 1


@pytest.mark.parametrize("status", [404, 409, 422])
def test_a_source_that_will_not_take_it_in_is_not_asked_for_ever(
    cast: Cast, source: OtherPortal, partner: Partner, solution: Solution, status: int
) -> None:
    source.adoptions_answer = status
    adopted(cast, solution)
    deliver()
    assert waiting() == []
    [line] = lines(partner, LogKind.NOT_TOLD)
    assert line.reason.startswith(str(status))


def test_a_suspended_partner_is_told_when_the_exchange_is_taken_up_again(
    cast: Cast, source: OtherPortal, partner: Partner, solution: Solution
) -> None:
    admin = cast.actor("admin")
    adopted(cast, solution)
    suspend_partner(admin, partner.id, "Vi venter på en avtale.")
    deliver()
    assert source.received == []
    resume_partner(admin, partner.id)
    with clock.moved(delivery.WHILE_SUSPENDED + timedelta(minutes=1)):
        deliver()
    assert [message["step"] for message in told(source)] == ["piloting"]


def test_of_a_solution_that_its_source_has_taken_away_nothing_is_told(
    cast: Cast, source: OtherPortal, partner: Partner, solution: Solution
) -> None:
    adopted(cast, solution)
    source.withdraw(17, version=4)
    sync(partner.id)
    deliver()
    assert source.received == []
    assert waiting() == []


def test_of_an_adoption_that_is_not_there_nobody_is_told(source: OtherPortal, solution: Solution) -> None:
    delivery.send({"adoption_id": 4711})
    assert [path for path in source.asked if path == ADOPTIONS] == []
