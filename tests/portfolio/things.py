"""What the tests of the portfolio begin with: things to have benefits and funds, and people who may."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from flask import Flask

from portal.kernel import clock
from portal.kernel.content import Card, ContentKind, Entry, Ref, Registry
from portal.kernel.identity import Actor, Role
from portal.portfolio.actions.applications import ApplicationDraft, draft_application, send_application
from portal.portfolio.actions.benefits import BenefitDraft, MeasurementDraft, measure_benefit, plan_benefit
from portal.portfolio.actions.funds import DecisionDraft, FundDraft, decide, set_fund
from portal.portfolio.models import Application, Benefit, BenefitType, Fund, Purpose, ResultLink
from portal.portfolio.realisation import Unit
from portal.wiring.whole import CONTENT

MILLION = 100_000_000
"""Øre of a million kroner."""
PUBLIC = Ref("thing", 1)
SECRET = Ref("thing", 666)
"""Only staff may read it."""


def may(actor: Actor, ref: Ref, verb: str) -> bool:
    """Employees plan benefits, everybody with an account applies; the secret ones are for staff."""
    if ref.id == SECRET.id and not actor.is_staff:
        return False
    return (
        verb == "read" or (verb == "benefit" and actor.has(Role.EMPLOYEE)) or (verb == "apply" and actor.is_signed_in)
    )


def cards(ids: Sequence[int]) -> Mapping[int, Card]:
    return {id_: Card(ref=Ref("thing", id_), title=f"Tiltak {id_}", endpoint="home.about") for id_ in ids}


def entries(ids: Sequence[int]) -> Mapping[int, Sequence[Entry]]:
    return {id_: (Entry(title=f"Tiltak {id_}", updated_at=clock.now()),) for id_ in ids if id_ != SECRET.id}


THINGS = ContentKind(name="thing", label="tiltak", cards=cards, may=may, entries=entries)


def register(app: Flask) -> None:
    """Let an application know of the things."""
    app.extensions["portal_content"] = Registry([*CONTENT, THINGS])


def plan(**changes: Any) -> BenefitDraft:
    """Return the plan of a benefit: from 40 to 20 days."""
    values: dict[str, Any] = {
        "title": "Kortere ventetid på byggesak",
        "type": BenefitType.QUALITY,
        "link": ResultLink.USER_EFFECTS,
        "for_whom": "De som skal bygge",
        "responsible": "Leder for byggesak",
        "indicator": "Dager fra søknad til svar",
        "unit": Unit.OTHER,
        "unit_word": "dager",
        "baseline_value": Decimal(40),
        "baseline_on": date(2026, 1, 15),
        "baseline_source": "Arkivet",
        "target_value": Decimal(20),
        "expected_on": clock.today() + timedelta(days=200),
        "key": uuid4().hex,
    }
    return BenefitDraft(**values | changes)


def hours(planned: int = 100, **changes: Any) -> BenefitDraft:
    """Return the plan of a benefit in hours a year: from 0 to some."""
    return plan(
        **{
            "title": "Færre skjemaer",
            "type": BenefitType.EFFICIENCY,
            "unit": Unit.HOURS,
            "unit_word": "",
            "baseline_value": Decimal(0),
            "target_value": Decimal(planned),
            **changes,
        }
    )


def planned(actor: Actor, ref: Ref = PUBLIC, **changes: Any) -> Benefit:
    return plan_benefit(actor, ref, plan(**changes))


def measure(actor: Actor, benefit: Benefit, value: str, on: date | None = None, source: str = "Arkivet") -> Benefit:
    draft = MeasurementDraft(measured_on=on or clock.today(), value=Decimal(value), source=source)
    return measure_benefit(actor, benefit.id, draft)


def a_fund(actor: Actor, *, year: int = 2026, frame: int = MILLION, plan: Mapping[Purpose, int] | None = None) -> Fund:
    """Set a frame, in øre, that one may apply for now."""
    day = clock.today()
    draft = FundDraft(
        year=year,
        frame_ore=frame,
        opens_on=day - timedelta(days=30),
        closes_on=day + timedelta(days=30),
        plan=plan or {},
    )
    return set_fund(actor, draft)


def asking(fund: Fund, ore: int = 10_000_000, **changes: Any) -> ApplicationDraft:
    values: dict[str, Any] = {
        "fund_id": fund.id,
        "purpose": Purpose.SEED,
        "asked_ore": ore,
        "what_for": "Vi vil prøve ut en lånesykkel.",
        "key": uuid4().hex,
    }
    return ApplicationDraft(**values | changes)


def sent(actor: Actor, fund: Fund, ore: int = 10_000_000, ref: Ref = PUBLIC, **changes: Any) -> Application:
    """Apply for øre, and send it."""
    application = draft_application(actor, ref, asking(fund, ore, **changes))
    return send_application(actor, application.id)


def deciding(ore: int, **changes: Any) -> DecisionDraft:
    values: dict[str, Any] = {
        "granted_ore": ore,
        "reason": "Det er nytt, og det er lett å prøve.",
        "decided_by_title": "Innovasjonsrådgiver",
    }
    return DecisionDraft(**values | changes)


def granted(adviser: Actor, applicant: Actor, fund: Fund, ore: int = 10_000_000, **changes: Any) -> Application:
    return decide(adviser, sent(applicant, fund, ore, **changes).id, deciding(ore))
