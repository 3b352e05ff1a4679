"""What everybody may see: the overview, a round, an indicator, the method, in every state a round can be in."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import Tag
from werkzeug.test import TestResponse

from portal.kernel import clock
from portal.kernel.content import Ref
from portal.kernel.identity import SignInMethod, StakeholderGroup
from portal.observatorium.actions.comments import CommentDraft, comment
from portal.observatorium.actions.own_levels import OwnLevelDraft, set_own_level
from portal.observatorium.actions.publishing import publish_round
from portal.observatorium.actions.rounds import close_round, make_round, withdraw_round
from portal.observatorium.catalogue import Level, catalogue
from portal.observatorium.events.rounds import COMMENT
from portal.observatorium.models.rounds import RevisionResult
from portal.observatorium.queries import pages
from portal.observatorium.views import parts
from tests.observatorium.published import KNOWLEDGE, NUMBERS, RESIDENT, a_published_round, correct, fill
from tests.observatorium.rounds import an_open_round, change, draft, work
from tests.support.cast import Cast
from tests.support.moderating import decided
from tests.support.page import Page, Visitor, forget_request

Open = Callable[..., Visitor]
Counting = Callable[..., Any]
HIDDEN = "skjult av hensyn til personvern"


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """Let every test begin with nothing remembered, so that what it counts is what a new process would do."""
    for remembered in (pages._stored, pages._participation):
        remembered.cache_clear()
    parts._kept.clear()


def rows(page: Page) -> dict[str, Tag]:
    """Return the rows of the list by the number of the indicator, in their order."""
    found = page.all("table.indicators tbody tr")
    return {str(row.select("a .indicator-number")[0].get_text()): row for row in found}


def cells(page: Page, number: str) -> list[str]:
    """Return the visible words of a row after its name."""
    return [re.sub(r"\s+", " ", cell.get_text(" ")).strip() for cell in rows(page)[number].select("td")]


def answer(reader: Visitor, endpoint: str, headers: dict[str, str] | None = None, **values: Any) -> TestResponse:
    """Open a page only for what its headers say, without checking all its HTML once more."""
    forget_request()
    return reader.client.get(reader._url(endpoint, values), headers=headers)


def chosen(page: Page, field: str) -> str:
    return str(page.one(f"#{field} option[selected]")["value"])


# -- before there is a result ------------------------------------------------------------------------------------------


def test_before_any_round_the_pages_say_so_and_lead_to_the_method(visitor: Open) -> None:
    page = visitor().get("observatorium.overview")
    assert "Ingen resultater er publisert ennå" in page.words
    assert page.one(".empty a")["href"] == "/observatorium/metode/"
    assert not page.all("svg.wheel-full")
    assert "Ingen resultater ennå" in visitor().get("observatorium.indicator", number="1.8").words
    assert not visitor().get("home.front").all("svg.wheel-full")


def test_while_a_round_is_open_only_rounded_participation_is_told(cast: Cast, visitor: Open) -> None:
    fill(an_open_round(cast).id)
    for page in (
        visitor().get("observatorium.overview"),
        visitor().get("observatorium.round_result", slug="2026"),
    ):
        assert "Minst 60 innbyggere er med så langt" in page.words
        assert page.one(".invitation .ds-button")["href"] == "/observatorium/vurder/"
        assert "65" not in page.main.get_text()
        assert not page.all(".share-strip, .judgement, svg.wheel-full")
    page = visitor().get("observatorium.indicator", number="1.8")
    assert not page.all(".view, .chart")
    assert page.all(".page-heading .ds-button")[0]["href"] == "/observatorium/vurder/1.8/"


def test_participation_is_counted_at_most_once_a_minute(cast: Cast, visitor: Open, count_queries: Counting) -> None:
    fill(an_open_round(cast).id)

    def counted() -> bool:
        with count_queries(at_most=8) as statements:
            visitor().get("observatorium.overview")
        return any("FROM ballots" in statement for statement in statements)

    assert counted()
    assert not counted()
    with clock.moved(timedelta(minutes=1)):
        assert counted()


def test_a_draft_is_not_to_be_found_not_even_by_its_coordinator(cast: Cast, visitor: Open) -> None:
    make_round(cast.actor("coordinator"), draft("2027"))
    for person in (None, "coordinator"):
        visitor(person).get("observatorium.round_result", _status=404, slug="2027")
        assert "2027" not in visitor(person).get("observatorium.overview").main.get_text()


# -- the published result ----------------------------------------------------------------------------------------------


def test_the_newest_published_round_is_shown_as_a_wheel_and_a_list(cast: Cast, visitor: Open) -> None:
    a_published_round(cast, "2025", days_ago=365)
    a_published_round(cast, "2026")
    page = visitor().get("observatorium.overview")
    assert page.heading == "Slik gjør kommunen det"
    assert page.one(".eyebrow").get_text().startswith("Runde 2026, publisert")
    assert list(rows(page)) == NUMBERS
    wheel = [link["href"] for link in page.all("svg.wheel-full a")]
    assert wheel == [f"/observatorium/indikatorer/{number}/" for number in NUMBERS]
    assert "kan ikke uten videre gjelde for alle innbyggere" in page.words


def test_the_list_says_the_same_as_the_wheel(cast: Cast, visitor: Open) -> None:
    a_published_round(cast)
    page = visitor().get("observatorium.overview")
    said = [link.select("title")[0].get_text() for link in page.all("svg.wheel-full a")]
    for number, sentence in zip(NUMBERS, said, strict=True):
        people, own, *_ = cells(page, number)
        assert sentence.startswith(f"{number} ")
        people = people.removeprefix(": ").lower()
        assert sentence.endswith(f". Gruppene samlet: {people}. Kommunen selv: {own.lower()}.")


def test_each_row_shows_the_three_views_their_distance_and_the_spread(cast: Cast, visitor: Open) -> None:
    a_published_round(cast)
    page = visitor().get("observatorium.overview")
    unchecked = "– Ikke verifisert"
    assert cells(page, "1.8")[:4] == ["Ikke akseptabelt", "Minstekravet er nådd", unchecked, "kommunen 2 trinn over"]
    assert cells(page, "2.2")[:4] == ["Minstekravet er nådd", "På vei", unchecked, "kommunen ett trinn under"]
    assert cells(page, "3.3")[:4] == ["På vei", "Ikke vurdert", unchecked, "– kan ikke sammenlignes"]
    assert cells(page, "1.1")[4] == "31 % ikke akseptabelt, 36 % på vei, 33 % minstekravet er nådd"


def test_what_verifiers_found_stands_in_the_row_and_where_they_differ_both_levels_do(cast: Cast, visitor: Open) -> None:
    a_published_round(cast)
    for number, state, given in (
        ("1.1", "agreed", ("yellow", "yellow")),
        ("1.8", "differing", ("green", "red")),
        ("2.2", "not_verified", ("green",)),
    ):
        found = {"state": state, "colours": [{"level": level, "reason": ""} for level in given]}
        here = sa.update(RevisionResult).where(RevisionResult.indicator == number)
        change(here.values(record={"verification": found}))
    page = visitor().get("observatorium.overview")
    assert [cells(page, number)[2] for number in ("1.1", "1.8", "2.2")] == [
        "På vei",
        "Ikke akseptabelt Minstekravet er nådd",
        "– Ikke verifisert",
    ]


def test_the_findings_tell_the_counts_and_where_views_part(cast: Cast, visitor: Open) -> None:
    a_published_round(cast)
    findings = visitor().get("observatorium.overview").one(".findings")
    counted = [int(each.get_text()) for each in findings.select(".tally strong")]
    assert counted == [1, 36, 1, 1]
    rosier, contested = ([str(link["href"]) for link in found.select("a")] for found in findings.select(".found"))
    assert rosier == ["/observatorium/indikatorer/1.8/", "/observatorium/indikatorer/1.1/"]
    assert contested[0] == "/observatorium/indikatorer/1.8/"
    assert "næringslivet ser lysest på det, innbyggerne mørkest" in findings.get_text()


def test_a_small_group_shows_a_colon_and_nothing_else(cast: Cast, visitor: Open) -> None:
    a_published_round(cast)
    page = visitor().get("observatorium.overview", gruppe="knowledge")
    assert "Svarene fra kunnskapsmiljøene er skjult av hensyn til personvern for 39 av de 39" in page.words
    for number in NUMBERS:
        people, _own, _checked, apart, spread = cells(page, number)
        assert (people, apart, spread) == (f": {HIDDEN}", "– kan ikke sammenlignes", f": {HIDDEN}")
    assert not page.all("table.indicators .share-strip")
    for link in page.all("svg.wheel-full a"):
        assert f"Kunnskapsmiljøene: {HIDDEN}" in link.select("title")[0].get_text()


def test_where_nearly_all_agree_only_that_is_told(cast: Cast, visitor: Open) -> None:
    a_published_round(cast)
    page = visitor().get("observatorium.overview", gruppe="resident")
    assert cells(page, "4.9") == [
        "Minstekravet er nådd",
        "Ikke vurdert",
        "– Ikke verifisert",
        "– kan ikke sammenlignes",
        "minst 90 % minstekravet er nådd",
    ]


def test_a_group_with_too_few_for_a_level_shows_its_spread_without_a_colour(cast: Cast, visitor: Open) -> None:
    crowd = {RESIDENT: (6, 8, 10, 0), KNOWLEDGE: (0, 0, 0, 0)}
    a_published_round(cast, crowd=crowd, elsewhere={})
    page = visitor().get("observatorium.overview", sorter="level")
    assert cells(page, "1.1")[0] == "For få svar til et nivå"
    assert cells(page, "1.1")[4].startswith("25 % ikke akseptabelt")
    assert list(rows(page)) == NUMBERS
    assert "For få svar til et nivå" in visitor().get("observatorium.indicator", number="1.1").words


@pytest.mark.parametrize(
    ("sort", "first"),
    [("number", ["1.1", "1.2"]), ("level", ["1.8", "1.1"]), ("gap", ["1.8", "1.1"]), ("disagreement", ["1.8", "1.1"])],
)
def test_the_list_is_sorted_as_asked(cast: Cast, visitor: Open, sort: str, first: list[str]) -> None:
    a_published_round(cast)
    page = visitor().get("observatorium.overview", sorter=sort)
    assert list(rows(page))[:2] == first
    assert len(rows(page)) == 39
    assert chosen(page, "sorter") == sort
    if sort != "number":
        assert list(rows(page))[-1] == "4.9"  # one group only: no level, no gap, no disagreement


def test_groups_too_small_to_be_ranked_do_not_count_as_disagreement(cast: Cast, visitor: Open) -> None:
    crowd = {RESIDENT: (20, 20, 20, 0), KNOWLEDGE: (12, 0, 8, 0)}
    a_published_round(cast, crowd=crowd, elsewhere={})
    page = visitor().get("observatorium.overview")
    assert "Her er gruppene mest uenige" not in page.words


def test_filters_choose_and_keep_what_was_chosen(cast: Cast, visitor: Open) -> None:
    a_published_round(cast)
    page = visitor().get("observatorium.overview", dimensjon="2", mal="8", gruppe="business", sorter="level")
    goal = {
        each.number
        for each in catalogue().indicators
        if each.number.startswith("2.") and 8 in (*each.sdgs, *each.sdgs_proposed)
    }
    assert set(rows(page)) == goal
    assert f"Viser {len(goal)} av 39" in page.words
    assert [chosen(page, field) for field in ("dimensjon", "mal", "gruppe", "sorter")] == [
        "2",
        "8",
        "business",
        "level",
    ]
    assert page.one(".filters")["action"] == "/observatorium/#indikatorer"
    for link in page.all(".languages a"):
        assert "dimensjon=2&mal=8&gruppe=business&sorter=level" in str(link["href"])
    assert page.one(".filters__do a")["href"] == "/observatorium/#indikatorer"


def test_what_a_filter_does_not_know_is_as_if_it_was_not_there(cast: Cast, visitor: Open) -> None:
    a_published_round(cast)
    for wrong in (("'", "0", "-1", "99"), ("<b>", "¹", "knowledge ", "sorter")):
        asked = dict(zip(("dimensjon", "mal", "gruppe", "sorter"), wrong, strict=True))
        assert list(rows(visitor().get("observatorium.overview", **asked))) == NUMBERS


def test_a_filter_that_nothing_fits_says_what_to_do(cast: Cast, visitor: Open) -> None:
    a_published_round(cast)
    empty = next(
        (str(each.number), str(goal))
        for each in catalogue().indicators[0].dimension.__class__
        for goal in range(1, 18)
        if not any(goal in (*one.sdgs, *one.sdgs_proposed) for one in catalogue().indicators if one.dimension is each)
    )
    page = visitor().get("observatorium.overview", dimensjon=empty[0], mal=empty[1])
    assert not rows(page)
    assert page.one(".empty a").get_text() == "Vis alle 39"


def test_the_quarters_of_the_wheel_lead_to_lists_that_are_there(cast: Cast, visitor: Open) -> None:
    a_published_round(cast, "2025", days_ago=365)
    a_published_round(cast)
    reader = visitor()
    overview = reader.get("observatorium.overview", sorter="gap", gruppe="resident")
    older = reader.get("observatorium.round_result", slug="2025", dimensjon="1")
    front = reader.get("home.front")
    targets: dict[str, Page] = {}
    for page, group in ((overview, "resident"), (older, ""), (front, "")):
        for link in page.all("svg.wheel-compact a"):
            address, _, anchor = str(link["href"]).partition("#")
            if address not in targets:
                targets[address] = reader.get_url(address)
            target = targets[address]
            assert target.one(f"#{anchor}")
            assert chosen(target, "gruppe") == group
        assert page.one(str(page.one(".wheel-skip")["href"]))
    assert len(targets) == 3


# -- rounds ------------------------------------------------------------------------------------------------------------


def test_an_older_round_says_which_it_is_and_where_the_newest_is(cast: Cast, visitor: Open) -> None:
    a_published_round(cast, "2025", days_ago=365)
    a_published_round(cast)
    page = visitor().get("observatorium.round_result", slug="2025")
    assert page.heading == "Runde 2025: slik gjorde kommunen det"
    assert "Dette er en eldre runde" in page.words
    assert page.one(".notice a")["href"] == "/observatorium/"
    assert page.one(".filters")["action"] == "/observatorium/runder/2025/#indikatorer"
    assert "eldre runde" not in visitor().get("observatorium.round_result", slug="2026").words
    listed = [link["href"] for link in visitor().get("observatorium.overview").all("#runder ~ ul a")]
    assert listed == ["/observatorium/runder/2026/", "/observatorium/runder/2025/"]


@pytest.mark.parametrize(
    "address", ["runder/1999/", "runder/1999/data.csv", "indikatorer/5.1/", "indikatorer/1.11/", "indikatorer/1.1%00/"]
)
def test_what_is_not_there_is_a_page_that_says_so(cast: Cast, visitor: Open, address: str) -> None:
    a_published_round(cast)
    page = visitor().get_url(f"/observatorium/{address}", _status=404)
    assert page.heading == "Vi finner ikke siden"


def test_a_withdrawn_round_says_why_and_shows_nothing_more(cast: Cast, visitor: Open) -> None:
    a_published_round(cast, "2025", days_ago=365)
    a_published_round(cast)
    withdraw_round(cast.actor("coordinator"), "2026", "Noen svarte for andre.")
    page = visitor().get("observatorium.round_result", slug="2026")
    assert page.heading == "Runde 2026"
    assert "Noen svarte for andre." in page.one(".notice").get_text()
    assert not page.all(".judgement, .share-strip, svg.wheel-full")
    for file in ("data_csv", "data_json"):
        visitor().get(f"observatorium.{file}", _status=404, slug="2026")
    assert "Runde 2025, publisert" in visitor().get("observatorium.overview").words
    indicator = visitor().get("observatorium.indicator", number="1.8")
    assert "Tallene er fra Runde 2025" in indicator.words
    assert "Runde 2026" not in indicator.words


def test_a_correction_says_what_was_wrong_and_keeps_what_was_published(cast: Cast, visitor: Open) -> None:
    a_published_round(cast)
    before = visitor().get("observatorium.overview")
    assert "Rettinger" not in before.words
    correct(cast, "Egenvurderingen av 2.2 var ført feil.")
    page = visitor().get("observatorium.overview")
    assert "Egenvurderingen av 2.2 var ført feil." in page.one(".notice").get_text()
    assert cells(page, "2.2")[1] == "Minstekravet er nådd"
    revisions = [str(link["href"]) for link in page.all(".revisions a") if "csv" in str(link["href"])]
    assert revisions == [f"/observatorium/runder/2026/data.csv?revisjon={number}" for number in (2, 1)]
    old, new = (visitor().get_url(address).text for address in reversed(revisions))
    assert "2026,1,2.2,2,2,Anstendig arbeid og økonomisk vekst,yellow" in old
    assert "2026,2,2.2,2,2,Anstendig arbeid og økonomisk vekst,green" in new


# -- an indicator ------------------------------------------------------------------------------------------------------


def test_an_indicator_shows_three_views_side_by_side_and_never_one(cast: Cast, visitor: Open) -> None:
    a_published_round(cast)
    page = visitor().get("observatorium.indicator", number="1.8")
    views = [re.sub(r"\s+", " ", view.get_text(" ")).strip() for view in page.all(".view")]
    assert views[0].startswith("Kommunen selv Minstekravet er nådd")
    assert views[1].startswith("Verifisert Ikke verifisert")
    assert views[2].startswith("Folk i kommunen Ikke akseptabelt")
    assert "Kommunen sier grønn. Dokumentasjonen er ikke verifisert. Folk" in page.one(".views__words").get_text()
    assert "Kommunen sier 2 trinn bedre" in page.words
    assert "snittet av innbyggerne, frivilligheten og næringslivet" in page.words


def test_an_indicator_hides_small_groups_in_the_chart_and_in_its_table(cast: Cast, visitor: Open) -> None:
    a_published_round(cast)
    page = visitor().get("observatorium.indicator", number="1.1")
    knowledge = next(row for row in page.all(".chart-rows .chart-row") if "Kunnskapsmiljøene" in row.get_text())
    assert HIDDEN in knowledge.get_text()
    assert "7 svar" in knowledge.get_text()
    line = next(row for row in page.all(".chart-shares table tr") if "Kunnskapsmiljøene" in row.get_text())
    assert [cell.get_text(strip=True) for cell in line.select("td")][1:] == [f":{HIDDEN}"] * 4
    page = visitor().get("observatorium.indicator", number="4.9")
    assert "Ingen gruppe er stor nok" in page.all(".view")[-1].get_text()
    assert "minst 90 %" in page.words


def test_an_indicator_shows_its_history_and_says_changed_only_when_the_figures_allow(cast: Cast, visitor: Open) -> None:
    a_published_round(cast, "2025", days_ago=365)
    assert not visitor().get("observatorium.indicator", number="1.8").all(".chart-history")
    better = {RESIDENT: (5, 5, 50, 5), StakeholderGroup.VOLUNTARY_SECTOR: (4, 4, 32, 2),
              StakeholderGroup.BUSINESS: (4, 4, 28, 0)}  # fmt: skip
    a_published_round(cast, "2026", elsewhere={"1.1": better})
    moved = visitor().get("observatorium.indicator", number="1.1").one(".chart-history")
    assert "opp" in moved.get_text()
    same = visitor().get("observatorium.indicator", number="1.2").one(".chart-history")
    assert "opp" not in same.get_text()
    assert [each.get_text() for each in same.select("th[scope=row]")] == ["Runde 2025", "Runde 2026"]


def test_only_approved_comments_are_shown_as_text_and_without_a_name(cast: Cast, visitor: Open) -> None:
    an_open_round(cast)
    shown = comment(
        cast.actor("resident"), CommentDraft(round="2026", indicator="1.8", text="Hør på **oss** <b>nå</b>")
    )
    comment(cast.actor("resident2"), CommentDraft(round="2026", indicator="1.8", text="Venter ennå"))
    assert not visitor().get("observatorium.indicator", number="1.8").all(".comments")
    decided(cast.actor("moderator"), Ref(COMMENT, shown.id))
    page = visitor().get("observatorium.indicator", number="1.8")
    assert (
        page.one(".comments blockquote").decode_contents().strip()
        == "<p>Hør på <strong>oss</strong> &lt;b&gt;nå&lt;/b&gt;</p>"
    )
    assert "Venter ennå" not in page.words
    assert cast.resident.name not in page.words
    assert not visitor().get("observatorium.indicator", number="1.7").all(".comments")


def test_the_municipality_s_reason_stands_beside_its_level_when_it_is_published(cast: Cast, visitor: Open) -> None:
    an_open_round(cast)
    told = OwnLevelDraft(indicator="1.8", level=Level.GREEN, justification="Vi har *fast* dialog.")
    set_own_level(cast.actor("coordinator"), "2026", told)
    assert not visitor().get("observatorium.indicator", number="1.8").all("section[aria-labelledby=begrunnelse]")
    close_round(cast.actor("coordinator"), "2026")
    publish_round(cast.actor("coordinator"), "2026")
    work()
    why = visitor().get("observatorium.indicator", number="1.8").one("section[aria-labelledby=begrunnelse]")
    assert why.select("em")[0].get_text() == "fast"


def test_goals_from_the_source_and_our_own_are_kept_apart(visitor: Open) -> None:
    both = next(each for each in catalogue().indicators if each.sdgs and each.sdgs_proposed)
    page = visitor().get("observatorium.indicator", number=both.number)
    lists = [[int(goal.get_text()) for goal in found.select(".sdg__number")] for found in page.all(".sdgs")]
    assert lists == [list(both.sdgs), list(both.sdgs_proposed)]


def test_indicators_lead_on_to_their_neighbours(visitor: Open) -> None:
    ends = {"1.1": [None, "1.2"], "1.10": ["1.9", "2.1"], "4.9": ["4.8", None]}
    for number, neighbours in ends.items():
        page = visitor().get("observatorium.indicator", number=number)
        for way, neighbour in zip(("prev", "next"), neighbours, strict=True):
            links = [str(link["href"]) for link in page.all(f".neighbours a[rel={way}]")]
            assert links == ([f"/observatorium/indikatorer/{neighbour}/"] if neighbour else [])


# -- the method --------------------------------------------------------------------------------------------------------


def test_the_method_s_contents_lead_to_every_part(visitor: Open) -> None:
    page = visitor().get("observatorium.method")
    anchors = [str(link["href"]) for link in page.all(".method__contents a")]
    assert [f"#{heading['id']}" for heading in page.all(".method__text h2")] == anchors
    assert len(anchors) == 13


def test_the_method_s_example_is_worked_out_as_published_figures_are(visitor: Open) -> None:
    page = visitor().get("observatorium.method")
    lines = [[cell.get_text(strip=True) for cell in row.select("td")] for row in page.all(".method__text tbody tr")]
    assert lines[0] == ["220", "16\N{NO-BREAK SPACE}%", "44\N{NO-BREAK SPACE}%", "40\N{NO-BREAK SPACE}%",
                        "9\N{NO-BREAK SPACE}%", "på vei"]  # fmt: skip
    assert lines[2][1:] == [f":{HIDDEN}"] * 5
    assert "33,5 % til 46,9 %, rundet utover til 33–47 %" in page.words.replace("\N{NO-BREAK SPACE}", " ")
    assert "feilmargin" in page.words
    assert "usikkerhetsintervall under modellen" in page.words


# -- speed, caches, cookies, languages ---------------------------------------------------------------------------------

READ = (
    ("observatorium.overview", {}),
    ("observatorium.overview", {"gruppe": "resident", "sorter": "gap", "dimensjon": "1"}),
    ("observatorium.round_result", {"slug": "2025"}),
    ("observatorium.round_result", {"slug": "2027"}),
    ("observatorium.indicator", {"number": "1.8"}),
    ("observatorium.method", {}),
    ("home.front", {}),
)
PUBLIC = (
    *(read for read in READ if read[1] != {"slug": "2027"}),
    ("observatorium.data_csv", {"slug": "2025"}),
    ("observatorium.data_json", {"slug": "2025"}),
    ("observatorium_api.rounds", {}),
    ("observatorium_api.indicators", {}),
    ("observatorium_api.results", {"round": "2025"}),
    ("api.description", {}),
    ("api.docs", {}),
    *((f"home.{name}", {}) for name in ("about", "help_page", "rules", "privacy", "accessibility")),
)


@pytest.mark.parametrize("person", [None, "resident", "coordinator"])
def test_a_page_takes_few_statements_however_many_have_rated(
    cast: Cast, visitor: Open, count_queries: Counting, person: str | None
) -> None:
    for slug, days in (("2024", 730), ("2025", 365), ("2026", 0)):
        a_published_round(cast, slug, days_ago=days)
    correct(cast, "Ført feil.")
    fill(an_open_round(cast, "2027").id)
    for number in range(30):
        someone = cast.actor(("resident", "resident2")[number % 2])
        written = comment(someone, CommentDraft(round="2027", indicator=NUMBERS[number], text="Ja"))
        decided(cast.actor("moderator"), Ref(COMMENT, written.id))
    reader = visitor(person)
    answer(reader, "home.about")  # notes when the person was last here, once a minute
    for endpoint, values in READ:
        pages._stored.cache_clear()
        pages._participation.cache_clear()
        with count_queries(at_most=8):
            assert answer(reader, endpoint, **values).status_code == 200


def test_a_signed_out_visitor_gets_304_until_something_happens(cast: Cast, visitor: Open) -> None:
    a_published_round(cast, "2025", days_ago=365)
    reader = visitor()
    for endpoint, values in PUBLIC:
        etag = answer(reader, endpoint, **values).headers["ETag"]
        again = answer(reader, endpoint, {"If-None-Match": etag}, **values)
        assert (again.status_code, again.data) == (304, b"")
    etag = answer(reader, "observatorium.overview").headers["ETag"]
    withdraw_round(cast.actor("coordinator"), "2025", "Prøver på nytt.")
    assert answer(reader, "observatorium.overview", {"If-None-Match": etag}).status_code == 200


def test_publishing_changes_the_etag_of_every_page(cast: Cast, visitor: Open) -> None:
    a_published_round(cast, "2025", days_ago=365)
    reader = visitor()
    before = [answer(reader, endpoint, **values).headers["ETag"] for endpoint, values in PUBLIC]
    a_published_round(cast, "2026")
    for (endpoint, values), etag in zip(PUBLIC, before, strict=True):
        assert answer(reader, endpoint, {"If-None-Match": etag}, **values).status_code == 200


def test_a_signed_out_visitor_gets_no_cookie_and_pages_that_a_proxy_may_keep(cast: Cast, visitor: Open) -> None:
    a_published_round(cast, "2025", days_ago=365)
    an_open_round(cast, "2027")
    for endpoint, values in PUBLIC:
        headers = answer(visitor(), endpoint, **values).headers
        assert "Set-Cookie" not in headers
        assert headers["Cache-Control"] == "public, no-cache"
        assert {"Cookie", "Accept-Language"} <= {each.strip() for each in headers["Vary"].split(",")}
    signed_in = answer(visitor("resident"), "observatorium.overview").headers
    assert signed_in["Cache-Control"] == "no-store"
    assert "ETag" not in signed_in


def test_what_is_remembered_of_a_page_is_not_given_to_another(cast: Cast, visitor: Open) -> None:
    a_published_round(cast, "2025", days_ago=365)
    a_published_round(cast)
    reader = visitor()
    everyone = reader.get("observatorium.overview")
    assert cells(reader.get("observatorium.overview", gruppe="knowledge"), "1.1")[0] == f": {HIDDEN}"
    english = reader.get("observatorium.overview", _headers={"Accept-Language": "en"})
    assert "Citizen participation" in rows(english)["1.8"].get_text()
    older = reader.get("observatorium.round_result", slug="2025")
    assert "Runde 2025" in str(older.one("svg.wheel-full"))
    correct(cast, "Ført feil.")
    assert cells(everyone, "2.2")[1] == "På vei"
    assert cells(reader.get("observatorium.overview"), "2.2")[1] == "Minstekravet er nådd"


@pytest.mark.parametrize(
    ("asked", "language"), [("no", "nb"), ("no-NO,en;q=0.5", "nb"), ("nn-NO", "nn"), ("en-GB", "en"), ("de", "nb")]
)
def test_pages_are_in_the_language_the_browser_asks_for(visitor: Open, asked: str, language: str) -> None:
    page = visitor().get("observatorium.overview", _headers={"Accept-Language": asked})
    assert page.one("html")["lang"] == language


def test_an_address_can_ask_for_a_language_and_the_next_page_keeps_it(visitor: Open) -> None:
    reader = visitor()
    first = reader.get("observatorium.overview", sprak="nn", _headers={"Accept-Language": "en"})
    assert first.one("html")["lang"] == "nn"
    assert first.response.headers["Cache-Control"] == "no-store"
    assert re.match(r"sprak=nn; .*HttpOnly", first.response.headers["Set-Cookie"])
    second = reader.get("observatorium.method", _headers={"Accept-Language": "en"})
    assert second.one("html")["lang"] == "nn"
    assert "Set-Cookie" not in second.response.headers
    assert "Set-Cookie" not in visitor().get("observatorium.overview", sprak="se").response.headers


def test_the_round_says_how_people_could_sign_in(cast: Cast, visitor: Open) -> None:
    a_published_round(cast)
    page = visitor().get("observatorium.overview")
    assert "ID-porten, e-post og passord" in page.one(".about-round").get_text()
    assert "Færre enn ti har svart" in page.words or "færre enn ti har svart" in page.words
    assert SignInMethod.OIDC.value not in page.main.get_text()
