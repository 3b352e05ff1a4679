"""The method library: whole in three languages, something for every type and phase, and cards of one's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from portal.cocreation import methods
from portal.cocreation.actions.methods import MethodDraft, add_method, change_method, retire_method
from portal.cocreation.methods import LANGUAGES, LISTS, Level
from portal.cocreation.models.finding import MethodCard
from portal.cocreation.phases import Phase
from portal.cocreation.queries.methods import Asked, duration, methods_page, persons, suggested
from portal.cocreation.typology import ProjectType
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Forbidden, Invalid
from portal.kernel.i18n import in_language
from tests.support.cast import Cast
from tests.support.cocreation import started
from tests.support.page import Visitor

Door = Callable[..., Visitor]

NB = {"title": "Sang i kor", "audience": "Alle", "goal": "Bli kjent.", "how": ["Syng.", "Lytt."]}
DRAFT = MethodDraft(
    texts={"nb": NB}, minutes=(30, 60), persons=(4, 40), level="involve", types=("equal",), phases=("need",)
)


def test_every_card_is_whole_in_every_language() -> None:
    assert len(methods.packaged()) >= 22
    for method in methods.packaged():
        assert tuple(method.texts) == LANGUAGES, method.key
        bokmal = method.texts["nb"]
        for language, words in method.texts.items():
            where = f"{method.key} in {language}"
            assert words.title
            assert words.audience
            assert words.goal.endswith("."), where
            assert len(words.how) >= 4, where
            assert all(step.rstrip("»”").endswith((".", "?")) for step in words.how), where
            assert words.tips, where
            assert words.equipment, where
            for name in LISTS:
                assert len(getattr(words, name)) == len(getattr(bokmal, name)), f"{where}: {name} of another length"


def test_no_text_is_left_in_another_language() -> None:
    for method in methods.packaged():
        goals = {words.goal for words in method.texts.values()}
        steps = {words.how for words in method.texts.values()}
        assert len(goals) == len(steps) == len(LANGUAGES), method.key


def test_titles_and_keys_are_told_apart() -> None:
    every = methods.packaged()
    assert len({method.key for method in every}) == len(every)
    for language in LANGUAGES:
        assert len({method.texts[language].title for method in every}) == len(every)


def test_times_and_numbers_are_plausible() -> None:
    for method in methods.packaged():
        facts = method.facts
        assert 15 <= facts.minutes[0] <= facts.minutes[1] <= methods.LONGEST_MINUTES, method.key
        assert 1 <= facts.persons[0] < facts.persons[1] <= 1000, method.key


@pytest.mark.parametrize("type_", ProjectType)
@pytest.mark.parametrize("phase", Phase)
def test_there_is_something_for_every_type_and_phase(type_: ProjectType, phase: Phase) -> None:
    found = methods.suited(methods.packaged(), type_, phase)
    assert len(found) >= 3
    assert all(type_ in each.facts.types and phase in each.facts.phases for each in found)


def test_every_level_is_there() -> None:
    assert {method.facts.level for method in methods.packaged()} == set(Level)


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        ((30, 60), "30–60 minutter"),
        ((90, 180), "1½–3 timer"),
        ((60, 60), "60 minutter"),
        ((120, 120), "2 timer"),
        ((1440, 2880), "1–2 dager"),
        ((2880, 60480), "2 dager–6 uker"),
        ((10080, 10080), "1 uke"),
        ((50, 130), "50–130 minutter"),
        ((10, 10), "10 minutter"),
    ],
)
def test_time_is_said_as_people_say_it(app: object, minutes: tuple[int, int], said: str) -> None:
    with in_language("nb"):
        assert duration(minutes) == said


def test_numbers_of_persons_are_said_in_words(app: object) -> None:
    with in_language("nb"):
        assert [persons(span) for span in ((1, 1), (4, 20))] == ["1 person", "4–20 personer"]


def test_the_library_is_narrowed_by_what_one_has(cast: Cast) -> None:
    actor = cast.actor("resident")
    asked = Asked(type=ProjectType.FACILITATING, phase=Phase.PLAN, minutes=60, persons=5, level=Level.COLLABORATE)
    found = [each.method for each in methods_page(actor, asked).methods]
    assert found
    for each in found:
        assert ProjectType.FACILITATING in each.facts.types
        assert Phase.PLAN in each.facts.phases
        assert each.facts.minutes[0] <= 60
        assert each.facts.persons[0] <= 5 <= each.facts.persons[1]
        assert each.facts.level is Level.COLLABORATE
    assert not methods_page(actor, replace(asked, persons=9999)).methods


def test_a_project_gets_what_suits_its_type_and_phase_with_the_reason(cast: Cast) -> None:
    project = started(cast.actor("volunteer"))
    of_phase = suggested(project, "nb", limit=100)
    assert of_phase.reason == "Passer i fasen «Behov og idé»"
    assert {Phase.NEED in each.method.facts.phases for each in of_phase.methods} == {True}
    project.type = ProjectType.EQUAL
    of_both = suggested(project, "en", limit=3)
    assert "likeverdige" in suggested(project, "nb").reason
    assert len(of_both.methods) == 3
    assert {each.language for each in of_both.methods} == {"en"}
    assert all(ProjectType.EQUAL in each.method.facts.types for each in of_both.methods)


def test_the_page_suggests_for_a_project_and_for_nobody_who_may_not_read_it(cast: Cast, visitor: Door) -> None:
    project = started(cast.actor("volunteer"), "Felles kveldsmat")
    page = visitor().get("cocreation_methods.index", prosjekt=project.id)
    assert "Passer i fasen «Behov og idé»" in page.words
    assert "Felles kveldsmat" in page.words
    visitor().get("cocreation_methods.index", prosjekt=project.id + 1, _status=404)


def test_the_library_is_public_without_a_cookie_and_asks_little_of_the_database(
    visitor: Door, count_queries: Callable[..., Any]
) -> None:
    with count_queries(at_most=8):
        page = visitor().get("cocreation_methods.index")
    assert "Set-Cookie" not in page.response.headers
    assert len(page.all("main .rows .row")) == len(methods.packaged())
    assert "Gåtur i nærmiljøet" in page.words
    with count_queries(at_most=8):
        card = visitor().get("cocreation_methods.show", key="neighbourhood_walk")
    assert card.heading == "Gåtur i nærmiljøet"
    assert len(card.all(".method-steps > li")) == 5
    assert "4–20 personer" in card.words
    visitor().get("cocreation_methods.show", key="ingenting", _status=404)
    visitor().get("cocreation_methods.show", key="egen-999", _status=404)


def test_nonsense_in_the_address_is_as_if_it_were_not_there(visitor: Door) -> None:
    page = visitor().get("cocreation_methods.index", type="x", fase="'", tid="9", personer="-1", niva="")
    assert len(page.all("main .rows .row")) == len(methods.packaged())


def test_a_card_is_read_in_the_readers_language(visitor: Door) -> None:
    page = visitor().get("cocreation_methods.show", key="neighbourhood_walk", sprak="en")
    assert page.heading == "Walk through the neighbourhood"


def test_only_innovation_advisers_manage_cards(cast: Cast) -> None:
    for name in ("resident", "volunteer", "employee", "moderator", "coordinator", "admin"):
        with pytest.raises(Forbidden):
            add_method(cast.actor(name), DRAFT, key=f"k-{name}")
    card = add_method(cast.actor("adviser"), DRAFT, key="k")
    with pytest.raises(Forbidden):
        change_method(cast.actor("resident"), card.id, DRAFT, version=card.version)
    with pytest.raises(Forbidden):
        retire_method(cast.actor("resident"), card.id)


def test_the_same_form_twice_makes_one_card(cast: Cast) -> None:
    made = [add_method(cast.actor("adviser"), DRAFT, key="k").id for _time in range(2)]
    assert made[0] == made[1]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(MethodCard)) == 1


def test_a_language_is_whole_or_is_not_there(cast: Cast) -> None:
    half = replace(DRAFT, texts={"nb": NB, "nn": {}, "en": {"title": "Sing", "how": []}})
    with pytest.raises(Invalid) as refused:
        add_method(cast.actor("adviser"), half, key="k")
    assert refused.value.field == "audience_en"


@pytest.mark.parametrize(
    ("changed", "at"),
    [
        ({"minutes": (60, 30)}, "minutes_last"),
        ({"persons": (9, 3)}, "persons_last"),
        ({"types": ()}, "types"),
        ({"phases": ()}, "phases"),
        ({"texts": {"nb": {**NB, "goal": ""}}}, "goal_nb"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(cast: Cast, changed: dict[str, Any], at: str) -> None:
    with pytest.raises(Invalid) as refused:
        add_method(cast.actor("adviser"), replace(DRAFT, **changed), key="k")
    assert refused.value.field == at


def test_of_two_who_change_a_card_the_second_is_told(cast: Cast) -> None:
    card = add_method(cast.actor("adviser"), DRAFT, key="k")
    seen = card.version
    change_method(cast.actor("adviser"), card.id, replace(DRAFT, persons=(5, 40)), version=seen)
    with pytest.raises(Conflict):
        change_method(cast.actor("adviser"), card.id, DRAFT, version=seen)
    assert card.facts["persons"] == [5, 40]


def test_staff_add_a_card_and_all_read_it_marked_with_its_language(cast: Cast, visitor: Door) -> None:
    adviser = visitor("adviser")
    values = adviser.get("cocreation_methods.new").form("main form.form")
    values |= {f"{name}_nb": text for name, text in NB.items() if name != "how"} | {"how_nb": "Syng.\n\n Lytt. "}
    values |= {"persons_first": "4", "persons_last": "40", "level": "involve", "types": "equal", "phases": "need"}
    adviser.follow(adviser.post("cocreation_methods.new", values))
    card = db.session.scalars(sa.select(MethodCard)).one()
    assert card.texts["nb"]["how"] == ["Syng.", "Lytt."]
    assert set(card.texts) == {"nb"}
    page = visitor().get("cocreation_methods.show", key=f"egen-{card.id}", sprak="en")
    assert page.one("header.page-heading")["lang"] == "nb"
    listed = visitor().get("cocreation_methods.index", sprak="en")
    assert listed.one('main .row__title [lang="nb"]').get_text() == "Sang i kor"


def test_what_is_refused_is_told_and_nothing_typed_is_lost(cast: Cast, visitor: Door) -> None:
    adviser = visitor("adviser")
    values = adviser.get("cocreation_methods.new").form("main form.form") | {"title_nb": "Sang i kor", "title_en": "x"}
    page = adviser.post("cocreation_methods.new", values, _status=422)
    assert page.form("main form.form")["title_nb"] == "Sang i kor"
    assert page.all("[data-error-summary]")


def test_a_card_out_of_use_is_gone_for_all_but_those_who_may_bring_it_back(cast: Cast, visitor: Door) -> None:
    card = add_method(cast.actor("adviser"), DRAFT, key="k")
    key = f"egen-{card.id}"
    adviser = visitor("adviser")
    adviser.post("cocreation_methods.retire", {"ut": "ja"}, method_id=card.id)
    visitor().get("cocreation_methods.show", key=key, _status=404)
    assert "Sang i kor" not in visitor().get("cocreation_methods.index").words
    assert "Sang i kor" in adviser.get("cocreation_methods.index").words
    assert suggested(started(cast.actor("volunteer")), "nb", limit=99).methods
    adviser.post("cocreation_methods.retire", {"ut": "nei"}, method_id=card.id)
    assert "Sang i kor" in visitor().get("cocreation_methods.index").words


def test_a_card_is_changed_in_its_form(cast: Cast, visitor: Door) -> None:
    card = add_method(cast.actor("adviser"), DRAFT, key="k")
    adviser = visitor("adviser")
    values = adviser.get("cocreation_methods.edit", method_id=card.id).form("main form.form")
    assert values["how_nb"].split() == ["Syng.", "Lytt."]
    adviser.post("cocreation_methods.edit", values | {"title_nb": "Allsang"}, method_id=card.id)
    assert visitor().get("cocreation_methods.show", key=f"egen-{card.id}").heading == "Allsang"
    visitor("employee").get("cocreation_methods.edit", method_id=card.id, _status=403)
    adviser.get("cocreation_methods.edit", method_id=card.id + 1, _status=404)
