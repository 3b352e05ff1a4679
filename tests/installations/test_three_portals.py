"""Three portals, one of them bad: it harms nobody, and the others go on with each other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

import pytest

from portal.kernel import clock
from portal.partners import keys
from tests.installations.running import Installation, installations
from tests.support.portals import OtherPortal, another_portal, content

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("installations")]
Three = tuple[Installation, Installation, Installation]


@pytest.fixture
def three() -> Iterator[Three]:
    """Asker and Drammen on SQLite, Bærum on PostgreSQL; all have let each other in."""
    with installations(n3203="sqlite", n3201="postgresql", n3301="sqlite") as (asker, baerum, drammen):
        for here in (asker, baerum, drammen):
            for there in (asker, baerum, drammen):
                if here is not there:
                    here.let_in(there.address, there.fingerprint)
        yield asker, baerum, drammen


def test_a_solution_spreads_to_two_and_follows_its_source_at_both(three: Three) -> None:
    asker, baerum, drammen = three
    number = asker.hand("share", title="Middag sammen")
    uri = asker.uri(number)
    for each in (baerum, drammen):
        assert each.hand("sync")[asker.address]["came"] == {"made": 1}
        each.hand("approve")
        each.hand("adopt", uri=uri)
        assert each.hand("deliver") == 0
    assert asker.hand("adoptions", solution_id=number) == {baerum.adopter: "in_use", drammen.adopter: "in_use"}
    assert asker.hand("solutions")[str(number)]["in_use"] == 2
    baerum.hand("note", uri=uri, text="Bare på Fornebu.")
    asker.hand("edit", solution_id=number, title="Middag for alle")
    drammen.kill("serve")
    for each, remark in ((baerum, "Bare på Fornebu."), (drammen, "")):
        assert each.hand("sync")[asker.address] == {"came": {"changed": 1}, "error": ""}
        each.hand("approve")
        found = each.hand("solutions")[uri]
        assert (found["title"], found["note"], found["state"]) == ("Middag for alle", remark, "published")
    assert baerum.hand("sync")[drammen.address]["error"], "Drammen is away"
    asker.hand("withdraw", solution_id=number)
    drammen.start("serve")
    for each in (baerum, drammen):
        assert each.hand("sync")[asker.address] == {"came": {"gone": 1}, "error": ""}
        assert each.hand("solutions")[uri]["state"] == "withdrawn"
    for each in three:
        assert all(not came["error"] for came in each.hand("sync").values())
        assert each.hand("audit_holds")


def test_one_that_is_suspended_is_left_out_and_comes_back_with_all_it_has_told(three: Three) -> None:
    asker, baerum, drammen = three
    baerum.hand("suspend", url=drammen.address)
    drammen.hand("share", title="Lekeplass")
    asker.hand("share", title="Middag sammen")
    outcomes = baerum.hand("sync")
    assert outcomes[drammen.address]["error"] == "suspended"
    assert outcomes[asker.address]["came"] == {"made": 1}
    baerum.hand("resume", url=drammen.address)
    assert baerum.hand("sync")[drammen.address]["came"] == {"made": 1}


@pytest.fixture
def with_a_liar() -> Iterator[tuple[Installation, Installation, OtherPortal]]:
    """Asker on SQLite, Bærum on PostgreSQL, and a portal in Drammen that lies; Bærum has let both in."""
    with ExitStack() as stack:
        liar = stack.enter_context(another_portal("3301", "Drammen"))
        asker, baerum = stack.enter_context(installations(liar.host, n3203="sqlite", n3201="postgresql"))
        baerum.let_in(asker.address, asker.fingerprint)
        baerum.let_in(liar.url, keys.fingerprint(liar.key().public_key))
        yield asker, baerum, liar


def lies(liar: OtherPortal) -> dict[str, dict[str, Any]]:
    """Return a lie of each kind, by the reason it should be refused for."""
    tomorrow = (clock.now() + timedelta(days=1)).isoformat()
    honest = liar.item(90, content())
    return {
        "markup": liar.item(2, content("<script>alert(1)</script>")),
        "future": liar.item(3, content(), updated=tomorrow),
        "licence": liar.item(4, content(), licence="All rights reserved"),
        "too_large": liar.item(5, content(risk="x" * 400_000)),
        "hash": liar.item(6, content(), content_hash="0" * 64),
        "wrong_host": liar.item(7, content()) | {"id": "http://127.0.0.1:1/losninger/7"},
        "not_theirs": liar.item(8, content(), source={"municipality_number": "3203", "name": "Asker kommune"}),
        "too_deep": honest | {"id": f"{liar.url}/losninger/9", "more": [[[[[[[[[[1]]]]]]]]]]},
        "shape": honest | {"id": f"{liar.url}/losninger/10", "version": "ny"},
    }


def test_a_portal_that_lies_gets_nothing_in_and_stops_nobody(
    with_a_liar: tuple[Installation, Installation, OtherPortal],
) -> None:
    asker, baerum, liar = with_a_liar
    number = asker.hand("share", title="Middag sammen")
    told = lies(liar)
    liar.tell(1, content("Ærlig først"))
    liar.items += list(told.values())
    liar.tell(99, content("Ærlig sist"))
    outcomes = baerum.hand("sync")
    assert outcomes[liar.url] == {"came": {"made": 2, "set_aside": len(told)}, "error": ""}
    assert outcomes[asker.address]["came"] == {"made": 1}
    here = {uri: each["title"] for uri, each in baerum.hand("solutions").items()}
    assert here == {
        asker.uri(number): "Middag sammen",
        f"{liar.url}/losninger/1": "Ærlig først",
        f"{liar.url}/losninger/99": "Ærlig sist",
    }
    assert sorted(baerum.hand("set_aside").values()) == sorted(told)


def test_a_portal_that_breaks_the_exchange_itself_stops_nobody(
    with_a_liar: tuple[Installation, Installation, OtherPortal],
) -> None:
    asker, baerum, liar = with_a_liar
    feed = "/api/v1/exchange/solutions"
    liar.tell(1)
    breaks = [
        lambda _path: (500, {}, b""),
        lambda _path: (302, {"Location": f"{asker.address}{feed}"}, b""),
        lambda path: liar.signed(path, b"<html>"),
        lambda path: liar.signed(path, b'{"items":' * 5000),
        lambda path: liar.signed(path, b'{"items":[],"x":"' + b"x" * 5_000_000 + b'"}'),
        lambda _path: (200, {"content-type": "application/json"}, b'{"items":[],"next":null}'),
    ]
    for number, answer in enumerate(breaks, 1):
        liar.answers[feed] = answer
        asker.hand("share", title=f"Løsning {number}")
        outcomes = baerum.hand("sync")
        assert outcomes[liar.url]["error"]
        assert outcomes[asker.address] == {"came": {"made": 1}, "error": ""}
    failures = [reason for what, reason in baerum.hand("log", url=liar.url) if what == "failed"]
    assert len(set(failures)) > 3, "the log says what was wrong each time"
    liar.answers.clear()
    assert baerum.hand("sync")[liar.url] == {"came": {"made": 1}, "error": ""}
