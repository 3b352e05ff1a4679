"""How a measure is going, and which judgements ask for an answer, reckoned from plain values."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from portal.kernel.identity import StakeholderGroup
from portal.observatorium.catalogue import Level
from portal.observatorium.following_up import STILL_FROM, MeasureStatus, Why, progress, why_answer
from portal.observatorium.results import GroupResult, IndicatorResult, Overall

TODAY = date(2026, 11, 22)
UNDER_WAY = MeasureStatus.UNDER_WAY
CALM = IndicatorResult(
    indicator="1.8",
    own=Level.GREEN,
    verified=None,
    level=Level.YELLOW,
    gap=1,
    disagreement=None,
    groups=(),
    overall=Overall(),
)


def going(status: MeasureStatus = UNDER_WAY, *, due_in: int = 30, told_ago: int = 0) -> Any:
    return progress(status, TODAY + timedelta(days=due_in), TODAY - timedelta(days=told_ago), TODAY)


def group(name: StakeholderGroup, mean: float, n_eff: float = 40) -> GroupResult:
    return GroupResult(name, suppressed=False, mean=mean, n_eff=n_eff)


def test_a_measure_is_in_time_on_the_day_of_its_deadline_and_overdue_the_day_after() -> None:
    assert not going(due_in=0).is_overdue
    assert going(due_in=-1).overdue == 1


def test_silence_is_told_from_the_ninetieth_day() -> None:
    assert not going(told_ago=STILL_FROM - 1).is_still
    assert going(told_ago=STILL_FROM).is_still
    assert going(told_ago=94).still == 94


@pytest.mark.parametrize("status", [MeasureStatus.DONE, MeasureStatus.STOPPED])
def test_what_has_ended_is_neither_overdue_nor_silent(status: MeasureStatus) -> None:
    assert not going(status, due_in=-300, told_ago=300).is_late


def test_a_clock_that_is_behind_makes_no_negative_days() -> None:
    assert going(told_ago=-1).still == 0


def test_a_calm_judgement_asks_for_nothing() -> None:
    assert why_answer(CALM) == ()
    assert why_answer(CALM, {"verification": {"state": "agreed"}, "evidence": []}) == ()


@pytest.mark.parametrize("who", ["own", "verified", "level"])
def test_red_to_anybody_asks_for_an_answer(who: str) -> None:
    assert why_answer(replace(CALM, **{who: Level.RED})) == (Why.RED,)


def test_groups_a_whole_step_apart_contest_an_indicator() -> None:
    resident, business = StakeholderGroup.RESIDENT, StakeholderGroup.BUSINESS
    assert why_answer(replace(CALM, groups=(group(resident, 0.2), group(business, 0.7)))) == (Why.GROUPS_APART,)
    assert why_answer(replace(CALM, groups=(group(resident, 0.2), group(business, 0.69)))) == ()
    assert why_answer(replace(CALM, groups=(group(resident, 0.2), group(business, 0.9, n_eff=12)))) == ()


def test_verifiers_who_differ_and_contested_evidence_ask_for_an_answer() -> None:
    record = {
        "verification": {"state": "differing"},
        "evidence": [{"verdicts": [{"verdict": "accepted"}, {"verdict": "contested", "reason": "Gammelt."}]}],
    }
    assert why_answer(CALM, record) == (Why.VERIFIERS_DIFFER, Why.EVIDENCE_CONTESTED)
