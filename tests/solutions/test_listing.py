"""The list of solutions: what is in it, in which order, the feed of it, and what it costs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any
from xml.etree import ElementTree as Xml

import pytest
import sqlalchemy as sa

from portal.kernel import clock
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import db
from portal.kernel.identity import SYSTEM
from portal.kernel.municipalities import all_municipalities
from portal.search.actions import index
from portal.solutions.actions.sharing import WordsDraft, edit_solution, translate_solution
from portal.solutions.events.solutions import SOLUTION, TRANSLATION
from portal.solutions.facts import Cost, Evidence, Size, Theme
from portal.solutions.models.solutions import Solution
from portal.solutions.queries.listing import ORDERS, Filters, Sort, first, sharing
from tests.support.solutions import draft, imported, shared, show

ATOM = "{http://www.w3.org/2005/Atom}"


def titles(page: Any) -> list[str]:
    return [found.get_text(strip=True) for found in page.all(".solution-row .row__title")]


def change(solution: Solution, **values: Any) -> Solution:
    db.session.execute(sa.update(Solution).where(Solution.id == solution.id).values(**values))
    db.session.commit()
    return solution


def copies(solution: Solution, number: int, start: int = 0) -> None:
    """Put in many solutions like one; `start`: how many copies there are already."""
    columns = {each.key: getattr(solution, each.key) for each in sa.inspect(Solution).columns if each.key != "id"}
    rows = [{**columns, "key": f"copy-{each}", "in_use": each % 7} for each in range(start, start + number)]
    db.session.execute(sa.insert(Solution), rows)
    db.session.commit()


def in_nynorsk(cast: Any, solution: Solution, title: str) -> None:
    """Say a solution in nynorsk, and let it through."""
    words = WordsDraft(title=title, problem="Eldre et for lite.", core="Lag mat i lag.", language="nn")
    show(Ref(TRANSLATION, translate_solution(cast.actor("employee"), solution.id, words).id))


def work(asks: Callable[[], object]) -> int:
    """Count the steps of SQLite's machine, in tens."""
    raw: Any = db.session.connection().connection.driver_connection
    steps = [0]
    raw.set_progress_handler(lambda: steps.__setitem__(0, steps[0] + 1), 10)
    asks()
    raw.set_progress_handler(None, 10)
    return steps[0]


def test_what_is_not_public_is_not_in_it(cast: Any, visitor: Any) -> None:
    solution = shared(cast.actor("employee"))
    assert titles(visitor().get("solutions.index")) == [solution.title]
    for state in set(PublicationState) - {PublicationState.PUBLISHED}:
        change(solution, state=state)
        for reader in (None, "employee", "adviser", "moderator"):
            assert titles(visitor(reader).get("solutions.index")) == [], (state, reader)


def test_the_newest_comes_first_else_the_one_that_most_others_use(cast: Any, visitor: Any) -> None:
    now = clock.now()
    for title, shown, used in (("Eldst", 3, 5), ("Midt", 2, 0), ("Nyest", 1, 5)):
        change(shared(cast.actor("employee"), title), shown_at=now - timedelta(days=shown), in_use=used)
    assert titles(visitor().get("solutions.index")) == ["Nyest", "Midt", "Eldst"]
    page = visitor().get("solutions.index", sorter="in_use")
    assert titles(page) == ["Nyest", "Eldst", "Midt"]
    assert page.words.count("5 andre har den i bruk") == 2


def test_every_order_gives_each_solution_once_over_its_pages(cast: Any, visitor: Any) -> None:
    solution = shared(cast.actor("employee"))
    copies(solution, 22)
    numbers = set(db.session.scalars(sa.select(Solution.id)))
    for sort in ORDERS:
        page, seen = visitor().get("solutions.index", sorter=sort.value), []
        while True:
            links = [str(each["href"]) for each in page.all(".solution-row .row__title a")]
            seen += [int(link.split("/")[2].split("-")[0]) for link in links]
            following = page.all(".pagination a[rel=next]")
            if not following:
                break
            page = visitor().get_url(str(following[0]["href"]))
        assert sorted(seen) == sorted(numbers), sort


def test_filters_narrow_the_list_and_each_can_be_taken_off(cast: Any, visitor: Any) -> None:
    facts: dict[str, Any] = {"theme": Theme.TRANSPORT, "size": Size.SMALL, "evidence": Evidence.COMPARED}
    shared(cast.actor("employee"), "Trygg skolevei", goals=(11,), indicators=(108,), **facts)
    shared(cast.actor("employee"), "Noe annet", cost_class=Cost.HIGH)
    for asked in (
        {"tema": "transport"},
        {"storrelse": "small"},
        {"kostnad": "middle"},
        {"virkning": "measured"},
        {"mal": 11},
        {"indikator": "1.8"},
        {"tema": "transport", "kostnad": "low", "virkning": "compared"},
    ):
        page = visitor().get("solutions.index", **asked)
        assert titles(page) == ["Trygg skolevei"], asked
        assert len(page.all(".narrowed__tag")) == len(asked)
        without = str(page.all(".narrowed__tag")[0]["href"])
        assert len(visitor().get_url(without).all(".narrowed__tag")) == len(asked) - 1


def test_one_who_can_spend_more_sees_also_what_costs_less_and_is_known_better(cast: Any) -> None:
    for cost, evidence in zip(Cost, Evidence, strict=True):
        shared(cast.actor("employee"), cost.value, cost_class=cost, evidence=evidence)
    for number, cost in enumerate(Cost):
        assert len(first(Filters(cost=cost), limit=10)) == number + 1
    for number, evidence in enumerate(Evidence):
        assert len(first(Filters(evidence=evidence), limit=10)) == len(Evidence) - number


def test_a_municipality_has_its_solutions_and_is_offered_only_when_it_has_some(cast: Any, visitor: Any) -> None:
    shared(cast.actor("employee"), "Vår egen")
    imported(cast.actor("adviser"), "Deres", number="3201")
    page = visitor().get("solutions.index", kommune="3201")
    assert titles(page) == ["Deres"]
    assert "Bærum" in page.one(".narrowed__tag").get_text()
    offered = {option["value"] for option in page.one("select[name=kommune]").select("option")}
    assert offered == {"", "3201", "3203"}


def test_words_are_looked_for_in_the_whole_solution_and_in_its_translations(cast: Any, visitor: Any) -> None:
    found = shared(cast.actor("employee"), "Middag sammen", procedures="Ring frivilligsentralen først.")
    other = shared(cast.actor("employee"), "Snørydding")
    in_nynorsk(cast, found, "Kveldsmat i lag")
    index(SYSTEM, SOLUTION, [found.id, other.id])
    for words in ("frivilligsentralen", "kveldsmat"):
        assert titles(visitor().get("solutions.index", q=words)) == ["Middag sammen"], words


def test_a_reader_gets_the_rows_in_their_own_language_while_the_translation_is_fresh(cast: Any, visitor: Any) -> None:
    employee = cast.actor("employee")
    solution = shared(employee, "Middag sammen")
    in_nynorsk(cast, solution, "Middag i lag")
    page = visitor().get("solutions.index", sprak="nn")
    assert titles(page) == ["Middag i lag"]
    assert page.one(".solution-row .row__title a")["lang"] == "nn"
    assert str(page.one(".solution-row .row__title a")["href"]).endswith("-middag-sammen")
    assert titles(visitor().get("solutions.index")) == ["Middag sammen"]
    edit_solution(employee, solution.id, draft("Middag sammen", core="Noe nytt"), version=solution.version)
    show(Ref(SOLUTION, solution.id))
    assert titles(visitor().get("solutions.index", sprak="nn")) == ["Middag sammen"]


@pytest.mark.parametrize(
    "asked", ["q=%22%27*NEAR(:", "side=xx", "kommune=%00", "kommune=9999", "mal=99", "tema=x", "kostnad=high"]
)
def test_no_question_breaks_the_list(asked: str, visitor: Any) -> None:
    visitor().get_url(f"/losninger/?{asked}", 422 if asked == "side=xx" else 200)


def test_only_those_who_may_share_are_asked_to(cast: Any, visitor: Any) -> None:
    assert "Ingen har delt noe ennå" in visitor().get("solutions.index").words
    for reader, asks in ((None, False), ("resident", False), ("employee", True), ("partner", True)):
        assert ("Del en løsning" in visitor(reader).get("solutions.index").words) is asks, reader
    assert "Ta bort noe av det du har valgt" in visitor().get("solutions.index", q="xyzzy").words


def test_the_feed_has_the_same_filters_and_a_lasting_id(cast: Any, visitor: Any) -> None:
    solution = shared(cast.actor("employee"), "Mat <b>&</b> prat", theme=Theme.HEALTH)
    shared(cast.actor("employee"), "Skolevei", theme=Theme.TRANSPORT)
    response = visitor().client.get("/losninger/atom.xml?tema=health")
    assert response.mimetype == "application/atom+xml"
    (entry,) = Xml.fromstring(response.get_data()).findall(f"{ATOM}entry")  # noqa: S314 - our own
    assert entry.findtext(f"{ATOM}title") == "Mat <b>&</b> prat"
    assert str(entry.findtext(f"{ATOM}id")).endswith(f"/losninger/{solution.id}")
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "Asker"
    gone = visitor().get_url(f"/losninger/{solution.id}", 301)
    assert gone.response.headers["Location"].endswith(f"/losninger/{solution.id}-mat-b-b-prat")


def test_an_unchanged_list_answers_304(cast: Any, visitor: Any) -> None:
    shared(cast.actor("employee"))
    tag = visitor().get("solutions.index").response.headers["ETag"]
    visitor().get_url("/losninger/", 304, {"If-None-Match": tag})
    shared(cast.actor("employee"), "En ny")
    visitor().get_url("/losninger/", 200, {"If-None-Match": tag})


@pytest.mark.parametrize("reader", [None, "resident", "adviser", "partner"])
def test_a_thousand_solutions_cost_at_most_eight_statements(
    reader: str | None, cast: Any, visitor: Any, count_queries: Any
) -> None:
    solution = shared(cast.actor("employee"), goals=(3,))
    index(SYSTEM, SOLUTION, [solution.id])
    copies(solution, 1000)
    browser = visitor(reader)
    for asked in ({}, {"sorter": "in_use", "tema": "health"}, {"q": "middag", "mal": 3, "kommune": "3203"}):
        with count_queries(at_most=8):
            browser.get("solutions.index", **asked)


def test_each_order_walks_an_index_however_many_there_are(cast: Any) -> None:
    if db.session.get_bind().dialect.name != "sqlite":
        pytest.skip("counted in the steps of SQLite's machine")
    solution = shared(cast.actor("employee"))
    asked = (*(Filters(sort=sort) for sort in Sort), Filters(theme=Theme.HEALTH), Filters(municipality="3203"))
    copies(solution, 100)
    few = [work(partial(first, each, limit=20)) for each in asked]
    copies(solution, 900, start=100)
    for each, before in zip(asked, few, strict=True):
        assert work(partial(first, each, limit=20)) < 2 * before, each


def test_finding_those_that_share_costs_the_same_however_many_share_however_much(cast: Any) -> None:
    if db.session.get_bind().dialect.name != "sqlite":
        pytest.skip("counted in the steps of SQLite's machine")
    solution = shared(cast.actor("employee"))
    change(solution, municipality_number="0301")
    places = all_municipalities()

    def spread(number: int, *, start: int = 0) -> None:
        copies(solution, number, start)
        everywhere = sa.case({each: place.number for each, place in enumerate(places)}, value=Solution.id % len(places))
        db.session.execute(sa.update(Solution).values(municipality_number=everywhere))
        db.session.commit()

    spread(50)
    few = work(sharing)
    assert len(sharing()) == 51
    spread(950, start=50)
    assert work(sharing) < 1.3 * few
    assert len(sharing()) == len(places)
