"""The provider of the demo and the tests does what ID-porten does; the client here is Authlib, without our code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import httpx
import pytest
from authlib.oauth2.base import OAuth2Error
from authlib.oauth2.client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwk, jwt

from tests.support.idp import BackChannel, Idp, catch_back_channel, choose_person, confirm_sign_out, start_idp

CALLBACK = "http://localhost/konto/tilbake"
AFTER = "http://localhost/konto/utlogget"
VERIFIER = "v" * 64


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
def told(back_channel: BackChannel) -> BackChannel:
    back_channel.forget()
    return back_channel


@dataclass
class SignedIn:
    claims: CodeIDToken
    id_token: str
    callback: dict[str, str]


class Relying:
    """A minimal client of the provider: one browser, code flow with PKCE."""

    def __init__(self, idp: Idp, browser: httpx.Client) -> None:
        self.idp = idp
        self.browser = browser
        self.metadata = browser.get(f"{idp.issuer}/.well-known/openid-configuration").json()
        self.client = OAuth2Client(
            session=self.browser,
            client_id=idp.client_id,
            scope="openid profile email",
            redirect_uri=CALLBACK,
            code_challenge_method="S256",
        )

    def address(self, verifier: str | None = VERIFIER, **more: str) -> str:
        given = {"state": "the-state", "nonce": "the-nonce", "acr_values": "idporten-loa-substantial", **more}
        url, _ = self.client.create_authorization_url(
            self.metadata["authorization_endpoint"], code_verifier=verifier, **given
        )
        return str(url)

    def sign_in(self, person: str) -> SignedIn:
        callback = answer_of(choose_person(self.browser, self.address(), person))
        tokens = self.exchange(callback["code"])
        return SignedIn(self.read(tokens["id_token"]), tokens["id_token"], callback)

    def exchange(self, code: str, verifier: str = VERIFIER) -> dict[str, Any]:
        basic = httpx.BasicAuth(quote(self.idp.client_id, safe=""), quote(self.idp.client_secret, safe=""))
        tokens: dict[str, Any] = self.client.fetch_token(
            self.metadata["token_endpoint"], code=code, code_verifier=verifier, auth=basic
        )
        return tokens

    def read(self, token: str) -> CodeIDToken:
        keys = jwk.KeySet.import_key_set(self.browser.get(self.metadata["jwks_uri"]).json())
        read = jwt.decode(token, keys, algorithms=["RS256"])
        return CodeIDToken(
            read.claims,
            read.header,
            options={"iss": {"value": self.idp.issuer}, "aud": {"value": self.idp.client_id}},
            params={"nonce": "the-nonce", "client_id": self.idp.client_id},
        )


@pytest.fixture
def relying(idp: Idp, browser: httpx.Client) -> Relying:
    return Relying(idp, browser)


@pytest.fixture
def browser() -> Iterator[httpx.Client]:
    with httpx.Client(verify=False) as client:  # noqa: S501 - reading the machine's certificates is slow, and all is http
        yield client


def answer_of(callback: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(callback).query))


def test_the_provider_says_what_id_porten_says(relying: Relying) -> None:
    assert relying.metadata["issuer"] == relying.idp.issuer
    assert relying.metadata["response_types_supported"] == ["code"]
    assert relying.metadata["code_challenge_methods_supported"] == ["S256"]
    assert relying.metadata["subject_types_supported"] == ["pairwise"]
    assert relying.metadata["backchannel_logout_session_supported"] is True
    assert {"idporten-loa-substantial", "idporten-loa-high"} <= set(relying.metadata["acr_values_supported"])


def test_choosing_a_person_gives_a_signed_token_about_that_person(relying: Relying) -> None:
    signed_in = relying.sign_in("employee")
    signed_in.claims.validate()
    assert signed_in.callback["state"] == "the-state"
    assert signed_in.callback["iss"] == relying.idp.issuer
    assert signed_in.claims["acr"] == "idporten-loa-substantial"
    assert signed_in.claims["groups"] == ["group-employee", "group-coordinator"]
    assert signed_in.claims["name"] == "Einar Ansatt"
    assert signed_in.claims["locale"] == "nb"
    assert signed_in.claims["sid"]


def test_the_subject_is_the_same_each_time_and_says_nothing_of_the_person(relying: Relying) -> None:
    first, second, other = (relying.sign_in(person).claims for person in ("resident", "resident", "employee"))
    assert first["sub"] == second["sub"] != other["sub"]
    assert "resident" not in first["sub"]


def test_a_person_with_another_level_of_assurance_gets_it_in_the_token(relying: Relying) -> None:
    assert relying.sign_in("low").claims["acr"] == "idporten-loa-low"
    assert relying.sign_in("high").claims["acr"] == "idporten-loa-high"


def test_going_back_from_the_page_is_told_as_access_denied(relying: Relying) -> None:
    answer = answer_of(choose_person(relying.browser, relying.address(), None))
    assert answer["error"] == "access_denied"
    assert answer["state"] == "the-state"


def test_a_request_without_pkce_is_refused(relying: Relying) -> None:
    refused = relying.browser.get(relying.address(verifier=None))
    assert answer_of(refused.headers["Location"])["error"] == "invalid_request"


def test_a_code_without_its_verifier_is_worth_nothing(relying: Relying) -> None:
    callback = answer_of(choose_person(relying.browser, relying.address(), "resident"))
    with pytest.raises(OAuth2Error, match="invalid_grant"):
        relying.exchange(callback["code"], verifier="w" * 64)


def test_an_address_that_was_not_registered_gets_no_code(relying: Relying) -> None:
    refused = relying.browser.get(relying.address(redirect_uri="http://localhost/annet"))
    assert refused.status_code == 400
    assert "Location" not in refused.headers
    assert "Innloggingen stoppet" in refused.text


def test_changed_groups_count_from_the_next_sign_in(relying: Relying) -> None:
    before = relying.sign_in("employee").claims["groups"]
    relying.idp.change_person("employee", groups=["group-employee"])
    try:
        assert relying.sign_in("employee").claims["groups"] == ["group-employee"]
    finally:
        relying.idp.change_person("employee", groups=before)


def test_signing_out_asks_once_and_leads_back_with_the_state(relying: Relying, told: BackChannel) -> None:
    signed_in = relying.sign_in("resident")
    address = httpx.URL(
        relying.metadata["end_session_endpoint"],
        params={"id_token_hint": signed_in.id_token, "post_logout_redirect_uri": AFTER, "state": "out"},
    )
    assert confirm_sign_out(relying.browser, str(address)) == f"{AFTER}?state=out"
    assert relying.read(told.next_token())["sid"] == signed_in.claims["sid"]
    assert relying.browser.get(address).headers["Location"] == f"{AFTER}?state=out", "nobody is left to ask"


def test_ended_sessions_are_told_behind_the_browsers_back(relying: Relying, told: BackChannel) -> None:
    relying.idp.end_sessions("high")  # of the tests before
    told.forget()
    claims = relying.sign_in("high").claims
    assert relying.idp.end_sessions("high") == [{"client_id": "portal", "sid": claims["sid"], "error": None}]
    token = relying.read(told.next_token())
    assert token.header["typ"] == "logout+jwt"
    assert (token["sid"], token["sub"]) == (claims["sid"], claims["sub"])
    assert token["events"] == {"http://schemas.openid.net/event/backchannel-logout": {}}
    assert "nonce" not in token
    assert relying.idp.end_sessions("high") == [], "nothing is left to end"


def test_another_person_in_the_same_browser_signs_the_first_one_out(relying: Relying, told: BackChannel) -> None:
    first = relying.sign_in("resident").claims
    second = relying.sign_in("employee").claims
    assert relying.read(told.next_token())["sid"] == first["sid"] != second["sid"]


def test_the_page_needs_no_script_and_fetches_nothing(relying: Relying) -> None:
    page = relying.browser.get(relying.address(), follow_redirects=True)
    policy = page.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "<script" not in page.text
    assert "http" not in page.text
    assert "frame-ancestors 'none'" in policy


def test_outside_the_tests_there_is_no_way_to_change_anything(browser: httpx.Client) -> None:
    with start_idp(redirect_uris=[CALLBACK], for_tests=False) as demo:
        assert browser.post(f"{demo.issuer}/test/persons/resident", json={"name": "En annen"}).status_code == 404
        assert browser.post(f"{demo.issuer}/test/end-session/resident").status_code == 404


def test_names_are_shown_as_text_whatever_is_in_them(browser: httpx.Client) -> None:
    persons = [{"id": "x", "name": '<b>Nils & "Nils"</b>'}]
    with start_idp(redirect_uris=[CALLBACK], persons=persons) as idp:
        page = browser.get(Relying(idp, browser).address(), follow_redirects=True)
        assert "&lt;b&gt;Nils &amp; &quot;Nils&quot;&lt;/b&gt;" in page.text


def test_two_clients_know_the_same_person_by_different_subjects(relying: Relying) -> None:
    with start_idp(redirect_uris=[CALLBACK], client_id="another") as other:
        elsewhere = Relying(other, relying.browser).sign_in("resident")
    assert elsewhere.claims["sub"] != relying.sign_in("resident").claims["sub"]
