"""Staff assess ideas, each blind to the others until their own is given."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.ideas.actions.assessing import AssessmentDraft, assess_idea
from portal.ideas.assessing import Given, RiskBand, along, band, by_criterion, risk_cells
from portal.ideas.criteria import STANDARD
from portal.ideas.models.ideas import Idea
from portal.ideas.plotting import HEIGHT, WIDTH, Point, plot
from portal.ideas.queries.assessing import assessment_page, portfolio_page
from portal.kernel.errors import Forbidden, Invalid
from tests.support.ideas import published

KEYS = [each.key for each in STANDARD]
STEPS = st.integers(1, 5)


def draft(step: int = 3, **values: Any) -> AssessmentDraft:
    return AssessmentDraft(scores=dict.fromkeys(KEYS, step), **values)


@pytest.fixture
def idea(cast: Any) -> Idea:
    return published(cast.actor("resident"))


def test_others_are_hidden_until_ones_own_is_in(cast: Any, idea: Idea) -> None:
    assess_idea(cast.actor("employee"), idea.id, draft(5, comment="Vi kan begynne i morgen."))
    before = assessment_page(cast.actor("adviser"), idea.id)
    assert (before.given, list(before.shown), before.is_blind) == (1, [], True)
    assert all(found is None for found in before.spreads.values())
    assess_idea(cast.actor("adviser"), idea.id, draft(1))
    after = assessment_page(cast.actor("adviser"), idea.id)
    assert len(after.shown) == 2
    spread = after.spreads["feasibility"]
    assert spread is not None
    assert (spread.mean, spread.lowest, spread.highest, spread.disagrees) == (3.0, 1, 5, True)


def test_the_portfolio_is_blind_too(cast: Any, idea: Idea) -> None:
    assess_idea(cast.actor("employee"), idea.id, draft(5))
    page = portfolio_page(cast.actor("adviser"))
    assert page.rows == []
    assert [(row.id, row.value) for row in page.waiting] == [(idea.id, None)]
    assess_idea(cast.actor("adviser"), idea.id, draft(4))
    page = portfolio_page(cast.actor("adviser"))
    assert [(row.id, row.n, row.value) for row in page.rows] == [(idea.id, 2, 4.5)]
    assert [dot.point.number for dot in page.dots] == [idea.id]


def test_assessing_again_changes_ones_own(cast: Any, idea: Idea) -> None:
    assess_idea(cast.actor("employee"), idea.id, draft(2))
    assess_idea(cast.actor("employee"), idea.id, draft(4, likelihood=2, consequence=5))
    page = assessment_page(cast.actor("employee"), idea.id)
    assert page.given == 1
    assert page.cells == {(2, 5): 1}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"scores": {}}, "feasibility"),
        ({"scores": {**dict.fromkeys(KEYS, 3), "spread": 6}}, "spread"),
        ({"likelihood": 3}, "consequence"),
        ({"consequence": 3}, "likelihood"),
        ({"likelihood": 9, "consequence": 3}, "likelihood"),
    ],
)
def test_what_is_missing_is_said_at_the_field(cast: Any, idea: Idea, change: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        assess_idea(cast.actor("employee"), idea.id, AssessmentDraft(**{"scores": dict.fromkeys(KEYS, 3), **change}))
    assert refused.value.field == field


@pytest.mark.parametrize("name", ["resident", "resident2", "moderator", "coordinator", "admin"])
def test_only_employees_and_advisers_assess(cast: Any, idea: Idea, name: str) -> None:
    with pytest.raises(Forbidden):
        assess_idea(cast.actor(name), idea.id, draft())


def test_nobody_assesses_their_own(cast: Any) -> None:
    mine = published(cast.actor("employee"))
    with pytest.raises(Forbidden):
        assess_idea(cast.actor("employee"), mine.id, draft())


def test_the_pages_from_form_to_file(cast: Any, visitor: Any, idea: Idea) -> None:
    assess_idea(cast.actor("employee2"), idea.id, draft(5, likelihood=4, consequence=4))
    someone = visitor("employee")
    page = someone.get("ideas_assess.assess", idea_id=idea.id)
    assert "1 har vurdert ideen" in page.text
    answers = {f"score_{key}": "3" for key in KEYS}
    refused = someone.post("ideas_assess.give", idea_id=idea.id, _data={**answers, "likelihood": "2"}, _status=422)
    assert "Risiko er sannsynlighet og konsekvens sammen" in refused.text
    someone.post("ideas_assess.give", idea_id=idea.id, _data=answers)
    assert "Hver for seg" in someone.get("ideas_assess.assess", idea_id=idea.id).text
    assert idea.title in someone.get("ideas_assess.portfolio").text


@given(st.lists(st.dictionaries(st.sampled_from(KEYS), STEPS), max_size=6))
def test_means_stay_within_what_was_given(scores: list[dict[str, int]]) -> None:
    given_ = [Given(each) for each in scores]
    for key, found in by_criterion(given_, KEYS).items():
        assert (found is None) == (not any(key in each for each in scores))
        assert found is None or found.lowest <= found.mean <= found.highest
    mean = along(given_, KEYS)
    assert mean is None or 1 <= mean <= 5


@given(STEPS, STEPS)
def test_a_worse_risk_is_never_in_a_lower_band(likelihood: int, consequence: int) -> None:
    order = list(RiskBand)
    here = order.index(band(likelihood, consequence))
    assert here >= max((order.index(band(likelihood - 1, consequence)) if likelihood > 1 else 0), 0)
    assert band(1, 1) is RiskBand.LOW
    assert band(5, 5) is RiskBand.HIGH


def test_cells_count_those_who_judged_the_risk() -> None:
    assert risk_cells([Given({}, 2, 3), Given({}, 2, 3), Given({}), Given({}, 1, 5)]) == {(2, 3): 2, (1, 5): 1}


@given(st.lists(st.tuples(st.floats(1, 5), st.floats(1, 5)), max_size=40))
def test_every_point_is_drawn_inside_and_no_names_meet(places: list[tuple[float, float]]) -> None:
    points = [
        Point(number=number, name=f"Idé nummer {number} om bussen", value=value, feasibility=feasibility)
        for number, (value, feasibility) in enumerate(places)
    ]
    dots = plot(points)
    assert {dot.point.number for dot in dots} == set(range(len(places)))
    assert all(0 < dot.x < WIDTH and 0 < dot.y < HEIGHT for dot in dots)
    boxes = []
    for dot in dots:
        if dot.name:
            width = len(dot.name) * 7.2
            left = dot.name_x - 2 if dot.anchor == "start" else dot.name_x + 2 - width
            boxes.append((left, dot.name_y - 9, left + width, dot.name_y + 9))
    for index, one in enumerate(boxes):
        for other in boxes[index + 1 :]:
            beside = one[2] <= other[0] + 0.2 or other[2] <= one[0] + 0.2
            over = one[3] <= other[1] + 0.2 or other[3] <= one[1] + 0.2
            assert beside or over
