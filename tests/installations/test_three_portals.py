"""Three portals and one that lies: it harms nobody, and the others go on with each other."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from portal.kernel import clock
from tests.installations.conftest import Everybody
from tests.support.portals import OtherPortal, content

pytestmark = pytest.mark.slow


def test_a_solution_spreads_to_two_and_follows_its_source_at_both(everybody: Everybody) -> None:
    asker, baerum, drammen = everybody.honest
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
    for each in everybody.honest:
        assert all(not came["error"] for came in each.hand("sync").values())
        assert each.hand("audit_holds")


def test_one_that_is_suspended_is_left_out_and_comes_back_with_all_it_has_told(everybody: Everybody) -> None:
    asker, baerum, drammen = everybody.honest
    baerum.hand("suspend", url=drammen.address)
    drammen.hand("share", title="Sykkelverksted")
    asker.hand("share", title="Strikkekafé")
    outcomes = baerum.hand("sync")
    assert outcomes[drammen.address]["error"] == "suspended"
    assert outcomes[asker.address]["came"] == {"made": 1}
    baerum.hand("resume", url=drammen.address)
    assert baerum.hand("sync")[drammen.address]["came"] == {"made": 1}


def lies(liar: OtherPortal) -> dict[str, dict[str, Any]]:
    """Return a lie of each kind, by the reason it should be refused for."""
    tomorrow = (clock.now() + timedelta(days=1)).isoformat()
    return {
        "markup": liar.item(2, content("<script>alert(1)</script>")),
        "future": liar.item(3, content(), updated=tomorrow),
        "licence": liar.item(4, content(), licence="All rights reserved"),
        "too_large": liar.item(5, content(risk="x" * 290_000)) | {"more": "x" * 20_000},
        "hash": liar.item(6, content(), content_hash="0" * 64),
        "wrong_host": liar.item(7, content()) | {"id": "http://127.0.0.1:1/losninger/7"},
        "not_theirs": liar.item(8, content(), source={"municipality_number": "3203", "name": "Asker kommune"}),
        "too_deep": liar.item(9, content()) | {"more": [[[[[[[[[[1]]]]]]]]]]},
        "shape": liar.item(10, content(), version="ny"),
    }


def test_a_portal_that_lies_gets_nothing_in_and_stops_nobody(everybody: Everybody) -> None:
    asker, baerum, liar = everybody.asker, everybody.baerum, everybody.liar
    number = asker.hand("share", title="Middag sammen")
    told = lies(liar)
    liar.tell(1, content("Ærlig først"))
    liar.items += list(told.values())
    liar.tell(99, content("Ærlig sist"))
    outcomes = baerum.hand("sync")
    assert outcomes[liar.url] == {"came": {"made": 2, "set_aside": len(told)}, "error": ""}
    assert outcomes[asker.address]["came"] == {"made": 1}
    here = baerum.hand("solutions")
    assert here[asker.uri(number)]["title"] == "Middag sammen"
    from_liar = {uri: each["title"] for uri, each in here.items() if each["municipality"] == "0301"}
    assert from_liar == {f"{liar.url}/losninger/1": "Ærlig først", f"{liar.url}/losninger/99": "Ærlig sist"}
    assert sorted(baerum.hand("set_aside").values()) == sorted(told)


def test_a_portal_that_breaks_the_exchange_itself_stops_nobody(everybody: Everybody) -> None:
    asker, baerum, liar = everybody.asker, everybody.baerum, everybody.liar
    feed = "/api/v1/exchange/solutions"
    liar.tell(70)
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
        asker.hand("share", title=f"Forslag {number}")
        outcomes = baerum.hand("sync")
        assert outcomes[liar.url]["error"]
        assert outcomes[asker.address] == {"came": {"made": 1}, "error": ""}
    failures = [reason for what, reason in baerum.hand("log", url=liar.url) if what == "failed"]
    assert len(set(failures)) > 3, "the log says what was wrong each time"
    liar.answers.clear()
    assert baerum.hand("sync")[liar.url] == {"came": {"made": 1}, "error": ""}
