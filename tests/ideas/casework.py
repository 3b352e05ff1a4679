"""What the tests of cases begin with: service areas with people in them, and ideas at every stage."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from portal.accounts.actions.administration import ServiceAreasDraft, change_service_areas
from portal.accounts.actions.settings import ServiceAreaDraft, add_service_area
from portal.accounts.models import Account, ServiceArea
from portal.ideas.actions import cases
from portal.ideas.actions.cases import Receipt, Said
from portal.ideas.models.ideas import Idea
from portal.ideas.stages import Decision, Stage
from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.identity import Actor
from portal.notifications.models import Notice
from tests.support.cast import Cast
from tests.support.ideas import published

ANSWER = "Takk for forslaget. Vi er enige i at dette er et problem, og ser på hva det koster."
REASON = "Det er verdt å prøve i et halvt år."


def an_area(cast: Cast, name: str = "Kultur", *people: str) -> ServiceArea:
    """Return a service area that some people work in."""
    area = add_service_area(cast.actor("admin"), ServiceAreaDraft(name=name))
    for person in people:
        account = db.session.get_one(Account, getattr(cast, person).id, populate_existing=True)
        draft = ServiceAreasDraft(service_area_ids=frozenset({area.id}), version=account.version)
        change_service_areas(cast.actor("admin"), account.id, draft)
    return area


def working_in(cast: Cast, name: str, area: ServiceArea) -> Actor:
    """Return an employee as the session knows them: with their service area."""
    return replace(cast.actor(name), service_areas=frozenset({area.id}))


def said(idea: Idea, text: str = REASON, key: str = "") -> Said:
    """Return what somebody wrote when they saw the idea as it is now."""
    return Said(text=text, version=now(idea).version, key=key)


def now(idea: Idea) -> Idea:
    """Return an idea as it stands in the database."""
    return db.session.get_one(Idea, idea.id, populate_existing=True)


def at_stage(
    cast: Cast,
    stage: Stage,
    decision: Decision = Decision.IN_THE_LINE,
    title: str = "Nattbuss",
    author: str = "resident",
) -> Idea:
    """Return an idea whose case has come to a stage, taken there by an adviser."""
    idea, adviser = published(cast.actor(author), title), cast.actor("adviser")
    if stage is Stage.ASSESSING:
        cases.assess_idea(adviser, idea.id, said(idea))
    elif stage is not Stage.RECEIVED:
        cases.decide_idea(adviser, idea.id, decision, said(idea), Receipt(to="Ruter"))
    if stage is Stage.UNDER_WAY:
        cases.start_work(adviser, idea.id, said(idea))
    elif stage is Stage.REALISED:
        cases.realise_idea(adviser, idea.id, said(idea, "Tolv kommer seg hjem hver kveld."))
    elif stage is Stage.CLOSED:
        cases.close_idea(adviser, idea.id, said(idea, "For få ville være med."))
    return now(idea)


def told(cast: Cast, name: str) -> list[str]:
    """What somebody has been told, oldest first."""
    mine = sa.select(Notice.sentence).where(Notice.account_id == getattr(cast, name).id)
    return list(db.session.scalars(mine.order_by(Notice.id)))


@contextmanager
def days_later(days: float) -> Iterator[None]:
    with clock.moved(timedelta(days=days)):
        yield


@contextmanager
def at(moment: str) -> Iterator[None]:
    """Do something at a moment, written with its zone."""
    with clock.moved(datetime.fromisoformat(moment) - clock.now()):
        yield
