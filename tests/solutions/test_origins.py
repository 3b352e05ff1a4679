"""A solution is filled in with everything that the idea or project it comes of tells."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from portal.goals.actions import link
from portal.kernel import clock
from portal.kernel.content import Ref
from portal.kernel.db import db
from portal.kernel.identity import ANONYMOUS, SYSTEM
from portal.places.actions import PlaceDraft, import_neighbourhoods, locate
from portal.places.models import Neighbourhood
from portal.places.reading import read
from portal.portfolio.actions.funds import PaymentDraft, pay
from portal.solutions.facts import Cost, Evidence
from portal.solutions.models.solutions import Solution
from portal.solutions.queries.origins import cost_of, origin
from tests.portfolio import things
from tests.support.cast import Cast
from tests.support.cocreation import started
from tests.support.counting import count_queries
from tests.support.ideas import begin_idea, published
from tests.support.ideas import draft as idea_draft

FULL = {
    "summary": "Buss hver time.",
    "challenge": "Bussen går for sjelden.",
    "solution": "En buss til, om kvelden.",
    "usefulness": "Unge i hele fylket.",
}


def an_idea(cast: Cast, **given: Any) -> Ref:
    return Ref("idea", published(cast.actor("resident"), "Nattbuss", **(FULL | given)).id)


def test_an_idea_tells_what_it_says_and_what_it_serves(cast: Cast) -> None:
    idea = an_idea(cast, language="nn")
    link(cast.actor("resident"), idea, "goal", [11])
    link(cast.actor("resident"), idea, "indicator", [206])
    found = origin(cast.actor("employee"), idea)
    assert found is not None
    assert {name: text for name, text in found.words.items() if text} == {
        "title": "Nattbuss",
        "summary": "Buss hver time.",
        "problem": "Bussen går for sjelden.",
        "core": "En buss til, om kvelden.",
        "context": "Unge i hele fylket.",
    }
    assert (found.card.language, found.cost_class, found.evidence) == ("nn", None, None)
    assert list(found.serves) == [Ref("goal", 11), Ref("indicator", 206)]


def test_a_project_tells_its_goal_and_what_was_learnt(cast: Cast) -> None:
    project = started(cast.actor("resident"), "Middag sammen", goal="Færre spiser alene.")
    project.learning = "Begynn i det små."
    db.session.commit()
    found = origin(cast.actor("employee"), Ref("project", project.id))
    assert found is not None
    assert found.words["context"] == "Færre spiser alene."
    assert found.words["results"] == "Begynn i det små."


def test_where_it_was_is_told_by_the_lokalsamfunn_and_never_the_address(cast: Cast) -> None:
    import_neighbourhoods(SYSTEM, read(b"navn;breddegrad;lengdegrad\nHeggedal;59,789;10,448\n").found)
    place = db.session.scalars(sa.select(Neighbourhood).order_by(Neighbourhood.id)).all()[0]
    idea = an_idea(cast)
    locate(cast.actor("resident"), idea, PlaceDraft(neighbourhood_id=place.id, address="Kirkeveien 7"))
    found = origin(cast.actor("employee"), idea)
    assert found is not None
    assert found.words["context"] == f"Lokalsamfunn: {place.name}.\n\nUnge i hele fylket."


def test_what_was_measured_and_paid_is_told_in_the_language_of_the_origin(cast: Cast) -> None:
    adviser, applicant, idea = cast.actor("adviser"), cast.actor("resident"), an_idea(cast)
    benefit = things.planned(adviser, idea)
    things.measure(adviser, benefit, "22.5", date(2026, 5, 4))
    counted = things.planned(
        adviser, idea, title="Brukere", baseline_value=None, baseline_on=None, unit_word="personer"
    )
    things.measure(adviser, counted, "1284", date(2026, 5, 4))
    things.planned(adviser, idea, title="Ikke målt ennå")
    grant = things.granted(adviser, applicant, things.a_fund(adviser), 12_000_000, ref=idea)
    pay(adviser, grant.id, PaymentDraft(ore=12_000_000, paid_on=clock.today(), reference="Bilag 7", key="1"))
    found = origin(cast.actor("employee"), idea)
    assert found is not None
    assert found.words["results"].replace("\N{NO-BREAK SPACE}", " ").split("\n\n") == [
        "Kortere ventetid på byggesak: fra 40 til 22,5 dager, målt 4. mai 2026.",
        "Brukere: 1 284 personer, målt 4. mai 2026.",
    ]
    assert found.words["cost"].replace("\N{NO-BREAK SPACE}", " ") == "Vi brukte 120 000 kroner i innovasjonsmidler."
    assert (found.cost_class, found.evidence) == (Cost.MIDDLE, Evidence.MEASURED)


def test_a_benefit_without_a_baseline_is_no_evidence(cast: Cast) -> None:
    adviser, idea = cast.actor("adviser"), an_idea(cast)
    counted = things.planned(adviser, idea, baseline_value=None, baseline_on=None)
    things.measure(adviser, counted, "1284", clock.today() - timedelta(days=1))
    found = origin(cast.actor("employee"), idea)
    assert found is not None
    assert found.evidence is None


@pytest.mark.parametrize(
    ("kroner", "found"),
    [
        ("0", Cost.NONE),
        ("0.01", Cost.LOW),
        ("99999.99", Cost.LOW),
        ("100000", Cost.MIDDLE),
        ("1000000", Cost.MIDDLE),
        ("1000000.01", Cost.HIGH),
    ],
)
def test_the_class_of_a_cost_follows_from_the_sum(kroner: str, found: Cost) -> None:
    assert cost_of(int(Decimal(kroner) * 100)) is found


def test_nothing_is_told_of_what_one_cannot_read_or_what_is_no_origin(cast: Cast, visitor: Any) -> None:
    secret = begin_idea(cast.actor("resident"), idea_draft("Hemmelig utkast"))
    for nothing in (Ref("idea", secret.id), Ref("idea", 999), Ref("indicator", 108), Ref("file", 1), None):
        assert origin(cast.actor("employee"), nothing) is None
    assert origin(ANONYMOUS, Ref("idea", secret.id)) is None
    browser = visitor("employee")
    for asked in (f"idea:{secret.id}", "idea", "idea:x", "ting:1", "project:1", "indicator:108", "file:1", ""):
        page = browser.get("solutions_sharing.new", fra=asked)
        assert "Hemmelig" not in page.text
        assert page.form("main form[method=post]")["title"] == ""


def test_the_form_is_filled_in_and_the_solution_points_back(cast: Cast, visitor: Any) -> None:
    idea = an_idea(cast)
    things.measure(cast.actor("adviser"), things.planned(cast.actor("adviser"), idea), "22", date(2026, 5, 4))
    link(cast.actor("resident"), idea, "goal", [11])
    browser = visitor("employee")
    page = browser.get("solutions_sharing.new", fra=str(idea))
    form = page.form("main form[method=post]")
    assert (form["title"], form["core"].strip(), form["goals"]) == ("Nattbuss", "En buss til, om kvelden.", "11")
    assert (form["evidence"], "cost_class" in form) == ("measured", False)
    assert page.one(".propose-parent a").get_text() == "Nattbuss"
    chosen = {"theme": "transport", "cost_class": "high", "size": "large", "contact_title": "Planlegger"}
    browser.post("solutions_sharing.new", form | chosen, fra=str(idea))
    solution = db.session.scalars(sa.select(Solution)).one()
    assert (solution.origin_kind, solution.origin_id) == ("idea", idea.id)
    assert "fra 40 til 22 dager" in solution.results


def test_filling_in_takes_few_statements_however_much_is_known(cast: Cast, visitor: Any) -> None:
    adviser, idea = cast.actor("adviser"), an_idea(cast)
    for number in range(20):
        benefit = things.planned(adviser, idea, title=f"Gevinst {number}")
        things.measure(adviser, benefit, "22", date(2026, 5, 4))
    project = started(cast.actor("resident"), "Middag sammen")
    browser = visitor("employee")
    for each in (idea, Ref("project", project.id)):
        browser.get("solutions_sharing.new", fra=str(each))
        db.session.expunge_all()
        with count_queries(at_most=8):
            browser.get("solutions_sharing.new", fra=str(each))
