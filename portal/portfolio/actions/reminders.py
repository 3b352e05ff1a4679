"""Reminding those who run the portfolio of benefits that nobody has measured in time."""

from __future__ import annotations

from portal.kernel.db import atomic
from portal.kernel.events import publish
from portal.kernel.identity import SYSTEM, Actor
from portal.portfolio.events import BenefitsReminded
from portal.portfolio.queries.benefits import count_overdue


@atomic
def remind_of_benefits(actor: Actor = SYSTEM) -> int:
    """Remind of the benefits whose day has passed without a measurement; return how many there are."""
    number = count_overdue()
    if number:
        publish(BenefitsReminded(actor=actor, number=number))
    return number
