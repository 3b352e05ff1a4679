"""Comparing published rounds: only the same question and method, by name, with intervals, and nothing that is a lie."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.kernel import clock
from portal.kernel.content import Ref
from portal.kernel.db import db
from portal.kernel.identity import ANONYMOUS
from portal.observatorium.actions.rounds import withdraw_round
from portal.observatorium.catalogue import catalogue
from portal.observatorium.events.rounds import INDICATOR
from portal.observatorium.queries import published
from portal.observatorium.results import METHOD_VERSION
from portal.partners.actions.partners import suspend_partner
from portal.partners.comparison import Intervals, Overall, Shares, Told, apart, dots, read_results, read_rounds
from portal.partners.incoming import Reason, Refused
from portal.partners.models.imports import PartnerResult, PartnerRound
from portal.partners.models.partners import Partner
from portal.partners.queries.comparing import Comparison, comparison
from portal.partners.syncing import sync
from tests.observatorium.published import a_published_round
from tests.support.cast import Cast
from tests.support.portals import OtherPortal, allow, another_portal, let_in

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
REF = Ref(INDICATOR, 101)


def a_round(slug: str = "2026", **changes: Any) -> dict[str, Any]:
    """Return a published round as the API tells of it."""
    honest = {
        "slug": slug,
        "title": f"Runde {slug}",
        "state": "published",
        "opens": "2026-01-01T00:00:00Z",
        "closes": "2026-03-01T00:00:00Z",
        "published": "2026-04-01T00:00:00Z",
        "catalogue_version": catalogue().version,
        "method_version": METHOD_VERSION,
        "revision": 1,
        "content_hash": "a" * 64,
    }
    return honest | changes


def overall(green: float = 0.5, **changes: Any) -> dict[str, Any]:
    rest = round(1 - green, 2)
    honest = {
        "covers": ["resident"],
        "n": 412,
        "n_eff": 301.4,
        "shares": {"red": rest, "yellow": 0.0, "green": green},
        "interval": {"red": [rest - 0.05, rest + 0.05], "yellow": [0.0, 0.02], "green": [green - 0.05, green + 0.05]},
        "level": "yellow",
    }
    return honest | changes


def a_result(told: dict[str, Any], items: list[dict[str, Any]] | None = None, **changes: Any) -> dict[str, Any]:
    plain = {"indicator": "1.1", "own": "green", "level": "yellow", "overall": overall()}
    return {"round": told, "licence": "NLOD-2.0", "items": [plain] if items is None else items, "next": None} | changes


def publish(source: OtherPortal, slug: str = "2026", green: float = 0.5, **changes: Any) -> None:
    """Let a portal publish a round."""
    told = a_round(slug, **changes)
    source.rounds.append(told)
    plain = {"indicator": "1.1", "own": "green", "level": "yellow", "overall": overall(green)}
    source.results[slug] = a_result(told, [plain])


@pytest.fixture
def source(monkeypatch: pytest.MonkeyPatch, app: Flask) -> Iterator[OtherPortal]:
    with another_portal() as portal:
        allow(monkeypatch, app, portal)
        yield portal


@pytest.fixture
def partner(cast: Cast, source: OtherPortal) -> Partner:
    return let_in(cast.actor("admin"), source)


def shown() -> Comparison | None:
    return comparison(ANONYMOUS, REF, ())


def test_what_we_publish_ourselves_can_be_read_by_another_portal(cast: Cast) -> None:
    a_published_round(cast)
    told = json.loads(published.as_json("2026"))
    rounds = read_rounds(json.dumps({"items": [told["round"]]}).encode(), clock.now())
    figures = read_results(json.dumps(told).encode(), rounds[0], clock.now())
    assert len(figures) == 39
    assert any(each.overall.shares for each in figures)


@pytest.mark.parametrize(
    ("changes", "because"),
    [
        ({"published": "2027-06-01T00:00:00Z"}, Reason.FUTURE),
        ({"published": "9999-12-31T23:59:59-10:00"}, Reason.FUTURE),
        ({"published": "1999-01-01T00:00:00Z"}, Reason.SHAPE),
        ({"published": "2026-04-01T00:00:00"}, Reason.SHAPE),
        ({"published": None}, Reason.MISSING),
        ({"method_version": None}, Reason.MISSING),
        ({"revision": 0}, Reason.SHAPE),
        ({"content_hash": "a"}, Reason.SHAPE),
        ({"slug": "../../x"}, Reason.SHAPE),
        ({"slug": ""}, Reason.SHAPE),
        ({"title": ""}, Reason.TOO_LONG),
        ({"title": "x" * 300}, Reason.TOO_LONG),
        ({"title": 7}, Reason.SHAPE),
    ],
)
def test_a_round_that_cannot_be_is_refused(changes: dict[str, Any], because: Reason) -> None:
    with pytest.raises(Refused) as refused:
        read_rounds(json.dumps({"items": [a_round(**changes)]}).encode(), NOW)
    assert refused.value.reason is because


def test_only_published_rounds_are_read_the_newest_first() -> None:
    told = [
        a_round("2024", published="2024-04-01T00:00:00Z"),
        a_round("2027", state="open", published=None, content_hash=None, method_version=None, revision=None),
        a_round("2025", published="2025-04-01T00:00:00Z"),
        a_round("2023", state="withdrawn", content_hash=None, method_version=None, revision=None),
    ]
    assert [each.slug for each in read_rounds(json.dumps({"items": told}).encode(), NOW)] == ["2025", "2024"]


SHARES = {"red": 0.5, "yellow": 0.0, "green": 0.5}


@pytest.mark.parametrize(
    "figure",
    [
        {"indicator": "1.1", "overall": overall(shares=SHARES | {"green": 0.9})},
        {"indicator": "1.1", "overall": overall(shares=SHARES | {"red": -0.5, "yellow": 1.0})},
        {"indicator": "1.1", "overall": overall(interval=None)},
        {"indicator": "1.1", "overall": overall(shares=None)},
        {"indicator": "1.1", "overall": overall() | {"interval": {level: [0.9, 1.0] for level in SHARES}}},
        {"indicator": "1.1", "overall": overall() | {"interval": {level: [-1.0, 2.0] for level in SHARES}}},
        {"indicator": "1.1", "overall": overall(n=-1)},
        {"indicator": "1.1", "overall": overall(n=10**12)},
        {"indicator": "1.1", "overall": overall(n_eff=-1)},
        {"indicator": "1.1", "overall": overall(level="purple")},
        {"indicator": "1.1", "overall": overall(covers=["robots"])},
        {"indicator": "1.1", "own": "<script>", "overall": overall()},
        {"indicator": "99", "overall": overall()},
        {"indicator": 1.1, "overall": overall()},
        {"overall": overall()},
    ],
)
def test_figures_that_cannot_be_are_refused_and_the_whole_round_with_them(figure: dict[str, Any]) -> None:
    told = a_round()
    [asked] = read_rounds(json.dumps({"items": [told]}).encode(), NOW)
    with pytest.raises(Refused):
        read_results(json.dumps(a_result(told, [figure])).encode(), asked, NOW)


def test_results_of_another_round_another_licence_or_twice_the_same_are_refused() -> None:
    told = a_round()
    [asked] = read_rounds(json.dumps({"items": [told]}).encode(), NOW)
    twice = [{"indicator": "1.1", "overall": overall()}] * 2
    for lie in (a_result(a_round("2025")), a_result(told, licence="secret"), a_result(told, twice)):
        with pytest.raises(Refused):
            read_results(json.dumps(lie).encode(), asked, NOW)
    with pytest.raises(Refused):
        read_results(b"<html>", asked, NOW)


def test_municipalities_stand_by_name_with_ours_first_whatever_their_figures() -> None:
    def told(name: str, green: float, *, home: bool = False) -> Told:
        figure = Overall(
            shares=Shares(round(1 - green, 2), 0.0, green),
            interval=Intervals((0, 1), (0, 1), (green - 0.1, green + 0.1)),
        )
        return Told(name=name, round_title="2026", overall=figure, home=home)

    drawn = dots(
        [told("Ås", 0.9), told("Ørland", 0.8), told("Bærum", 0.2), told("Asker", 0.5, home=True), told("Drammen", 0.7)]
    )
    assert [dot.told.name for dot in drawn] == ["Asker", "Bærum", "Drammen", "Ørland", "Ås"]
    assert [(dot.x1, dot.x, dot.x2) for dot in drawn][1] == (10.0, 20.0, 30.0)
    with pytest.raises(ValueError, match="hidden"):
        dots([Told(name="x", round_title="x", overall=Overall())])


def test_figures_differ_only_when_their_intervals_are_apart() -> None:
    def figure(low: float, high: float) -> Overall:
        return Overall(shares=Shares(0, 0, 1), interval=Intervals((0, 1), (0, 1), (low, high)))

    assert apart(figure(0.1, 0.2), figure(0.3, 0.4))
    assert apart(figure(0.3, 0.4), figure(0.1, 0.2))
    assert not apart(figure(0.1, 0.3), figure(0.3, 0.4))
    assert not apart(figure(0.1, 0.2), Overall())


def test_a_partners_round_stands_beside_ours_on_the_indicators_page(
    cast: Cast, source: OtherPortal, partner: Partner, visitor: Callable[..., Any]
) -> None:
    a_published_round(cast)
    publish(source, green=0.93)
    assert sync(partner.id).error == ""
    page = visitor().get("observatorium.indicator", number="1.1")
    text = " ".join(page.text.split())
    assert "Ved siden av andre kommuner" in text
    assert "Bærum kommune: 93 % svarte grønt, usikkerhetsintervall 88–98 %" in text
    assert "Intervallene overlapper ikke" in text
    assert [each["href"] for each in page.all(".chart-dots a")] == [f"{source.url}/observatorium/indikatorer/1.1/"]
    other = visitor().get("observatorium.indicator", number="1.2")
    assert "Ved siden av andre kommuner" not in other.text


@pytest.mark.parametrize("changes", [{"method_version": "2"}, {"catalogue_version": "other"}])
def test_rounds_asked_or_computed_otherwise_are_not_compared(
    cast: Cast, source: OtherPortal, partner: Partner, changes: dict[str, str]
) -> None:
    a_published_round(cast)
    publish(source, **changes)
    assert sync(partner.id).error == ""
    assert db.session.scalar(sa.select(sa.func.count()).select_from(PartnerRound)) == 1
    assert shown() is None


def test_an_older_round_that_can_be_compared_stands_when_the_newest_cannot(
    cast: Cast, source: OtherPortal, partner: Partner
) -> None:
    a_published_round(cast)
    publish(source, "2025", green=0.4, published="2025-04-01T00:00:00Z")
    publish(source, "2026", method_version="2")
    sync(partner.id)
    found = shown()
    assert found is not None
    assert [line.dot.told.round_title for line in found.lines if not line.dot.told.home] == ["Runde 2025"]


def test_only_the_newest_round_of_each_partner_is_shown(cast: Cast, source: OtherPortal, partner: Partner) -> None:
    a_published_round(cast)
    publish(source, "2025", published="2025-04-01T00:00:00Z")
    sync(partner.id)
    publish(source, "2026")
    sync(partner.id)
    found = shown()
    assert found is not None
    assert [line.dot.told.round_title for line in found.lines if not line.dot.told.home] == ["Runde 2026"]
    assert db.session.scalars(sa.select(PartnerRound.slug)).all() == ["2026"]


def test_a_round_is_read_once_until_it_has_a_new_revision(source: OtherPortal, partner: Partner) -> None:
    publish(source)
    for _ in range(3):
        sync(partner.id)
    assert sum(path.startswith("/api/v1/results") for path in source.asked) == 1
    source.rounds[0] |= {"revision": 2, "content_hash": "b" * 64}
    sync(partner.id)
    assert sum(path.startswith("/api/v1/results") for path in source.asked) == 2


def test_a_round_that_is_withdrawn_is_gone_after_one_sync(cast: Cast, source: OtherPortal, partner: Partner) -> None:
    a_published_round(cast)
    publish(source)
    sync(partner.id)
    source.rounds[0]["state"] = "withdrawn"
    sync(partner.id)
    assert shown() is None
    assert db.session.scalars(sa.select(PartnerResult)).all() == []


def test_nothing_is_compared_without_a_round_of_our_own(cast: Cast, source: OtherPortal, partner: Partner) -> None:
    publish(source)
    sync(partner.id)
    assert shown() is None
    a_published_round(cast)
    assert shown() is not None
    withdraw_round(cast.actor("coordinator"), "2026", "Feil i utvalget.")
    assert shown() is None


def test_a_suspended_partner_is_not_shown(cast: Cast, source: OtherPortal, partner: Partner) -> None:
    a_published_round(cast)
    publish(source)
    sync(partner.id)
    suspend_partner(cast.actor("admin"), partner.id, "Tallene er feil.")
    assert shown() is None


def test_false_figures_leave_what_we_had(cast: Cast, source: OtherPortal, partner: Partner) -> None:
    a_published_round(cast)
    publish(source)
    sync(partner.id)
    source.rounds[0] |= {"revision": 2, "content_hash": "b" * 64}
    source.results["2026"]["items"][0]["overall"]["n"] = -5
    assert sync(partner.id).error
    found = shown()
    assert found is not None
    assert len(found.lines) == 2


def test_the_comparison_takes_one_statement_with_many_partners(
    cast: Cast, source: OtherPortal, partner: Partner, count_queries: Callable[..., Any]
) -> None:
    a_published_round(cast)
    publish(source)
    sync(partner.id)
    with count_queries(at_most=1):
        assert shown() is not None
