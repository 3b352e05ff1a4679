"""The pages of the goals: what serves each, of what everybody can see, at the same cost however much there is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask, get_template_attribute
from werkzeug.datastructures import MultiDict

from portal.accounts.actions.settings import SettingDraft, change_setting
from portal.accounts.models import Byline
from portal.goals.actions import link
from portal.goals.models import Link, Subgoal
from portal.goals.queries import choices
from portal.kernel import clock, fields
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import db
from portal.kernel.extensions import content
from portal.kernel.identity import SYSTEM
from portal.moderation.models import Verdict
from portal.participation.events import CONTRIBUTION
from portal.participation.models import Contribution, Form
from tests.goals.files import imported
from tests.observatorium.published import a_published_round
from tests.participation.talk import INDICATOR, asked, of
from tests.support.cast import Cast
from tests.support.moderating import decided
from tests.support.page import Page, Visitor


def prioritise(cast: Cast, *goals: int) -> None:
    change_setting(cast.actor("admin"), "prioritised_goals", SettingDraft(value=goals, version=0))


def numbered(code: str) -> int:
    return db.session.scalar(sa.select(Subgoal.id).where(Subgoal.code == code)) or 0


def titles(page: Page, kind: str = CONTRIBUTION) -> list[str]:
    return [each.get_text(" ", strip=True) for each in page.all(f"section[aria-labelledby=gruppe-{kind}] .row__text")]


def many(cast: Cast, count: int, goal: int = 3, subgoal: int = 0) -> None:
    """Write questions on an indicator, each serving a goal, and every second a delmål under it."""
    written = {
        "kind": INDICATOR.kind,
        "target_id": INDICATOR.id,
        "form": Form.QUESTION,
        "text": "Hva nå?",
        "language": "nb",
        "state": PublicationState.PUBLISHED,
        "author_id": cast.resident.id,
        "byline": Byline.NAME,
        "created_at": clock.now(),
        "version": 1,
    }
    db.session.execute(sa.insert(Contribution), [written | {"key": f"{number}"} for number in range(count)])
    ids = db.session.scalars(sa.select(Contribution.id)).all()
    served = [(id_, "goal", goal) for id_ in ids] + [(id_, "subgoal", subgoal) for id_ in ids[::2] if subgoal]
    db.session.execute(
        sa.insert(Link),
        [
            {"kind": CONTRIBUTION, "target_id": id_, "to_kind": kind, "to_id": to, "is_public": True}
            for id_, kind, to in served
        ],
    )
    db.session.commit()


def test_the_prioritised_goals_come_first_and_are_marked(cast: Cast, visitor: Callable[..., Visitor]) -> None:
    first = visitor().get("goals.index")
    assert len(first.all(".goal-line")) == 17
    assert not first.all(".goal-card")
    prioritise(cast, 17, 3)
    page = visitor().get("goals.index")
    assert [each.get_text(strip=True) for each in page.all(".goal-card__number")] == ["3", "17"]
    assert len(page.all(".goal-line")) == 15
    assert "Kommunen prioriterer dette" in visitor().get("goals.goal", number=3).words
    assert "Kommunen prioriterer dette" not in visitor().get("goals.goal", number=4).words


def test_the_list_says_how_much_serves_each_counting_each_thing_once(
    cast: Cast, visitor: Callable[..., Visitor]
) -> None:
    imported()
    both = asked(cast.actor("resident"))
    link(SYSTEM, of(both), "goal", [3, 4])
    link(SYSTEM, of(both), "subgoal", [numbered("3.2"), numbered("3.10")])
    link(SYSTEM, of(asked(cast.actor("resident"), "Og så?")), "subgoal", [numbered("3.2")])
    meta = {
        each.select_one("h3").get_text().split()[0]: each.select_one(".goal-line__meta").get_text(strip=True)  # type: ignore[union-attr]
        for each in visitor().get("goals.index").all(".goal-line")
    }
    assert meta["3"] == "6 indikatorer · 2 innlegg"
    assert meta["4"] == "7 indikatorer · 1 innlegg"
    assert meta["7"] == "1 indikator"


def test_a_goal_shows_what_serves_it_and_its_subgoals_the_newest_first(
    cast: Cast, visitor: Callable[..., Visitor]
) -> None:
    imported()
    for text, kind, to in (
        ("Første", "goal", 3),
        ("Andre", "subgoal", numbered("3.2")),
        ("Tredje", "goal", 4),
        ("Fjerde", "goal", 3),
    ):
        link(SYSTEM, of(asked(cast.actor("resident"), text)), kind, [to])
    page = visitor().get("goals.goal", number=3)
    assert page.heading == "God helse og livskvalitet"
    assert titles(page) == ["Fjerde", "Andre", "Første"]
    assert [each.get_text(strip=True) for each in page.all(".goal-subgoals__code")] == ["3.2", "3.10"]
    assert "1 kobling" in page.one(".goal-subgoals").get_text()
    headings = [each.get_text(" ", strip=True) for each in page.all("section > h2")]
    assert headings == ["Indikatorer 6", "Innlegg 3"], "in the order of the wiring"
    below = visitor().get("goals.subgoal", code="3.2")
    assert below.heading == "Flere eldre bor hjemme"
    assert titles(below) == ["Andre"]
    in_english = visitor().get_url("/mal/3.2/?sprak=en")
    assert in_english.heading == "More live at home"


def test_only_what_everybody_can_see_is_shown_and_it_comes_back(cast: Cast, visitor: Callable[..., Visitor]) -> None:
    question = asked(cast.actor("resident"), "Når kommer lyset?")
    link(SYSTEM, of(question), "goal", [3])
    moderator = cast.actor("moderator")
    decided(moderator, of(question), Verdict.HIDE)
    assert titles(visitor().get("goals.goal", number=3)) == []
    decided(moderator, of(question))
    assert titles(visitor().get("goals.goal", number=3)) == ["Når kommer lyset?"]


def test_indicators_show_the_colour_of_the_newest_published_round(cast: Cast, visitor: Callable[..., Visitor]) -> None:
    before = visitor().get("goals.goal", number=16)
    assert not before.all("section .judgement"), "nothing is published"
    a_published_round(cast)
    page = visitor().get("goals.goal", number=16)
    rows = {
        each.select_one("a").get_text().split()[0]: each.select_one("[data-level]")["data-level"]  # type: ignore[union-attr,index]
        for each in page.all("section[aria-labelledby=gruppe-indicator] .row")
    }
    assert rows["1.8"] == "red"
    assert set(rows.values()) == {"red", "yellow"}
    assert len(page.all(".goal-colours__marks svg")) == len(rows)
    assert "1 ikke akseptabelt" in page.words


def test_more_than_ten_are_asked_for_and_come_page_by_page(cast: Cast, visitor: Callable[..., Visitor]) -> None:
    many(cast, 120)
    page = visitor().get("goals.goal", number=3)
    assert len(titles(page)) == 10
    assert "Se alle 120" in page.words
    seen: list[str] = []
    page = visitor().get("goals.goal", number=3, vis=CONTRIBUTION)
    for expected in (50, 50, 20):
        found = [str(each["href"]) for each in page.all(".row__title a")]
        assert len(found) == expected
        seen += found
        if following := page.all("a[rel=next]"):
            page = visitor().get_url(str(following[0]["href"]))
    assert len(set(seen)) == 120
    assert not page.all("a[rel=next]")
    past = visitor().get_url(f"/mal/3/?vis={CONTRIBUTION}&etter=1")
    assert "ikke noe å vise" in past.words
    assert len(visitor().get("goals.goal", number=11, vis="indicator").all(".row__title")) == 14


@pytest.mark.parametrize("query", ["vis=tull", "vis=", "etter=x", "etter=-1", "etter=99999999999999999999", "vis=file"])
def test_an_address_that_asks_for_what_is_not_there_gets_an_answer(
    cast: Cast, visitor: Callable[..., Visitor], query: str
) -> None:
    visitor().get_url(f"/mal/3/?{query}")


@pytest.mark.parametrize("path", ["0", "18", "99999999999999999999", "3.1", "x", "%00", "..", "3.1%0a"])
def test_goals_and_subgoals_that_are_not_there_are_not_found(
    cast: Cast, visitor: Callable[..., Visitor], path: str
) -> None:
    visitor().get_url(f"/mal/{path}/", 404)


def test_a_subgoal_that_nothing_serves_invites(cast: Cast, visitor: Callable[..., Visitor]) -> None:
    imported()
    assert "Ingen har koblet noe til dette ennå" in visitor().get("goals.subgoal", code="11.4").words
    imported("kode;mål;nb;aktiv\n11.4;11;Grønt innen ti minutter;nei\n")
    assert "Ikke i planen lenger" in visitor().get("goals.subgoal", code="11.4").words
    assert not visitor().get("goals.goal", number=11).all(".goal-subgoals"), "nobody is led there any more"


def test_the_pages_cost_the_same_with_a_thousand_links(
    cast: Cast, visitor: Callable[..., Visitor], count_queries: Callable[..., object]
) -> None:
    imported()
    prioritise(cast, 3)
    a_published_round(cast)
    many(cast, 1000, 3, numbered("3.2"))
    for reader in (visitor(), visitor("adviser")):
        for endpoint, values in (
            ("goals.index", {}),
            ("goals.goal", {"number": 3}),
            ("goals.goal", {"number": 3, "vis": CONTRIBUTION}),
            ("goals.subgoal", {"code": "3.2"}),
        ):
            with count_queries(at_most=8):  # type: ignore[attr-defined]  # a context manager
                reader.get(endpoint, **values)
    assert "Se alle 1 000" in visitor().get("goals.goal", number=3).words.replace("\u00a0", " ")


def test_the_pages_set_no_cookie(cast: Cast, visitor: Callable[..., Visitor]) -> None:
    for path in ("/mal/", "/mal/3/"):
        assert "Set-Cookie" not in visitor().get_url(path).response.headers


class GoalsForm(fields.Form):
    goals = fields.choices("Mål", [(number, f"{number}") for number in range(1, 18)], coerce=int)


def choice_of(app: Flask, *chosen: int) -> BeautifulSoup:
    with app.test_request_context():
        form = GoalsForm(MultiDict([("goals", str(number)) for number in chosen]), meta={"csrf": False})
        macro = get_template_attribute("goals/_parts.html", "goal_choice")
        return BeautifulSoup(macro(form.goals, choices("goal", "nb")), "html5lib")


def test_a_form_offers_the_prioritised_and_the_rest_under_one_press(app: Flask, cast: Cast) -> None:
    prioritise(cast, 3, 17)
    plain = choice_of(app)
    assert [each["value"] for each in plain.select(".goal-choice > .goal-choice__boxes input")] == ["3", "17"]
    assert len(plain.select("details:not([open]) input")) == 15
    assert not plain.select("input[checked]")
    chosen = choice_of(app, 3, 5)
    assert [each["value"] for each in chosen.select("input[checked]")] == ["3", "5"]
    assert chosen.select("details[open]"), "what is chosen is never hidden"
    assert not choice_of(app, 3).select("details[open]")


def test_a_form_offers_all_when_nothing_is_prioritised(app: Flask, cast: Cast) -> None:
    found = choice_of(app)
    assert len(found.select(".goal-choice__boxes input")) == 17
    assert not found.select("details")


def test_a_things_page_shows_what_it_serves_as_links(app: Flask, cast: Cast) -> None:
    imported()
    with app.test_request_context():
        cards = content().cards([Ref("goal", 3), Ref("subgoal", numbered("3.2"))])
        macro = get_template_attribute("goals/_parts.html", "goal_tags")
        found = BeautifulSoup(macro(cards.values()), "html5lib")
        assert [(each["href"], each.get_text()) for each in found.select("a")] == [
            ("/mal/3/", "3 God helse og livskvalitet"),
            ("/mal/3.2/", "3.2 Flere eldre bor hjemme"),
        ]
        assert not macro([]).strip()


def test_everybody_reads_and_those_who_are_signed_in_follow(cast: Cast) -> None:
    imported()
    goal, below = Ref("goal", 3), Ref("subgoal", numbered("3.2"))
    registry = content()
    for ref in (goal, below):
        assert registry.may(cast.actor("resident"), ref, "follow")
        assert registry.may(SYSTEM, ref, "read")
        assert not registry.may(cast.actor("admin"), ref, "support")
    assert not registry.may(SYSTEM, Ref("goal", 18), "read")
    assert not registry.may(SYSTEM, Ref("subgoal", 0), "read")


def test_a_goal_invites_with_itself_filled_in(cast: Cast, visitor: Callable[..., Visitor]) -> None:
    page = visitor().get("goals.goal", number=11)
    assert page.one(".goal-invite a")["href"] == "/ideer/ny?mal=11"
    imported()
    below = visitor().get("goals.subgoal", code="3.2")
    assert below.one(".empty a")["href"] == "/ideer/ny?mal=3"
    form = visitor("resident").get_url("/ideer/ny?mal=11")
    assert [each["value"] for each in form.all(".goal-choice input[checked]")] == ["11"]


def test_an_indicator_leads_to_its_goals(cast: Cast, visitor: Callable[..., Visitor]) -> None:
    page = visitor().get("observatorium.indicator", number="1.8")
    assert "/mal/16/" in {each["href"] for each in page.all("a.sdg")}
