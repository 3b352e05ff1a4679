"""Reminding those who handle cases: of the first answer, and of telling people what came of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from portal.accounts.queries import settings
from portal.ideas.events.cases import CasesReminded
from portal.ideas.models.cases import CaseReminder
from portal.ideas.queries import staff, waiting
from portal.ideas.queries.waiting import Waiting
from portal.kernel import clock
from portal.kernel.db import atomic, insert_once
from portal.kernel.events import publish
from portal.kernel.identity import SYSTEM, Actor

SOON = timedelta(days=3)
"""So long before the first answer is due somebody is reminded."""
AGAIN = 30
"""Days between reminders to tell how it goes; of an answer that is late, one is sent each Monday."""


@dataclass
class _Waits:
    soon: list[int] = field(default_factory=list)
    late: list[int] = field(default_factory=list)
    untold: list[int] = field(default_factory=list)


@atomic
def remind(actor: Actor = SYSTEM) -> int:
    """Remind those who have the cases that wait, or the advisers when nobody has; return how many are reminded.

    Each cause once: what has been told is kept, so that a job that is run again says nothing twice.
    """
    now, days = clock.now(), settings.value("progress_days")
    waits: dict[int, _Waits] = defaultdict(_Waits)
    told = _Recipients()
    for each in waiting.for_answer(clock.end_of_day(clock.local(now + SOON).date())):
        if insert_once(CaseReminder, {"idea_id": each.idea_id, "cause": _answer_cause(each.since, now)}):
            for account_id in told.of(each):
                (waits[account_id].late if each.since <= now else waits[account_id].soon).append(each.idea_id)
    for each in waiting.for_news(now - timedelta(days=days)):
        if insert_once(CaseReminder, {"idea_id": each.idea_id, "cause": _news_cause(each.since, now, days)}):
            for account_id in told.of(each):
                waits[account_id].untold.append(each.idea_id)
    for account_id, cases in sorted(waits.items()):
        publish(
            CasesReminded(
                actor=actor,
                account_id=account_id,
                soon_ids=cases.soon,
                late_ids=cases.late,
                untold_ids=cases.untold,
            )
        )
    return len(waits)


class _Recipients:
    """Whom to remind of a case: who is responsible and works here still, else the advisers of the area, else all."""

    def __init__(self) -> None:
        self._advisers = staff.to_remind()
        self._working: dict[int, bool] = {}

    def of(self, case: Waiting) -> Iterable[int]:
        if case.responsible_id is not None and self._works(case.responsible_id):
            return [case.responsible_id]
        return self._advisers.get(case.service_area_id) or self._advisers[None]

    def _works(self, account_id: int) -> bool:
        if account_id not in self._working:
            self._working[account_id] = account_id in staff.working([account_id])
        return self._working[account_id]


def _answer_cause(due: datetime, now: datetime) -> str:
    day, today = clock.local(due).date(), clock.local(now).date()
    if due > now:
        return f"soon:{day:%Y-%m-%d}"
    return f"late:{day:%Y-%m-%d}:{(_monday(today) - _monday(day)).days // 7}"


def _news_cause(since: datetime, now: datetime, days: int) -> str:
    return f"untold:{clock.local(since):%Y-%m-%d}:{((now - since).days - days) // AGAIN}"


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
