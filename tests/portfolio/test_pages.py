"""The pages: what everybody sees, what one fills in, and what it costs to show."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from portal.kernel import clock
from portal.kernel.content import Ref
from portal.kernel.db import atomic, db
from portal.kernel.identity import ANONYMOUS
from portal.portfolio.actions.applications import ReportDraft, report_grant
from portal.portfolio.actions.benefits import SettlementDraft, plan_benefit, settle_benefit
from portal.portfolio.actions.funds import PaymentDraft, decide, pay, summarise_report
from portal.portfolio.models import Application, ApplicationState, Benefit, Fund, Measurement, Outcome, Payment, Purpose
from portal.portfolio.queries.panels import benefits
from portal.portfolio.realisation import Status, Unit
from tests.portfolio.things import (
    MILLION,
    PUBLIC,
    SECRET,
    a_fund,
    deciding,
    granted,
    hours,
    measure,
    planned,
    sent,
)
from tests.support.cast import Cast
from tests.support.page import Page, Visitor

Open = Callable[..., Visitor]
THOUSAND = 100_000


def words(page: Page) -> str:
    return page.words.replace("\N{NO-BREAK SPACE}", " ")


# -- the overview ------------------------------------------------------------------------------------------------------


def test_an_empty_portfolio_says_what_will_come(visitor: Open) -> None:
    page = visitor().get("portfolio.index")
    assert "Ingen gevinster er planlagt ennå" in page.words
    assert "Set-Cookie" not in page.response.headers
    assert "Det er ikke satt av noe ennå" in visitor().get("portfolio.funds_index").words


def test_the_overview_adds_up_each_unit_by_itself(cast: Cast, visitor: Open) -> None:
    actor = cast.actor("employee")
    for value in ("40", "35.5"):
        measure(actor, plan_benefit(actor, PUBLIC, hours(100)), value)
    measure(actor, plan_benefit(actor, PUBLIC, hours(1_000, unit=Unit.KRONER)), "250")
    measure(actor, planned(actor), "30")
    page = visitor().get("portfolio.index")
    assert "75,5 timer i året, av 200 planlagt" in words(page)
    assert "250 kroner i året, av 1 000 planlagt" in words(page)
    assert "75,5 av 200 timer (38 %)" in words(page)
    assert "4 gevinster i alt" in words(page)
    assert len(page.all("svg.chart-plot")) == 2
    assert [cell.get_text(strip=True) for cell in page.all(".chart-pairs table td")][:2] == ["200 timer", "75,5 timer"]


def test_what_is_not_public_is_neither_shown_nor_counted(cast: Cast, visitor: Open) -> None:
    planned(cast.actor("employee"), SECRET, title="Hemmelig")
    for reader in (visitor(), visitor("employee")):
        page = reader.get("portfolio.index")
        assert "Hemmelig" not in page.text
        assert "Ingen gevinster er planlagt ennå" in page.words
    assert "Hemmelig" not in visitor().get("portfolio.benefits_csv").text


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"type": "efficiency"}, {"Timer"}),
        ({"status": "not_realised"}, {"Dager"}),
        ({"ar": "2031"}, {"Timer"}),
        ({"slag": "thing"}, {"Timer", "Dager"}),
        ({"slag": "idea"}, {"Timer", "Dager"}),  # no such benefit, so it can't be chosen: see below
        ({"type": "nothing", "ar": "x", "omrade": "²"}, {"Timer", "Dager"}),
    ],
)
def test_the_overview_is_narrowed_by_what_one_asks_for(
    cast: Cast, visitor: Open, asked: dict[str, str], found: set[str]
) -> None:
    actor = cast.actor("employee")
    plan_benefit(actor, PUBLIC, hours(title="Timer", expected_on=clock.today().replace(year=2031)))
    lost = planned(actor, title="Dager")
    settle_benefit(actor, lost.id, SettlementDraft(status=Status.NOT_REALISED, learning="Folk ringte likevel."))
    page = visitor().get("portfolio.index", **asked)
    titles = {title.get_text(strip=True) for title in page.all(".benefit__title")}
    assert titles == ({*()} if asked.get("slag") == "idea" else found)


@pytest.mark.parametrize(
    ("by", "label"), [("omrade", "Uten tjenesteområde"), ("ar", "2031"), ("slag", "tiltak"), ("tiltak", "Tiltak 1")]
)
def test_the_chart_has_a_row_for_what_one_asks_for(cast: Cast, visitor: Open, by: str, label: str) -> None:
    actor = cast.actor("employee")
    plan_benefit(actor, PUBLIC, hours(expected_on=clock.today().replace(year=2031)))
    page = visitor().get("portfolio.index", vis=by)
    assert [each.get_text(strip=True) for each in page.all(".chart-label")] == [label]


def test_what_was_not_realised_is_shown_with_what_was_learnt(cast: Cast, visitor: Open) -> None:
    actor = cast.actor("employee")
    benefit = planned(actor)
    settle_benefit(actor, benefit.id, SettlementDraft(status=Status.NOT_REALISED, learning="Folk ringte likevel."))
    assert "Les hva vi lærte" in visitor().get("portfolio.index").words
    page = visitor().get("benefits.show", benefit_id=benefit.id)
    assert "Dette lærte vi" in page.words
    assert "Folk ringte likevel." in page.words


def test_a_benefit_shows_its_course_and_the_numbers_in_a_table(cast: Cast, visitor: Open) -> None:
    actor = cast.actor("employee")
    benefit = planned(actor)
    measure(actor, benefit, "36", clock.today() - timedelta(days=60))
    measure(actor, benefit, "30.5")
    page = visitor().get("benefits.show", benefit_id=benefit.id)
    assert "48 % av veien fra nullpunkt til mål er gått" in words(page)
    assert len(page.all(".course__mark")) == 2
    assert [cell.get_text(strip=True) for cell in page.all(".chart-course td.number")] == [
        "40 dager",
        "36 dager",
        "30,5 dager",
        "20 dager",
    ]


def test_no_cell_of_the_files_is_a_formula(cast: Cast, visitor: Open) -> None:
    actor = cast.actor("employee")
    measure(actor, planned(actor, title="=1+1", baseline_value=Decimal(-4)), "-3")
    (row,) = csv.DictReader(io.StringIO(visitor().get("portfolio.benefits_csv").text))
    assert (row["title"], row["baseline"], row["unit"], row["thing_title"]) == ("'=1+1", "-4", "dager", "Tiltak 1")


# -- planning and measuring --------------------------------------------------------------------------------------------

PLAN = {
    "title": "Kortere ventetid",
    "type": "quality",
    "link": "user_effects",
    "for_whom": "De som bygger",
    "indicator": "Dager til svar",
    "unit": "other",
    "unit_word": "dager",
    "baseline_value": "1 040,5",
    "baseline_on": "2026-01-15",
    "target_value": "−20",
    "expected_on": "31.12.2027",
    "responsible": "Leder for byggesak",
}


def test_one_plans_measures_and_settles_a_benefit(cast: Cast, visitor: Open) -> None:
    browser = visitor("employee")
    page = browser.get("benefits.new", til=str(PUBLIC))
    page = browser.post("benefits.new", {**page.form(), **PLAN}, til=str(PUBLIC))
    benefit = db.session.scalars(sa.select(Benefit)).one()
    assert (benefit.baseline_value, benefit.target_value) == (Decimal("1040.5"), Decimal(-20))
    shown = browser.follow(page)
    assert shown.heading == "Kortere ventetid"
    measuring = browser.get("benefits.measure", benefit_id=benefit.id)
    browser.post("benefits.measure", {**measuring.form(), "value": "510", "source": "Arkivet"}, benefit_id=benefit.id)
    settling = browser.get("benefits.settle", benefit_id=benefit.id)
    assert settling.form()["status"] == "measuring"
    refused = browser.post(
        "benefits.settle", {**settling.form(), "status": "partly"}, benefit_id=benefit.id, _status=422
    )
    assert "Skriv hva dere lærte" in refused.words
    data = {**settling.form(), "status": "partly", "learning": "Sjekklista virket."}
    done = browser.follow(browser.post("benefits.settle", data, benefit_id=benefit.id))
    assert "Sjekklista virket." in done.words
    assert "Delvis realisert" in done.words


def test_a_plan_is_changed_with_what_stood_there_and_nobodys_change_is_lost(cast: Cast, visitor: Open) -> None:
    benefit = planned(cast.actor("employee"))
    browser = visitor("employee")
    opened = browser.get("benefits.change", benefit_id=benefit.id).form()
    assert (opened["baseline_value"], opened["unit"], opened["type"]) == ("40", "other", "quality")
    browser.post("benefits.change", {**opened, "title": "Først"}, benefit_id=benefit.id)
    late = browser.post("benefits.change", {**opened, "title": "Etterpå"}, benefit_id=benefit.id, _status=409)
    assert late.form()["title"] == "Etterpå"
    browser.post("benefits.change", late.form(), benefit_id=benefit.id)
    assert db.session.get_one(Benefit, benefit.id).title == "Etterpå"


@pytest.mark.parametrize("written", ["x", "1e5", "12.34567", "1 2 3 4 5 6 7 8 9 0 1 2 3", "٣"])
def test_what_is_no_number_is_shown_again_with_what_to_do(cast: Cast, visitor: Open, written: str) -> None:
    data = {**PLAN, "target_value": written}
    page = visitor("employee").post("benefits.new", data, til=str(PUBLIC), _status=422)
    assert page.one("#target_value")["value"] == written
    assert "Skriv et tall" in page.words


def test_those_who_may_not_plan_are_told_so(cast: Cast, visitor: Open) -> None:
    benefit = planned(cast.actor("employee"))
    for endpoint in ("change", "measure", "settle", "drop"):
        visitor("resident").get(f"benefits.{endpoint}", benefit_id=benefit.id, _status=403)
    visitor("resident").get("benefits.new", til=str(PUBLIC), _status=403)
    visitor("resident").get("benefits.new", til=str(SECRET), _status=404)
    visitor("employee").get("benefits.new", til="thing:x", _status=404)


def test_a_benefit_is_taken_away_after_a_warning(cast: Cast, visitor: Open) -> None:
    benefit = planned(cast.actor("employee"))
    browser = visitor("employee")
    browser.post("benefits.drop", browser.get("benefits.drop", benefit_id=benefit.id).form(), benefit_id=benefit.id)
    assert db.session.scalars(sa.select(Benefit)).all() == []


# -- funds -------------------------------------------------------------------------------------------------------------


def test_from_frame_to_report(cast: Cast, visitor: Open) -> None:
    adviser, resident = visitor("adviser"), visitor("resident")
    day = clock.today()
    frame = {"year": "2026", "frame": "1 500 000", "opens_on": str(day), "closes_on": str(day), "seed": "400 000,50 kr"}
    adviser.post("portfolio_control.new_fund", frame)
    assert "1 500 000 kroner" in words(visitor().get("portfolio.fund", year=2026))

    form = resident.get("applications.new", til=str(PUBLIC)).form()
    ask = {**form, "purpose": "seed", "asked": "120.000", "what_for": "Lånesykkel"}
    draft = resident.follow(resident.post("applications.new", {**ask, "hva": "lagre"}, til=str(PUBLIC)))
    assert "Bare du ser det" in draft.words
    application = db.session.scalars(sa.select(Application)).one()
    change = resident.get("applications.change", application_id=application.id).form()
    assert change["asked"] == "120 000"
    resident.post("applications.change", {**change, "hva": "send"}, application_id=application.id)
    assert db.session.get_one(Application, application.id).state is ApplicationState.SENT

    assert "Lånesykkel" in adviser.get("applications.show", application_id=application.id).words
    deciding_form = adviser.get("portfolio_control.decide", application_id=application.id).form()
    assert deciding_form["granted"] == "120 000"
    answer = {**deciding_form, "verdict": "granted", "granted": "100 000", "reason": "Det er nytt."}
    adviser.post("portfolio_control.decide", answer, application_id=application.id)
    paying = adviser.get("portfolio_control.pay", application_id=application.id).form()
    adviser.post("portfolio_control.pay", {**paying, "ore": "60 000", "reference": "B7"}, application_id=application.id)
    assert db.session.scalars(sa.select(Payment.ore)).all() == [60 * THOUSAND]

    page = visitor().get("portfolio.fund", year=2026)
    assert "100 000 kroner av 120 000 kroner" in words(page)
    assert "60 000 kroner er betalt ut" in words(page)
    assert "400 000,50 kroner" in words(page)
    assert "Det er nytt." in page.words
    assert "Lånesykkel" not in page.text
    assert cast.resident.name not in page.text

    told = {"outcome": "failed", "done": "Prøvde.", "learnt": "Den ble stjålet.", "spent": "60000"}
    resident.post("applications.report", told, application_id=application.id)
    adviser.post("portfolio_control.summarise", {"summary": "Lås sykkelen."}, application_id=application.id)
    page = visitor().get("portfolio.fund", year=2026)
    assert "Det gikk ikke som planlagt. 60 000 kroner er brukt. Lås sykkelen." in words(page)
    assert "stjålet" not in page.text
    (row,) = csv.DictReader(io.StringIO(visitor().get("portfolio.grants_csv").text))
    assert (row["granted"], row["paid"], row["spent"], row["outcome"]) == (
        "100000.00",
        "60000.00",
        "60000.00",
        "failed",
    )


def test_a_grant_that_does_not_fit_is_refused_with_what_is_left_and_keeps_what_was_written(
    cast: Cast, visitor: Open
) -> None:
    actor = cast.actor("adviser")
    fund = a_fund(actor)
    granted(actor, cast.actor("resident"), fund, MILLION - 5 * THOUSAND)
    waiting = sent(cast.actor("resident2"), fund, 10 * THOUSAND)
    browser = visitor("adviser")
    form = browser.get("portfolio_control.decide", application_id=waiting.id).form()
    data = {**form, "verdict": "granted", "reason": "Ja, dette vil vi."}
    page = browser.post("portfolio_control.decide", data, application_id=waiting.id, _status=409)
    assert "Rammen er brukt opp: 5 000 kroner igjen" in words(page)
    assert page.form()["reason"] == "Ja, dette vil vi."


def test_when_nothing_is_open_one_is_told_when_it_opens(cast: Cast, visitor: Open) -> None:
    assert "Det er ikke åpent" in visitor("resident").get("applications.new", til=str(PUBLIC)).words
    with clock.moved(by=timedelta(days=100)):
        a_fund(cast.actor("adviser"), year=2027)
    page = visitor("resident").get("applications.new", til=str(PUBLIC))
    assert "Midlene for 2027 åpner" in page.words


@pytest.mark.parametrize("written", ["x", "-5", "1,234", "1e9", "12345678901", "0x10"])
def test_a_sum_that_is_none_is_refused_at_its_field(cast: Cast, visitor: Open, written: str) -> None:
    a_fund(cast.actor("adviser"))
    browser = visitor("resident")
    form = browser.get("applications.new", til=str(PUBLIC)).form()
    data = {**form, "purpose": "seed", "asked": written, "what_for": "x", "hva": "send"}
    page = browser.post("applications.new", data, til=str(PUBLIC), _status=422)
    assert page.one("#asked")["value"] == written
    assert db.session.scalars(sa.select(Application)).all() == []


def test_ones_own_applications_are_listed_and_taken_back(cast: Cast, visitor: Open) -> None:
    resident = cast.actor("resident")
    application = sent(resident, a_fund(cast.actor("adviser")))
    browser = visitor("resident")
    assert "Tiltak 1" in browser.get("applications.mine").words
    assert "Du har ikke søkt om noe ennå" in visitor("resident2").get("applications.mine").words
    form = browser.get("applications.withdraw", application_id=application.id).form()
    browser.post("applications.withdraw", form, application_id=application.id)
    assert db.session.get_one(Application, application.id).state is ApplicationState.WITHDRAWN
    assert "Trukket" in browser.get("applications.mine").words


def test_staff_see_what_waits_by_state(cast: Cast, visitor: Open) -> None:
    adviser = cast.actor("adviser")
    fund = a_fund(adviser)
    sent(cast.actor("resident"), fund, ref=Ref("thing", 7))
    decide(adviser, sent(cast.actor("resident2"), fund, ref=Ref("thing", 8)).id, deciding(0))
    planned(cast.actor("employee"), expected_on=clock.today() - timedelta(days=1))
    page = visitor("adviser").get("portfolio_control.index")
    assert "1 gevinst skulle vært målt" in page.words
    assert "Tiltak 7" in page.words
    assert "Tiltak 8" in page.words
    only = visitor("adviser").get("portfolio_control.index", status="sent")
    assert "Tiltak 8" not in only.words
    with clock.moved(by=timedelta(days=31)):
        assert "Har ventet lenge" in visitor("adviser").get("portfolio_control.index").words
    assert "Kortere ventetid" in visitor("adviser").get("portfolio_control.overdue").words


# -- what it costs -----------------------------------------------------------------------------------------------------


@atomic
def many(actor: Any, number: int) -> None:
    """Plan many benefits, and grant many applications, without the events."""
    plan_benefit(actor, PUBLIC, hours())
    first = db.session.execute(sa.select(Benefit.__table__)).mappings().one()
    fund = db.session.scalars(sa.select(Fund)).one()
    db.session.execute(
        sa.insert(Benefit.__table__),
        [
            {
                **first,
                "id": 1000 + each,
                "target_id": each % 100 + 1,
                "key": str(each),
                "expected_year": 2026 + each % 5,
            }
            for each in range(number)
        ],
    )
    db.session.execute(
        sa.insert(Measurement),
        [
            {
                "benefit_id": 1000 + each,
                "measured_on": clock.today(),
                "value": Decimal(5),
                "source": "",
                "note": "",
                "entered_by_id": actor.id,
                "created_at": clock.now(),
            }
            for each in range(number)
        ],
    )
    given = {"purpose": Purpose.SEED, "asked_ore": 100, "granted_ore": 100, "state": ApplicationState.GRANTED}
    db.session.execute(
        sa.insert(Application),
        [
            {
                **given,
                "fund_id": fund.id,
                "author_id": actor.id,
                "byline": "name",
                "kind": "thing",
                "target_id": each % 100 + 1,
                "is_public": True,
                "what_for": "",
                "other_financing": "",
                "paid_ore": 0,
                "reason": "x",
                "conditions": "",
                "decided_by_title": "x",
                "decided_at": clock.now(),
                "key": str(each),
                "created_at": clock.now(),
                "changed_at": clock.now(),
                "version": 1,
            }
            for each in range(number)
        ],
    )


@pytest.mark.parametrize(
    ("endpoint", "values", "who"),
    [
        ("portfolio.index", {}, None),
        ("portfolio.index", {"vis": "tiltak"}, None),
        ("portfolio.index", {"vis": "ar"}, "employee"),
        ("portfolio.funds_index", {}, None),
        ("portfolio.fund", {"year": 2026}, None),
        ("portfolio.fund", {"year": 2026}, "resident"),
        ("benefits.show", {"benefit_id": 1000}, None),
        ("benefits.show", {"benefit_id": 1000}, "employee"),
        ("portfolio_control.index", {}, "adviser"),
        ("portfolio_control.overdue", {}, "adviser"),
        ("portfolio_control.funds_index", {}, "adviser"),
        ("applications.mine", {}, "employee"),
    ],
)
def test_a_page_costs_at_most_eight_statements_with_a_thousand_benefits(
    cast: Cast, visitor: Open, count_queries: Any, endpoint: str, values: dict[str, Any], who: str | None
) -> None:
    a_fund(cast.actor("adviser"))
    many(cast.actor("employee"), 1000)
    browser = visitor(who) if who else visitor()
    db.session.expire_all()
    with count_queries(at_most=8):
        page = browser.get(endpoint, **values)
    assert page.heading


def test_the_list_goes_on_where_it_left_off(cast: Cast, visitor: Open) -> None:
    a_fund(cast.actor("adviser"))
    many(cast.actor("employee"), 30)
    browser = visitor()
    first = browser.get("portfolio.index", type="efficiency")
    second = browser.get_url(str(first.one("a[rel=next]")["href"]))
    hrefs = [{str(link["href"]) for link in page.all(".benefit__title a")} for page in (first, second)]
    assert (len(hrefs[0]), len(hrefs[1]), hrefs[0] & hrefs[1]) == (20, 11, set())


def test_the_macros_show_a_thing_its_benefits_and_funds(cast: Cast, visitor: Open) -> None:
    adviser = cast.actor("adviser")
    planned(cast.actor("employee"))
    for value in ("40", "2.5"):
        measure(cast.actor("employee"), plan_benefit(cast.actor("employee"), PUBLIC, hours(50)), value)
    application = granted(adviser, cast.actor("resident"), a_fund(adviser))
    pay(adviser, application.id, PaymentDraft(ore=THOUSAND, paid_on=clock.today(), reference="", key="k"))
    report_grant(
        cast.actor("resident"),
        application.id,
        ReportDraft(outcome=Outcome.PARTLY, done="x", learnt="y", spent_ore=THOUSAND),
    )
    summarise_report(adviser, application.id, "Vi vet mer nå.")
    app = visitor().app
    shown = (
        '{% from "portfolio/_parts.html" import benefit_cards, funding %}{{ benefit_cards(panel) }}{{ funding(panel) }}'
    )
    with app.test_request_context():
        template = app.jinja_env.from_string(shown)
        mine = template.render(panel=benefits(cast.actor("employee"), PUBLIC)).replace("\N{NO-BREAK SPACE}", " ")
        others = template.render(panel=benefits(ANONYMOUS, PUBLIC))
    assert "/portefolje/gevinster/ny?til=thing:1" in mine
    assert "/portefolje/sok?til=thing:1" in mine
    assert "Fra 40 dager til 20 dager" in mine
    assert "100 000 kroner fra innovasjonsmidlene i 2026" in mine
    assert "Til sammen 42,5 av 100 timer i året." in mine
    assert "Vi vet mer nå." in mine
    assert "til=thing" not in others
    assert "<form" not in mine
