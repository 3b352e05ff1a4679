"""Sign-in at an OpenID provider: what is asked, what is believed of the way back, and an issuer that is away."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from portal.accounts import oidc
from portal.accounts.oidc import Identity, Reason
from portal.config import OidcIssuer
from portal.kernel import clock
from tests.support.idp import BackChannel, Idp, catch_back_channel, choose_person, confirm_sign_out, start_idp
from tests.support.lying_issuer import (
    CALLBACK,
    CLIENT_ID,
    CLIENT_SECRET,
    LyingIssuer,
    forget_issuers,
    go,
    lying_issuer,
    oidc_alone,
    refused,
    sign_in,
)

AFTER = "http://localhost/konto/utlogget"


@pytest.fixture(autouse=True)
def settings() -> Iterator[None]:
    with oidc_alone():
        yield


@pytest.fixture
def liar() -> Iterator[LyingIssuer]:
    with lying_issuer() as issuer:
        yield issuer


def query(address: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(address).query))


# ---- at the real provider


@pytest.fixture(scope="module")
def back_channel() -> Iterator[BackChannel]:
    with catch_back_channel() as catcher:
        yield catcher


@pytest.fixture(scope="module")
def idp(back_channel: BackChannel) -> Iterator[Idp]:
    with start_idp(
        redirect_uris=[CALLBACK], post_logout_redirect_uris=[AFTER], backchannel_logout_uri=back_channel.address
    ) as running:
        yield running


@pytest.fixture
def browser() -> Iterator[httpx.Client]:
    with httpx.Client(verify=False) as client:  # noqa: S501 - reading the machine's certificates is slow, and all is http
        yield client


def at(idp: Idp, **changes: Any) -> OidcIssuer:
    given: dict[str, Any] = {
        "name": "idporten",
        "title": "ID-porten",
        "issuer": idp.issuer,
        "client_id": idp.client_id,
        "client_secret": idp.client_secret,
        "scopes": ("openid", "profile", "email"),
        "acr": ("idporten-loa-substantial", "idporten-loa-high"),
    }
    return OidcIssuer(**{**given, **changes})


def as_person(issuer: OidcIssuer, browser: httpx.Client, person: str | None) -> Identity:
    url, flow = oidc.begin(issuer, CALLBACK, ui_locales="nn")
    return oidc.finish(issuer, flow, query(choose_person(browser, url, person)), CALLBACK)


def test_a_person_comes_back_with_subject_level_groups_and_session(idp: Idp, browser: httpx.Client) -> None:
    identity = as_person(at(idp), browser, "employee")
    assert identity.issuer == "idporten"
    assert identity.name == "Einar Ansatt"
    assert identity.acr == "idporten-loa-substantial"
    assert identity.groups == ("group-employee", "group-coordinator")
    assert identity.sid
    assert identity.subject == as_person(at(idp), browser, "employee").subject


def test_an_email_counts_only_when_the_issuer_has_confirmed_it(idp: Idp, browser: httpx.Client) -> None:
    assert as_person(at(idp), browser, "resident").email == "ingrid@example.org"
    assert as_person(at(idp), browser, "unconfirmed").email is None


def test_a_level_that_is_not_listed_lets_nobody_in(idp: Idp, browser: httpx.Client) -> None:
    refused(Reason.LEVEL, lambda: as_person(at(idp), browser, "low"))
    only_high = at(idp, acr=("idporten-loa-high",))
    refused(Reason.LEVEL, lambda: as_person(only_high, browser, "resident"))
    assert as_person(only_high, browser, "high").acr == "idporten-loa-high"


def test_going_back_at_the_provider_is_a_cancelled_sign_in(idp: Idp, browser: httpx.Client) -> None:
    refused(Reason.CANCELLED, lambda: as_person(at(idp), browser, None))


def test_a_wrong_client_secret_is_refused_by_the_provider(idp: Idp, browser: httpx.Client) -> None:
    refused(Reason.REFUSED, lambda: as_person(at(idp, client_secret="another"), browser, "resident"))


def test_a_code_that_was_used_is_refused_the_second_time(idp: Idp, browser: httpx.Client) -> None:
    url, flow = oidc.begin(at(idp), CALLBACK)
    callback = query(choose_person(browser, url, "resident"))
    oidc.finish(at(idp), flow, callback, CALLBACK)
    refused(Reason.REFUSED, lambda: oidc.finish(at(idp), flow, callback, CALLBACK))


def test_a_code_taken_from_another_browser_does_not_fit_its_verifier(idp: Idp, browser: httpx.Client) -> None:
    url, _ = oidc.begin(at(idp), CALLBACK)
    stolen = query(choose_person(browser, url, "resident"))
    _, own = oidc.begin(at(idp), CALLBACK)
    refused(Reason.REFUSED, lambda: oidc.finish(at(idp), own, {**stolen, "state": own.state}, CALLBACK))


def test_signing_out_leads_through_the_provider_and_back(
    idp: Idp, browser: httpx.Client, back_channel: BackChannel
) -> None:
    identity = as_person(at(idp), browser, "resident")
    back_channel.forget()
    url = oidc.logout_url(at(idp), id_token_hint=identity.id_token, post_logout_redirect_uri=AFTER, state="the-state")
    assert url
    assert confirm_sign_out(browser, url) == f"{AFTER}?state=the-state"
    told = oidc.check_logout_token(at(idp), back_channel.next_token())
    assert (told.sid, told.subject, told.issuer) == (identity.sid, identity.subject, "idporten")
    assert told.jti


def test_signing_out_works_without_the_token_too(idp: Idp, browser: httpx.Client) -> None:
    as_person(at(idp), browser, "resident")
    url = oidc.logout_url(at(idp), id_token_hint=None, post_logout_redirect_uri=AFTER)
    assert url
    assert confirm_sign_out(browser, url) == AFTER


def test_an_id_token_is_no_logout_token(idp: Idp, browser: httpx.Client) -> None:
    id_token = as_person(at(idp), browser, "resident").id_token
    assert id_token
    refused(Reason.TOKEN, lambda: oidc.check_logout_token(at(idp), id_token))


# ---- what we ask for


def test_the_browser_is_sent_with_pkce_state_nonce_level_and_language(liar: LyingIssuer) -> None:
    url, flow = oidc.begin(liar.settings(), CALLBACK, ui_locales="en", next_path="/observatorium/")
    asked = query(url)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(flow.code_verifier.encode()).digest()).rstrip(b"=").decode()
    assert url.startswith(f"{liar.address}/authorize?")
    assert asked == {
        "response_type": "code",
        "client_id": CLIENT_ID,
        "redirect_uri": CALLBACK,
        "scope": "openid profile",
        "state": flow.state,
        "nonce": flow.nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        "acr_values": "idporten-loa-substantial",
        "ui_locales": "en",
    }
    assert flow.next == "/observatorium/"


def test_no_two_sign_ins_share_a_secret(liar: LyingIssuer) -> None:
    first, second = (oidc.begin(liar.settings(), CALLBACK)[1] for _ in range(2))
    assert not {first.state, first.nonce, first.code_verifier} & {second.state, second.nonce, second.code_verifier}


def test_an_issuer_without_levels_is_asked_for_none_and_needs_none(liar: LyingIssuer) -> None:
    liar.claims = {"acr": None}
    assert "acr_values" not in query(oidc.begin(liar.settings(acr=()), CALLBACK)[0])
    assert sign_in(liar, acr=()).acr is None


def test_the_code_is_exchanged_with_encoded_secret_and_verifier(liar: LyingIssuer) -> None:
    issuer = liar.settings(client_secret="a+b/c:d%e ø")
    flow, callback = go(liar, issuer)
    oidc.finish(issuer, flow, callback, CALLBACK)
    basic = base64.b64decode(liar.posted.pop("Authorization").removeprefix("Basic ")).decode()
    assert basic == "portal:a%2Bb%2Fc%3Ad%25e%20%C3%B8"
    assert liar.posted == {
        "grant_type": "authorization_code",
        "code": callback["code"],
        "redirect_uri": CALLBACK,
        "code_verifier": flow.code_verifier,
        "client_id": CLIENT_ID,
    }


# ---- what came through the browser


@pytest.mark.parametrize(
    "change", [{"state": "another"}, {"state": ""}, {"iss": "https://elsewhere.example"}, {"iss": ""}, {"state": "ø"}]
)
def test_an_answer_that_is_not_to_our_question_is_not_taken(liar: LyingIssuer, change: dict[str, str]) -> None:
    flow, callback = go(liar, liar.settings())
    refused(Reason.STATE, lambda: oidc.finish(liar.settings(), flow, {**callback, **change}, CALLBACK))
    assert "/token" not in liar.asked


def test_an_answer_from_one_issuer_does_not_fit_a_flow_at_another(liar: LyingIssuer) -> None:
    flow, callback = go(liar, liar.settings())
    refused(Reason.STATE, lambda: oidc.finish(liar.settings(name="another"), flow, callback, CALLBACK))


def test_an_issuer_that_never_names_itself_need_not_but_may_not_be_another(liar: LyingIssuer) -> None:
    del liar.metadata["authorization_response_iss_parameter_supported"]
    flow, callback = go(liar, liar.settings())
    another = {**callback, "iss": "https://elsewhere.example"}
    refused(Reason.STATE, lambda: oidc.finish(liar.settings(), flow, another, CALLBACK))
    del callback["iss"]
    assert oidc.finish(liar.settings(), flow, callback, CALLBACK).subject == "the-subject"


def test_an_error_or_an_empty_answer_is_a_refusal(liar: LyingIssuer) -> None:
    flow, callback = go(liar, liar.settings())
    kept = {"state": callback["state"], "iss": callback["iss"]}
    for answer in ({"error": "server_error"}, {}, {"code": ""}):
        refused(Reason.REFUSED, lambda given=answer: oidc.finish(liar.settings(), flow, {**kept, **given}, CALLBACK))


# ---- what is kept of a person


def test_a_token_with_a_national_identity_number_is_not_handed_on(liar: LyingIssuer) -> None:
    liar.claims = {"pid": "01010012345"}
    identity = sign_in(liar)
    assert identity.id_token is None
    assert "01010012345" not in repr(identity)


def test_groups_come_from_the_claim_that_is_set(liar: LyingIssuer) -> None:
    liar.claims = {"groups": ["a"], "roles": ["b", 7, "c"]}
    assert sign_in(liar, groups_claim="roles").groups == ("b", "c")
    assert sign_in(liar).groups == ("a",)


def test_too_many_groups_for_the_token_is_not_the_same_as_none(liar: LyingIssuer) -> None:
    liar.claims = {"_claim_names": {"groups": "src1"}, "_claim_sources": {"src1": {"endpoint": "https://x.example"}}}
    refused(Reason.GROUPS, lambda: sign_in(liar))


@pytest.mark.parametrize(("fault", "reason"), [({"nonce": "another"}, "token"), ({"acr": "low"}, "level")], ids=str)
def test_nothing_of_the_person_is_logged(
    liar: LyingIssuer, caplog: pytest.LogCaptureFixture, fault: dict[str, str], reason: str
) -> None:
    liar.claims = {"sub": "very-secret-subject", "pid": "01010012345", **fault}
    refused(Reason(reason), lambda: sign_in(liar))
    assert f"sign-in at lying: {reason}" in caplog.text
    for secret in ("very-secret", "01010012345", "the-access-token", "eyJ", CLIENT_SECRET):
        assert secret not in caplog.text


# ---- an issuer that is away, or not the one we mean

WELL_KNOWN = "/.well-known/openid-configuration"


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        (WELL_KNOWN, (200, b"<html>")),
        (WELL_KNOWN, (200, b"[]")),
        (WELL_KNOWN, (200, b"{}")),
        (WELL_KNOWN, (200, b"[" * 100_000)),
        (WELL_KNOWN, (404, b"{}")),
        (WELL_KNOWN, (302, b"")),
        ("/keys", (200, b"{}")),
        ("/keys", (200, b'{"keys": 5}')),
        ("/keys", (200, b'{"keys": [5, {"kty": "RSA"}]}')),
        ("/keys", (200, b'{"keys": [{"kty": "RSA", "n": "!", "e": "AQAB"}]}')),
        ("/keys", (500, b"oh no")),
        ("/token", (503, b"{}")),
        ("/token", (200, b"<html>")),
    ],
)
def test_garbage_is_told_as_an_issuer_that_does_not_answer(
    liar: LyingIssuer, path: str, answer: tuple[int, bytes]
) -> None:
    liar.answers[path] = answer
    refused(Reason.UNAVAILABLE, lambda: sign_in(liar))


@pytest.mark.parametrize("path", [WELL_KNOWN, "/keys", "/token"])
def test_a_good_answer_that_is_far_too_large_is_not_read(liar: LyingIssuer, path: str) -> None:
    _, good, _ = liar.answer(path, {})
    liar.answers[path] = (200, good + b" " * oidc.MAX_BYTES)
    refused(Reason.UNAVAILABLE, lambda: sign_in(liar))


@pytest.mark.parametrize("path", [WELL_KNOWN, "/keys"])
def test_a_good_answer_with_a_bad_status_is_not_kept(liar: LyingIssuer, path: str) -> None:
    _, good, _ = liar.answer(path, {})
    liar.answers[path] = (404, good)
    refused(Reason.UNAVAILABLE, lambda: sign_in(liar))


@pytest.mark.parametrize(
    "lie",
    [
        {"issuer": "https://elsewhere.example"},
        {"issuer": None},
        {"token_endpoint": "ftp://127.0.0.1/token"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": None},
        {"jwks_uri": ["https://x.example"]},
        {"jwks_uri": "http://10.0.0.1/keys"},
        {"token_endpoint": "https://10.0.0.1/token"},
        {"token_endpoint": "https://elsewhere.example/token"},
    ],
    ids=str,
)
def test_metadata_that_lead_elsewhere_are_not_followed(liar: LyingIssuer, lie: dict[str, Any]) -> None:
    liar.metadata.update(lie)
    refused(Reason.UNAVAILABLE, lambda: sign_in(liar))


def test_an_issuer_with_https_may_not_name_addresses_without() -> None:
    issuer = OidcIssuer(name="x", title="X", issuer="https://x.example", client_id="c", client_secret="s")
    metadata = {"issuer": "https://x.example", "authorization_endpoint": "https://x.example/authorize"}
    metadata |= {"jwks_uri": "https://x.example/keys", "token_endpoint": "http://x.example/token"}
    oidc._kept["https://x.example/.well-known/openid-configuration"] = (clock.now(), metadata)
    assert "token_endpoint" in refused(Reason.UNAVAILABLE, lambda: oidc.begin(issuer, CALLBACK)).detail


@pytest.mark.parametrize("path", [WELL_KNOWN, "/keys", "/token"])
def test_an_issuer_that_hangs_is_given_up(liar: LyingIssuer, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    monkeypatch.setattr(oidc, "TIMEOUT_SECONDS", 0.3)
    liar.hang = {path}
    refused(Reason.UNAVAILABLE, lambda: sign_in(liar))


def test_an_issuer_that_failed_is_left_alone_for_a_moment(liar: LyingIssuer) -> None:
    liar.answers[WELL_KNOWN] = (500, b"{}")
    for _ in range(3):
        refused(Reason.UNAVAILABLE, lambda: sign_in(liar))
    assert liar.asked == [WELL_KNOWN]
    liar.answers.clear()
    with clock.moved(oidc.PAUSE):
        assert sign_in(liar).subject == "the-subject"


def test_an_issuer_that_is_not_there_at_all_is_unavailable(liar: LyingIssuer) -> None:
    issuer = liar.settings(issuer="http://127.0.0.1:1")
    refused(Reason.UNAVAILABLE, lambda: oidc.begin(issuer, CALLBACK))


def test_metadata_are_fetched_once_an_hour(liar: LyingIssuer) -> None:
    for _ in range(3):
        sign_in(liar)
    assert liar.asked.count(WELL_KNOWN) == 1
    with clock.moved(timedelta(minutes=61)):
        sign_in(liar)
    assert liar.asked.count(WELL_KNOWN) == 2


@pytest.mark.parametrize("tokens", [{"id_token": None}, {"id_token": 5}, {"id_token": ["x"]}], ids=str)
def test_an_answer_without_an_id_token_lets_nobody_in(liar: LyingIssuer, tokens: dict[str, Any]) -> None:
    liar.tokens = tokens
    refused(Reason.TOKEN, lambda: sign_in(liar))


# ---- signing out


def test_signing_out_here_never_waits_for_an_issuer_that_is_away(liar: LyingIssuer) -> None:
    liar.answers[WELL_KNOWN] = (500, b"{}")
    assert oidc.logout_url(liar.settings(), id_token_hint=None, post_logout_redirect_uri=AFTER) is None


def test_signing_out_stays_here_when_that_is_set_or_the_issuer_has_no_place_for_it(liar: LyingIssuer) -> None:
    given: dict[str, Any] = {"id_token_hint": None, "post_logout_redirect_uri": AFTER}
    assert oidc.logout_url(liar.settings(end_session=False), **given) is None
    assert oidc.logout_url(liar.settings(), **given)
    liar.metadata["end_session_endpoint"] = "javascript:alert(1)"
    forget_issuers()
    assert oidc.logout_url(liar.settings(), **given) is None
