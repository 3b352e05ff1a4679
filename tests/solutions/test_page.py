"""The page of a solution: what helps somebody decide, in which language, for whom, and what it costs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from portal.kernel import clock
from portal.kernel.content import PublicationState, Ref
from portal.kernel.identity import SYSTEM
from portal.search.actions import index
from portal.solutions.actions.adopting import begin_adoption
from portal.solutions.actions.sharing import WordsDraft, edit_solution, note_solution, translate_solution
from portal.solutions.adoption import Adopter, AdopterKind, Step, Way
from portal.solutions.adoption_rows import AdoptionDraft
from portal.solutions.events.solutions import SOLUTION, TRANSLATION
from portal.solutions.facts import Cost, Evidence, Size
from portal.solutions.models.solutions import Solution
from portal.solutions.queries.page import BRIEF, solution_page
from tests.files.sending import put
from tests.participation.talk import asked
from tests.portfolio.things import measure, planned
from tests.solutions.test_listing import change, in_nynorsk
from tests.support.ideas import published
from tests.support.solutions import CORE, PROBLEM, draft, imported, shared, show

LONG = "Kommunen kjøpte inn gryter og kjeler. " * 20


def page_of(visitor: Any, solution: Solution, reader: str | None = None, **asked_for: str) -> Any:
    browser = visitor(reader)
    page = browser.follow(browser.get("solutions.permanent", 301, solution_id=solution.id))
    return browser.get_url(f"{page.response.request.path}?tekst={asked_for['tekst']}") if asked_for else page


def part(page: Any, name: str) -> str:
    """Return the words of one of the three questions."""
    return str(page.one(f".check__question[aria-labelledby={name}]").get_text(" ", strip=True))


def test_the_three_questions_are_answered_before_anything_else(cast: Any, visitor: Any) -> None:
    solution = shared(
        cast.actor("employee"),
        context="I omsorgsboligene på Heggedal.",
        cost="To timer i uka.",
        prerequisites="Et kjøkken.",
        results="Seks av ti spiser bedre.",
        size=Size.SMALL,
        cost_class=Cost.MIDDLE,
        evidence=Evidence.COMPARED,
    )
    page = page_of(visitor, solution)
    for name, words in (
        ("passer", ("Under 5 000 innbyggere", "Asker", "I omsorgsboligene på Heggedal.")),
        ("kreves", ("100 000 til 1 million kroner", "To timer i uka.", "Et kjøkken.")),
        ("vente", ("Målt mot noen som ikke brukte den", "trinn 3 av 4", "Seks av ti spiser bedre.", "Ingen andre")),
    ):
        assert all(each in part(page, name) for each in words), part(page, name)
    assert len(page.all(".evidence-steps__on")) == 3
    main = page.main.get_text(" ")
    assert main.index("Passer den her?") < main.index(PROBLEM) < main.index(CORE)
    assert main.count("I omsorgsboligene på Heggedal.") == 1


def test_a_long_answer_begins_in_the_check_and_stands_whole_below(cast: Any, visitor: Any) -> None:
    page = page_of(visitor, shared(cast.actor("employee"), cost=LONG, prerequisites="Kort."))
    assert len(part(page, "kreves")) < BRIEF + 300
    assert page.one("a[href='#tekst-cost']")
    whole = page.one("section[aria-labelledby=tekst-cost]").get_text(" ")
    assert whole.count("gryter") == 20
    assert not page.all("#tekst-prerequisites")


def test_the_core_and_what_can_be_adapted_stand_apart(cast: Any, visitor: Any) -> None:
    page = page_of(visitor, shared(cast.actor("employee"), adaptable="Ukedag og sted."))
    assert CORE in page.one(".core__part[data-part=core]").get_text(" ")
    assert "Ukedag og sted." in page.one(".core__part[data-part=adaptable]").get_text(" ")


def test_what_was_measured_stands_among_what_one_can_expect(cast: Any, visitor: Any) -> None:
    adviser = cast.actor("adviser")
    solution = shared(cast.actor("employee"))
    benefit = planned(adviser, Ref(SOLUTION, solution.id), title="Kortere kø")
    assert "Kortere kø" not in part(page_of(visitor, solution), "vente")
    measure(adviser, benefit, "12")
    page = page_of(visitor, solution)
    assert "Kortere kø : fra 40 til 12 dager" in part(page, "vente")
    assert "Kortere kø" in page.one("section[aria-labelledby=gevinster]").get_text()


def test_whoever_uses_it_is_told_how_to_name_the_source(cast: Any, visitor: Any) -> None:
    solution = shared(cast.actor("employee"))
    page = page_of(visitor, solution)
    assert page.one("a[rel~=license]")["href"] == "https://creativecommons.org/licenses/by/4.0/"
    credit = page.one(".solution-credit").get_text()
    for words in ("«Middag sammen», Asker kommune, CC BY 4.0", f"/losninger/{solution.id}"):
        assert words in credit
    assert "Rådgiver for folkehelse, Asker" in page.words
    assert cast.employee.name not in page.words


def test_what_it_came_of_is_shown_while_everybody_may_read_it(cast: Any, visitor: Any) -> None:
    idea = published(cast.actor("resident2"), "En idé om suppe")
    index(SYSTEM, "idea", [idea.id])
    solution = shared(cast.actor("employee"), origin=Ref("idea", idea.id))
    assert "En idé om suppe" in page_of(visitor, solution).words
    idea.state = PublicationState.HIDDEN
    change(solution)
    index(SYSTEM, "idea", [idea.id])
    assert "En idé om suppe" not in page_of(visitor, solution).words


def test_what_it_serves_leads_to_goals_and_indicators(cast: Any, visitor: Any) -> None:
    page = page_of(visitor, shared(cast.actor("employee"), goals=(3,), indicators=(108,)))
    links = {str(each["href"]) for each in page.all("main a[href]")}
    assert {"/mal/3/", "/observatorium/indikatorer/1.8/"} <= links


def test_what_is_said_shortly_is_plain_text(cast: Any, visitor: Any) -> None:
    page = page_of(visitor, shared(cast.actor("employee"), summary="Lag mat **sammen** & spis."))
    assert page.one(".lead").get_text() == "Lag mat sammen & spis."
    assert page.one("meta[name=description]")["content"] == "Lag mat sammen & spis."


def test_who_uses_it_is_shown_and_how_it_went(cast: Any, visitor: Any) -> None:
    adviser = cast.actor("adviser")
    solution = imported(adviser)
    told = AdoptionDraft(step=Step.IN_USE, way=Way.COPIED, in_use_since=clock.today())
    begin_adoption(adviser, solution.id, Adopter(AdopterKind.MUNICIPALITY, "3203"), told)
    page = page_of(visitor, solution)
    assert "1 annen har den i bruk" in part(page, "vente")
    assert "Asker" in page.one(".adopters").get_text()


def test_a_translation_is_shown_to_those_who_read_that_language_or_ask_for_it(cast: Any, visitor: Any) -> None:
    solution = shared(cast.actor("employee"), risk="Matallergi.")
    in_nynorsk(cast, solution, "Middag i lag")
    assert page_of(visitor, solution).heading == "Middag sammen"
    page = page_of(visitor, solution, tekst="nn")
    assert page.heading == "Middag i lag"
    assert page.one("h1")["lang"] == "nn"
    assert page.one(".solution-languages [aria-current]").get_text() == "Nynorsk"
    at = {"solution_id": solution.id, "slug": "middag-sammen"}
    assert visitor().get("solutions.show", sprak="nn", **at).heading == "Middag i lag"
    assert visitor().get("solutions.show", sprak="nn", tekst="nb", **at).heading == "Middag sammen"
    assert visitor().get("solutions.show", tekst="en", **at).heading == "Middag sammen"


def test_what_a_translation_leaves_out_is_said_in_the_solutions_own_language(cast: Any, visitor: Any) -> None:
    solution = shared(cast.actor("employee"), risk="Matallergi.")
    in_nynorsk(cast, solution, "Middag i lag")
    page = visitor().get("solutions.show", solution_id=solution.id, slug="middag-sammen", sprak="nn")
    risk = page.one("section[aria-labelledby=tekst-risk] .prose")
    assert (risk.get_text(strip=True), risk["lang"]) == ("Matallergi.", "nb")
    assert page.one("section[aria-labelledby=problemet] .prose")["lang"] == "nn"


def test_an_old_translation_says_so_and_is_shown_only_to_those_who_ask(cast: Any, visitor: Any) -> None:
    employee = cast.actor("employee")
    solution = shared(employee)
    in_nynorsk(cast, solution, "Middag i lag")
    edit_solution(employee, solution.id, draft(core="Ny kjerne"), version=solution.version)
    show(Ref(SOLUTION, solution.id))
    at = {"solution_id": solution.id, "slug": "middag-sammen"}
    assert visitor().get("solutions.show", sprak="nn", **at).heading == "Middag sammen"
    page = visitor().get("solutions.show", tekst="nn", **at)
    assert page.heading == "Middag i lag"
    assert "endret etter at den ble oversatt" in page.words


def test_a_translation_that_waits_is_for_those_who_look_after_it(cast: Any, visitor: Any) -> None:
    employee = cast.actor("employee")
    solution = shared(employee)
    words = WordsDraft(title="Dinner", problem="Loneliness", core="Cook together", language="en")
    translation = translate_solution(employee, solution.id, words)
    change(solution)
    if translation.state is PublicationState.PUBLISHED:
        translation.state = PublicationState.PENDING
        change(solution)
    assert page_of(visitor, solution, tekst="en").heading == "Middag sammen"
    page = page_of(visitor, solution, "employee", tekst="en")
    assert page.heading == "Dinner"
    assert "venter på moderator" in page.words
    show(Ref(TRANSLATION, translation.id))
    assert page_of(visitor, solution, tekst="en").heading == "Dinner"


def test_an_old_name_in_the_address_leads_to_the_new_one_in_the_same_language(cast: Any, visitor: Any) -> None:
    solution = shared(cast.actor("employee"))
    in_nynorsk(cast, solution, "Middag i lag")
    gone = visitor().get("solutions.show", 301, solution_id=solution.id, slug="middag-i-lag", tekst="nn")
    assert gone.response.headers["Location"].endswith("-middag-sammen?tekst=nn")


def test_what_came_from_another_portal_leads_there_and_has_our_note_beside(cast: Any, visitor: Any) -> None:
    adviser = cast.actor("adviser")
    solution = imported(adviser)
    note_solution(adviser, solution.id, "Vi vurderer den **nå**.")
    page = page_of(visitor, solution, "resident")
    assert "Bærum eier løsningen." in page.words
    assert "Vi vurderer den" in page.one(".solution-source").get_text()
    away = {str(each["href"]) for each in page.all("main a[rel~=noopener]:not([rel~=license])")}
    assert away == {solution.source_uri}
    assert "Still et spørsmål" not in page.words


def test_an_address_from_another_portal_that_is_no_address_leads_nowhere(cast: Any, visitor: Any) -> None:
    solution = imported(cast.actor("adviser"))
    change(solution, source_uri="javascript:alert(1)")
    page = page_of(visitor, solution)
    assert "javascript" not in page.text
    assert "Bærum eier" not in page.words


def test_questions_and_their_answers_stand_on_it(cast: Any, visitor: Any) -> None:
    solution = shared(cast.actor("employee"))
    question = asked(cast.actor("resident"), "Hvor mange frivillige må til?", ref=Ref(SOLUTION, solution.id))
    asked(cast.actor("employee"), "Fire.", ref=Ref("contribution", question.id))
    words = page_of(visitor, solution).words
    assert "Hvor mange frivillige må til?" in words
    assert "Fire." in words


def test_nobody_can_ask_a_portal_that_would_not_hear_it_but_is_led_to_its_own_page(cast: Any, visitor: Any) -> None:
    solution = imported(cast.actor("adviser"), number="3301")
    for reader in (None, "resident", "employee"):
        page = page_of(visitor, solution, reader)
        assert page.one("section[aria-labelledby=sporsmal] a")["href"] == solution.source_uri, reader
        assert not page.all("main a[href*='/delta/'][href*=question]"), reader
    visitor("resident").get("participation.write", 403, kind=SOLUTION, target_id=solution.id, form="question")


def test_the_answer_of_another_municipality_says_which_it_is(cast: Any, visitor: Any) -> None:
    for who, told in (("partner", "Svar fra Bærum kommune"), ("employee", "Kommunens svar")):
        solution = shared(cast.actor(who), f"Delt av {who}")
        question = asked(cast.actor("resident"), "Hvor mange må til?", ref=Ref(SOLUTION, solution.id))
        asked(cast.actor(who), "Fire.", ref=Ref("contribution", question.id), is_official=True)
        thread = visitor().get("participation.thread", contribution_id=question.id)
        for page in (page_of(visitor, solution), thread):
            assert page.one(".said[data-official] .ds-tag").get_text(strip=True) == told


def test_what_one_can_do_follows_from_what_one_is(cast: Any, visitor: Any) -> None:
    own, theirs = shared(cast.actor("employee")), imported(cast.actor("adviser"), "Fra en annen")

    def does(solution: Solution, reader: str | None) -> set[str]:
        number = f"/losninger/{solution.id}/"
        found = {str(each["href"]).split("?")[0] for each in page_of(visitor, solution, reader).all("main a[href]")}
        return {each.removeprefix(number) for each in found if each.startswith(number)}

    manages = {"rediger", "oversett/nn", "oversett/en", "trekk"}
    assert manages <= does(own, "employee")
    assert manages <= does(own, "adviser")
    for reader in (None, "resident", "employee2", "partner", "moderator"):
        assert not manages & does(own, reader), reader
    assert "notat" in does(theirs, "adviser")
    assert not {"notat", *manages} & does(theirs, "employee")
    assert "ta-i-bruk" in does(own, None)


@pytest.mark.parametrize(
    "state", [PublicationState.HIDDEN, PublicationState.CHANGES_REQUESTED, PublicationState.PENDING]
)
def test_what_moderation_holds_back_is_for_those_who_look_after_it(
    state: PublicationState, cast: Any, visitor: Any
) -> None:
    solution = change(shared(cast.actor("employee")), state=state)
    at = {"solution_id": solution.id, "slug": "middag-sammen"}
    for reader in (None, "resident", "partner"):
        visitor(reader).get("solutions.show", 404, **at)
        visitor(reader).get("solutions.permanent", 404, solution_id=solution.id)
    for reader in ("employee", "adviser", "moderator"):
        page = visitor(reader).get("solutions.show", **at)
        assert page.all("meta[name=robots]")
        assert page.all("main > div > .notice")


def test_what_is_withdrawn_is_gone_for_everybody(cast: Any, visitor: Any) -> None:
    solution = change(shared(cast.actor("employee")), state=PublicationState.WITHDRAWN)
    for reader in (None, "employee", "adviser", "moderator"):
        visitor(reader).get("solutions.show", 404, solution_id=solution.id, slug="middag-sammen")


def test_markup_in_a_text_stays_text(cast: Any, visitor: Any) -> None:
    evil = "<script>alert(1)</script> **sterkt**"
    fields = ("title", "summary", "problem", "core", "adaptable", "context", "cost", "results", "risk", "procedures")
    said: dict[str, Any] = dict.fromkeys(fields, evil)
    solution = shared(cast.actor("employee"), **said, contact_title=evil)
    page = page_of(visitor, solution)
    assert not page.all("main script")
    assert page.heading == evil


@pytest.mark.parametrize("reader", [None, "resident", "employee", "adviser", "partner", "moderator"])
def test_a_full_page_costs_at_most_eight_statements(
    reader: str | None, cast: Any, visitor: Any, count_queries: Any
) -> None:
    employee, adviser = cast.actor("employee"), cast.actor("adviser")
    idea = published(cast.actor("resident2"))
    index(SYSTEM, "idea", [idea.id])
    solution = shared(employee, goals=(3, 11), indicators=(108, 101), origin=Ref("idea", idea.id))
    ref = Ref(SOLUTION, solution.id)
    in_nynorsk(cast, solution, "Middag i lag")
    put(employee, ref)
    measure(adviser, planned(adviser, ref, title="Kortere kø"), "12")
    for step, person in ((Step.INTERESTED, "volunteer"), (Step.IN_USE, "business")):
        organisation = getattr(cast, f"{person}_organisation").id
        adopter = Adopter(AdopterKind.ORGANISATION, str(organisation))
        since = clock.today() if step is Step.IN_USE else None
        told = AdoptionDraft(step=step, way=Way.COPIED, in_use_since=since)
        begin_adoption(cast.actor(person), solution.id, adopter, told)
    for number in range(12):
        question = asked(cast.actor("resident2"), f"Spørsmål {number}?", ref=ref)
        asked(employee, "Ja.", ref=Ref("contribution", question.id))
    page = page_of(visitor, solution)
    for words in ("Kortere kø", "Begynte som", "Spørsmål 11?", "1 annen har den i bruk"):
        assert words in page.words
    browser, solution_id = visitor(reader), solution.id
    with count_queries(at_most=8):
        browser.get("solutions.show", solution_id=solution_id, slug="middag-sammen")


def test_a_signed_out_reader_gets_no_cookie(cast: Any, visitor: Any) -> None:
    page = page_of(visitor, shared(cast.actor("employee")))
    assert "Set-Cookie" not in page.response.headers
    assert not page.all("main form[method=post]")


def test_a_limited_reader_is_offered_nothing(cast: Any) -> None:
    solution = shared(cast.actor("employee"))
    limited = replace(cast.actor("adviser"), limited_until=clock.now() + timedelta(days=1))
    page = solution_page(limited, solution.id)
    assert page.panel.may == frozenset({"read"})
    assert not page.adoption.may_adopt
    assert not page.may.manage
    assert not page.may.note
