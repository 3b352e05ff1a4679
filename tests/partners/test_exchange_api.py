"""The exchange over HTTP: what is answered and signed, and what is taken in from partners and what isn't."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask
from werkzeug.test import TestResponse

from portal.accounts.actions.settings import SettingDraft, change_setting
from portal.kernel import clock
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import db
from portal.moderation.models import Verdict
from portal.partners.actions.partners import suspend_partner
from portal.partners.actions.receiving import forget_nonces
from portal.partners.actions.trust import revoke_key
from portal.partners.models.feed import SeenNonce
from portal.partners.models.imports import SetAside
from portal.partners.models.partners import LogKind, Partner, PartnerKey, SyncEntry
from portal.partners.signing import LIFETIME, SKEW, Asked, SigningKey, public_bytes, sign_request, verify_answer
from portal.solutions.actions.sharing import share_solution
from portal.solutions.adoption import Step
from portal.solutions.events.adoptions import ADOPTION
from portal.solutions.events.solutions import SOLUTION
from portal.solutions.models.adoptions import Adoption
from portal.solutions.models.solutions import Solution
from tests.support.cast import Cast
from tests.support.moderating import decided
from tests.support.portals import OtherPortal
from tests.support.solutions import draft, shared

HOME = "http://localhost"
EXCHANGE = "/api/v1/exchange/"
FEED = "/api/v1/exchange/solutions"
ADOPTIONS = "/api/v1/exchange/adoptions"


@pytest.fixture
def solution(cast: Cast) -> Solution:
    return shared(cast.actor("employee"))


def message(source: OtherPortal, about: Solution, /, **changes: Any) -> dict[str, Any]:
    """Return what a partner tells: that its municipality uses a solution of ours."""
    honest: dict[str, Any] = {
        "id": f"{source.url}/losninger/bruk/7",
        "solution": f"{HOME}/losninger/{about.id}",
        "updated": msgspec.to_builtins(clock.now()),
        "adopter": {"kind": "municipality", "name": "Bærum kommune", "municipality_number": "3201"},
        "step": "in_use",
        "of_version": 1,
        "way": "adapted",
        "in_use_since": "2026-01-15",
        "result": "Flere spiser sammen.",
        "language": "nb",
    }
    return honest | changes


@pytest.fixture
def tell(app: Flask, source: OtherPortal, partner: Partner) -> Callable[..., TestResponse]:
    """Return what sends a message as the partner does; parts of what is signed can be given."""
    client = app.test_client()

    def send(said: Any, url: str = HOME + ADOPTIONS, key: SigningKey | None = None, **headers: str) -> TestResponse:
        body = said if isinstance(said, bytes) else msgspec.json.encode(said)
        signing_key = key or SigningKey(source.key().id, source.private)
        plain = {"content-type": "application/json"}
        whole = sign_request(signing_key, Asked("POST", url), plain, body) | headers
        return client.post(ADOPTIONS, data=body, headers=whole)

    return send


def adoption() -> Adoption:
    return db.session.scalars(sa.select(Adoption)).one()


def users(solution: Solution) -> int:
    return db.session.scalar(sa.select(Solution.in_use).where(Solution.id == solution.id)) or 0


def logged(what: LogKind) -> list[str]:
    return list(db.session.scalars(sa.select(SyncEntry.reason).where(SyncEntry.what == what).order_by(SyncEntry.id)))


def test_every_answer_is_signed_with_a_key_that_is_told_of(app: Flask, solution: Solution) -> None:
    client = app.test_client()
    first = client.get(EXCHANGE)
    keys = {key["id"]: public_bytes(key["public_key"]) for key in first.json["keys"]}  # type: ignore[index]
    for path in (EXCHANGE, FEED, FEED + "?limit=3"):
        answer = client.get(path)
        asked = Asked("GET", HOME + path)
        assert verify_answer(keys, asked, 200, dict(answer.headers), answer.data).key_id in keys
        assert answer.headers["Cache-Control"] == "private, no-cache"
        assert "Set-Cookie" not in answer.headers
    described = first.json
    assert described is not None
    assert (described["municipality_number"], described["base_url"]) == ("3203", HOME)
    assert described["solutions"] == HOME + FEED
    assert described["adoptions"] == HOME + ADOPTIONS


@pytest.mark.parametrize(("written", "told"), [("920 125 298", "920125298"), ("123", ""), ("", "")])
def test_the_organisation_number_is_told_as_others_can_check_it(
    app: Flask, cast: Cast, written: str, told: str
) -> None:
    value = tuple(filter(None, [written]))
    change_setting(cast.actor("admin"), "organisation_number", SettingDraft(value=value, version=0))
    described = app.test_client().get(EXCHANGE).json
    assert described is not None
    assert described["organisation_number"] == told


def test_nothing_new_is_answered_without_a_body_until_something_changes(app: Flask, cast: Cast) -> None:
    client = app.test_client()
    cursor = client.get(FEED).json["cursor"]  # type: ignore[index]
    path = f"{FEED}?cursor={cursor}"
    etag = client.get(path).headers["ETag"]
    again = client.get(path, headers={"If-None-Match": etag})
    assert (again.status_code, again.data) == (304, b"")
    keys = {key["id"]: public_bytes(key["public_key"]) for key in client.get(EXCHANGE).json["keys"]}  # type: ignore[index]
    assert verify_answer(keys, Asked("GET", HOME + path), 304, dict(again.headers), b"")
    made = share_solution(cast.actor("employee"), draft())
    decided(cast.actor("moderator"), Ref(SOLUTION, made.id))
    assert client.get(FEED, headers={"If-None-Match": etag}).status_code == 200


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("cursor=x", 422),
        ("limit=0", 422),
        ("limit=many", 422),
        ("limit=1000", 422),
        ("cursor=abcdef.1", 410),
        ("x=%zz", 422),
    ],
)
def test_a_question_that_makes_no_sense_is_told_so(app: Flask, solution: Solution, query: str, status: int) -> None:
    answer = app.test_client().get(f"{FEED}?{query}")
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    described = app.test_client().get("/api/v1/openapi.json").get_json()
    assert str(status) in described["paths"][FEED]["get"]["responses"]


def test_a_partner_tells_who_takes_a_solution_in_use(
    cast: Cast, source: OtherPortal, solution: Solution, tell: Callable[..., TestResponse]
) -> None:
    answer = tell(message(source, solution))
    assert answer.status_code == 200, answer.text
    made = adoption()
    assert answer.json == {
        "id": f"{HOME}/losninger/{solution.id}#bruk-{made.id}",
        "url": f"{HOME}/losninger/{solution.id}",
    }
    assert (made.byline, made.step, made.source_uri) == ("Bærum kommune", Step.IN_USE, f"{source.url}/losninger/bruk/7")
    assert (made.state, made.author_id) == (PublicationState.PENDING, cast.admin.id)
    assert (users(solution), logged(LogKind.RECEIVED)) == (1, ["in_use"])
    decided(cast.actor("moderator"), Ref(ADOPTION, made.id))
    assert made.state is PublicationState.PUBLISHED


def test_the_newest_word_replaces_older_ones_and_comes_too_late_otherwise(
    source: OtherPortal, solution: Solution, tell: Callable[..., TestResponse]
) -> None:
    before = msgspec.to_builtins(clock.now() - timedelta(days=1))
    tell(message(source, solution))
    stopped = {"step": "stopped", "stopped_on": "2026-02-01", "learning": "For få frivillige."}
    assert tell(message(source, solution, updated=before, **stopped)).status_code == 200
    assert (adoption().step, users(solution)) == (Step.IN_USE, 1)
    assert tell(message(source, solution, **stopped)).status_code == 200
    assert (adoption().step, users(solution)) == (Step.STOPPED, 0)


def test_a_partner_takes_back_what_it_told(
    source: OtherPortal, solution: Solution, tell: Callable[..., TestResponse]
) -> None:
    tell(message(source, solution))
    assert tell(message(source, solution, withdrawn=True)).status_code == 200
    assert (adoption().state, adoption().result, users(solution)) == (PublicationState.WITHDRAWN, "", 0)
    assert tell(message(source, solution, withdrawn=True)).status_code == 200


def test_the_same_message_a_second_time_is_refused(
    app: Flask, source: OtherPortal, solution: Solution, partner: Partner
) -> None:
    body = msgspec.json.encode(message(source, solution))
    key = SigningKey(source.key().id, source.private)
    headers = sign_request(key, Asked("POST", HOME + ADOPTIONS), {"content-type": "application/json"}, body)
    answers = [app.test_client().post(ADOPTIONS, data=body, headers=headers).status_code for _ in range(3)]
    assert answers == [200, 409, 409]
    assert (users(solution), logged(LogKind.REFUSED)) == (1, ["replayed"])
    with clock.moved(by=LIFETIME + 2 * SKEW):
        assert forget_nonces() == 1
        assert app.test_client().post(ADOPTIONS, data=body, headers=headers).status_code == 401
    assert db.session.scalar(sa.select(sa.func.count()).select_from(SeenNonce)) == 0


def test_a_message_for_another_portal_is_not_taken_in(
    source: OtherPortal, solution: Solution, tell: Callable[..., TestResponse]
) -> None:
    assert tell(message(source, solution), url="https://oslo.example" + ADOPTIONS).status_code == 401
    assert db.session.scalar(sa.select(Adoption.id)) is None


def test_a_message_that_is_not_signed_by_a_partner_is_not_taken_in(
    cast: Cast, app: Flask, source: OtherPortal, partner: Partner, solution: Solution, tell: Callable[..., TestResponse]
) -> None:
    said = message(source, solution)
    stranger = SigningKey("https://oslo.example/api/v1/exchange/#first", Ed25519PrivateKey.generate())
    thief = SigningKey(source.key().id, Ed25519PrivateKey.generate())
    assert [tell(said, key=key).status_code for key in (stranger, thief, thief)] == [401, 401, 401]
    assert app.test_client().post(ADOPTIONS, json=said).status_code == 401
    aside = db.session.scalars(sa.select(SetAside)).one()
    assert (aside.partner_id, aside.reason, aside.times) == (partner.id, "signature", 2)
    assert logged(LogKind.REFUSED) == ["signature"]
    revoke_key(cast.actor("admin"), partner.id, db.session.scalars(sa.select(PartnerKey.id)).one())
    assert tell(said).status_code == 401


def test_a_suspended_partner_is_not_listened_to(
    cast: Cast, source: OtherPortal, partner: Partner, solution: Solution, tell: Callable[..., TestResponse]
) -> None:
    suspend_partner(cast.actor("admin"), partner.id, "Sender søppel.")
    assert tell(message(source, solution)).status_code == 403
    assert db.session.scalar(sa.select(Adoption.id)) is None


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"result": "<script>alert(1)</script>"}, "markup"),
        ({"result": "x" * 6000}, "too_long"),
        ({"updated": "2090-01-01T00:00:00Z"}, "future"),
        ({"in_use_since": "2090-01-01"}, "future"),
        ({"in_use_since": None}, "missing"),
        ({"step": "winning"}, "unknown"),
        ({"id": "https://oslo.example/losninger/bruk/7"}, "wrong_host"),
        ({"solution": "https://oslo.example/losninger/1"}, "wrong_host"),
        ({"adopter": {"kind": "municipality", "name": "Oslo", "municipality_number": "0301"}}, "not_theirs"),
        ({"of_version": "1"}, "shape"),
    ],
)
def test_a_partner_that_lies_is_refused_with_the_reason_in_its_log(
    source: OtherPortal, solution: Solution, tell: Callable[..., TestResponse], changes: dict[str, Any], reason: str
) -> None:
    for _ in range(2):
        answer = tell(message(source, solution, **changes))
        assert answer.status_code == 422
        assert reason in answer.json["detail"]  # type: ignore[index]
    assert db.session.scalar(sa.select(Adoption.id)) is None
    assert logged(LogKind.REFUSED) == [reason]
    assert db.session.scalars(sa.select(SetAside.times)).one() == 2
    assert tell(message(source, solution)).status_code == 200


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{", b'"x"', b"[" * 5000, b"\xff", b"{}"])
def test_a_body_of_any_kind_is_refused_in_order(tell: Callable[..., TestResponse], body: bytes) -> None:
    assert tell(body).status_code in {401, 422}


def test_a_huge_message_is_not_read(source: OtherPortal, solution: Solution, tell: Callable[..., TestResponse]) -> None:
    assert tell(message(source, solution, learning="x" * 400_000)).status_code == 413


def test_a_solution_that_is_gone_or_another_portals_is_not_found(
    cast: Cast, source: OtherPortal, solution: Solution, tell: Callable[..., TestResponse]
) -> None:
    for number in (solution.id + 1, 2**31 + 5, 99999999999):
        told = message(source, solution, solution=f"{HOME}/losninger/{number}")
        assert tell(told).status_code == 404
    decided(cast.actor("moderator"), Ref(SOLUTION, solution.id), Verdict.HIDE)
    assert tell(message(source, solution)).status_code == 404


def test_while_new_words_wait_for_a_moderator_the_partner_is_asked_to_come_back(
    source: OtherPortal, solution: Solution, tell: Callable[..., TestResponse]
) -> None:
    solution.state = PublicationState.PENDING
    db.session.commit()
    assert tell(message(source, solution)).status_code == 503
    solution.state = PublicationState.PUBLISHED
    db.session.commit()
    assert tell(message(source, solution)).status_code == 200


def test_a_message_needs_no_token_of_a_form(
    app: Flask,
    source: OtherPortal,
    solution: Solution,
    tell: Callable[..., TestResponse],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    assert tell(message(source, solution)).status_code == 200


def test_an_organisation_in_the_partners_municipality_is_heard_under_its_own_name(
    source: OtherPortal, solution: Solution, tell: Callable[..., TestResponse]
) -> None:
    adopter = {"kind": "organisation", "name": "Bærum Røde Kors", "municipality_number": "3201"}
    tell(message(source, solution, adopter=adopter))
    assert tell(message(source, solution, id=f"{source.url}/losninger/bruk/8")).status_code == 200
    assert sorted(db.session.scalars(sa.select(Adoption.byline))) == ["Bærum Røde Kors", "Bærum kommune"]
    assert users(solution) == 2
