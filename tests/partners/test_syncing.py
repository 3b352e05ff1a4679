"""Asking partners over a real connection: pages, what is unchanged, lies on the wire, and that one stops no other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask

from portal.kernel import clock
from portal.kernel.db import db
from portal.partners import fetching, incoming, syncing
from portal.partners.actions.partners import suspend_partner
from portal.partners.models.imports import Imported, SetAside
from portal.partners.models.partners import Partner
from portal.partners.queries.syncing import due_partners
from portal.partners.syncing import sync, sync_all
from portal.solutions.models.solutions import Solution
from tests.support.cast import Cast
from tests.support.portals import OtherPortal, allow, another_portal, content, let_in

FEED = "/api/v1/exchange/solutions"
PORTAL = "/api/v1/exchange/"


@pytest.fixture
def source(monkeypatch: pytest.MonkeyPatch, app: Flask) -> Iterator[OtherPortal]:
    with another_portal() as portal:
        allow(monkeypatch, app, portal)
        yield portal


@pytest.fixture
def partner(cast: Cast, source: OtherPortal) -> Partner:
    return let_in(cast.actor("admin"), source)


def titles() -> list[str]:
    return list(db.session.scalars(sa.select(Solution.title).order_by(Solution.id)))


def feed_requests(source: OtherPortal) -> list[str]:
    return [path for path in source.asked if path.startswith(FEED)]


def test_a_feed_of_many_pages_is_read_to_its_end(source: OtherPortal, partner: Partner) -> None:
    for number in range(1, 121):
        source.tell(number, content(f"Løsning {number}"))
    outcome = sync(partner.id)
    assert (dict(outcome.came), outcome.error) == ({"made": 120}, "")
    assert titles() == [f"Løsning {number}" for number in range(1, 121)]
    assert len(feed_requests(source)) == 4, "three pages, and the empty one that says that there is no more"


def test_what_has_not_changed_is_not_sent_again(source: OtherPortal, partner: Partner) -> None:
    source.tell(1)
    sync(partner.id)
    source.statuses.clear()
    assert not sync(partner.id).came
    assert 304 in source.statuses
    source.tell(2, content("Leksehjelp"))
    assert sync(partner.id).came == {"made": 1}
    assert titles() == ["Middag sammen", "Leksehjelp"]


def test_a_removal_at_the_source_is_here_after_one_sync(source: OtherPortal, partner: Partner) -> None:
    source.tell(1)
    sync(partner.id)
    source.withdraw(1)
    assert sync(partner.id).came == {"gone": 1}
    assert titles() == [""]


def test_a_feed_that_begins_anew_is_read_from_its_start(source: OtherPortal, partner: Partner) -> None:
    source.tell(1)
    source.tell(2, content("Leksehjelp"))
    sync(partner.id)
    source.feed_name = "b"
    assert sync(partner.id).came == {"same": 2}
    source.withdraw(1)
    assert sync(partner.id).came == {"gone": 1}


@pytest.mark.parametrize("signs", ["another key", "not at all"])
def test_a_feed_that_is_not_signed_by_a_key_we_believe_is_not_read(
    source: OtherPortal, partner: Partner, signs: str
) -> None:
    source.tell(1)
    other = Ed25519PrivateKey.generate()
    if signs == "another key":
        source.signs_with = other
    else:
        source.answers[FEED] = lambda _path: (200, {"content-type": "application/json"}, b'{"items":[],"next":null}')
    outcome = sync(partner.id)
    assert "signed" in outcome.error
    assert titles() == []


def test_a_page_signed_for_another_place_in_the_feed_is_not_read(source: OtherPortal, partner: Partner) -> None:
    source.tell(1)
    source.answers[FEED] = lambda _path: source.signed(f"{FEED}?limit=50&cursor=a.7", {"items": [], "next": None})
    assert "signed" in sync(partner.id).error


def test_a_page_whose_body_was_changed_on_the_way_is_not_read(source: OtherPortal, partner: Partner) -> None:
    source.tell(1)

    def changed(path: str) -> tuple[int, dict[str, str], bytes]:
        status, headers, body = source._feed(path, {}, {})
        return status, dict(headers), body.replace(b"Middag", b"Frokost")

    source.answers[FEED] = changed
    assert "signed" in sync(partner.id).error
    assert titles() == []


def test_a_huge_item_is_set_aside_and_its_neighbours_are_read(source: OtherPortal, partner: Partner) -> None:
    source.tell(1)
    source.tell(2, content("Stor", risk="x" * incoming.ITEM_BYTES))
    source.tell(3, content("Leksehjelp"))
    assert sync(partner.id).came == {"made": 2, "set_aside": 1}
    assert db.session.scalars(sa.select(SetAside.reason)).all() == ["too_large"]


def test_a_feed_with_nothing_but_nonsense_is_left_for_now(
    monkeypatch: pytest.MonkeyPatch, source: OtherPortal, partner: Partner
) -> None:
    monkeypatch.setattr(syncing, "MOST_SET_ASIDE", 60)
    source.items = [b"7", b"[]"] * 200
    outcome = sync(partner.id)
    assert (outcome.came, outcome.error != "") == ({"set_aside": 100}, True)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(SetAside)) == 1, "they have no name to be told by"
    source.items.append(source.item(1, content()))
    while sync(partner.id).error:
        pass
    assert titles() == ["Middag sammen"], "what comes after it is read in the end"


def test_a_page_that_is_too_large_is_asked_for_in_smaller_pieces(
    monkeypatch: pytest.MonkeyPatch, source: OtherPortal, partner: Partner
) -> None:
    monkeypatch.setattr(fetching, "PAGE_BYTES", 20_000)
    for number in range(1, 12):
        source.tell(number, content(f"Løsning {number}", risk="x" * 1500))
    assert sync(partner.id).came == {"made": 11}
    assert {"limit=50", "limit=10"} <= {path.partition("?")[2].partition("&")[0] for path in feed_requests(source)}


def test_what_is_too_large_in_any_piece_is_given_up(
    monkeypatch: pytest.MonkeyPatch, source: OtherPortal, partner: Partner
) -> None:
    monkeypatch.setattr(fetching, "PAGE_BYTES", 1000)
    source.tell(1, content(risk="x" * 1500))
    assert "larger than 1000 bytes" in sync(partner.id).error


def test_a_redirect_leads_nowhere(monkeypatch: pytest.MonkeyPatch, app: Flask, cast: Cast) -> None:
    with another_portal() as source, another_portal("3301", "Drammen") as elsewhere:
        allow(monkeypatch, app, source, elsewhere)
        partner = let_in(cast.actor("admin"), source)
        source.answers[FEED] = lambda path: (302, {"Location": elsewhere.url + path}, b"")
        assert "302" in sync(partner.id).error
        assert elsewhere.asked == []


def test_a_private_address_is_asked_only_when_it_is_allowed(
    monkeypatch: pytest.MonkeyPatch, app: Flask, source: OtherPortal, partner: Partner
) -> None:
    allow(monkeypatch, app)
    assert "not in the list of allowed hosts" in sync(partner.id).error
    assert source.asked == []


@pytest.mark.parametrize(
    ("base_url", "listed"),
    [
        ("https://portal.kommune.no", ("portal.kommune.no:443",)),
        ("https://portal.kommune.no:8443", ("portal.kommune.no:8443",)),
        ("http://portal.kommune.no", ()),
        ("https://10.0.0.5", ()),
        ("https://[::1]:8000", ()),
        ("https://localhost", ()),
    ],
)
def test_a_partners_address_opens_no_more_than_its_own_name_by_https(base_url: str, listed: tuple[str, ...]) -> None:
    assert tuple(fetching.allowed(base_url)) == listed


@pytest.mark.parametrize(
    "changes", [{"municipality_number": "0301"}, {"base_url": "http://127.0.0.1:1"}, {"exchange_version": 2}]
)
def test_a_portal_that_says_it_is_another_is_not_read(
    source: OtherPortal, partner: Partner, changes: dict[str, object]
) -> None:
    source.tell(1)
    source.answers[PORTAL] = lambda path: source.signed(path, source.described(**changes))
    assert sync(partner.id).error
    assert titles() == []


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"items":{}}', b"[" * 10_000])
def test_a_feed_of_nonsense_is_a_failure_that_is_told(source: OtherPortal, partner: Partner, body: bytes) -> None:
    source.answers[FEED] = lambda path: source.signed(path, body)
    assert sync(partner.id).error
    kept = db.session.get_one(Partner, partner.id)
    assert (kept.failures, kept.synced_at) == (1, None)
    assert kept.last_error


def test_a_feed_that_never_moves_on_is_left(source: OtherPortal, partner: Partner) -> None:
    source.tell(1)
    page = {"items": source.items, "next": "a.1", "cursor": "a.1"}
    source.answers[FEED] = lambda path: source.signed(path, page)
    assert "doesn't move on" in sync(partner.id).error
    assert len(feed_requests(source)) == 2


def test_a_feed_that_begins_anew_again_and_again_is_left(source: OtherPortal, partner: Partner) -> None:
    source.tell(1)
    page = {"items": source.items, "next": "a.1", "cursor": "a.1"}
    source.answers[FEED] = lambda path: (410, {}, b"") if "cursor" in path else source.signed(path, page)
    sync(partner.id)
    assert len(feed_requests(source)) == 4


def test_one_that_fails_stops_no_other_and_is_asked_less_often(
    monkeypatch: pytest.MonkeyPatch, app: Flask, cast: Cast
) -> None:
    with another_portal() as broken, another_portal("3301", "Drammen") as sound:
        allow(monkeypatch, app, broken, sound)
        first, second = (let_in(cast.actor("admin"), each) for each in (broken, sound))
        broken.answers[PORTAL] = lambda _path: (500, {}, b"")
        sound.tell(1)
        outcomes = {each.partner_id: each for each in sync_all()}
        assert outcomes[first.id].error == "It answered 500."
        assert outcomes[second.id].came == {"made": 1}
        for _ in range(3):
            sync(first.id)
        assert list(due_partners()) == [second.id]
        with clock.moved(timedelta(hours=7)):
            assert set(due_partners()) == {first.id, second.id}


def test_a_partner_that_is_away_is_told_of_and_asked_again(
    monkeypatch: pytest.MonkeyPatch, app: Flask, cast: Cast
) -> None:
    with another_portal() as source:
        allow(monkeypatch, app, source)
        partner = let_in(cast.actor("admin"), source)
        source.tell(1)
        sync(partner.id)
    assert "127.0.0.1" in sync(partner.id).error
    assert titles() == ["Middag sammen"], "what we have stands while the partner is away"


def test_a_suspended_partner_is_not_asked(cast: Cast, source: OtherPortal, partner: Partner) -> None:
    suspend_partner(cast.actor("admin"), partner.id, "Avtalen er sagt opp.")
    assert sync(partner.id).error == "suspended"
    assert sync_all() == []
    assert source.asked == []
    assert db.session.scalars(sa.select(Imported)).all() == []


def test_a_new_key_that_the_old_one_vouches_for_is_believed_without_anybody(
    source: OtherPortal, partner: Partner
) -> None:
    source.tell(1)
    source.rotate()
    assert sync(partner.id).came == {"made": 1}
    source.tell(2, content("Leksehjelp"))
    assert sync(partner.id).came == {"made": 1}


def test_a_new_key_that_nobody_vouches_for_is_not_believed(source: OtherPortal, partner: Partner) -> None:
    source.tell(1)
    source.rotate(endorsed_by_old=False)
    assert "signed" in sync(partner.id).error
    assert titles() == []
