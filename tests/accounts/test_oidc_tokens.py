"""Whatever an ID token or a logout token says, nobody is let in or out by one that is not the issuer's and for us."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from joserfc.jwk import ECKey

from portal.accounts import oidc
from portal.accounts.oidc import LogoutToken, Reason, SignInFailed
from portal.kernel import clock
from tests.support.lying_issuer import (
    CLIENT_ID,
    CLIENT_SECRET,
    LyingIssuer,
    a_key,
    encoded,
    lying_issuer,
    oidc_alone,
    refused,
    sign_in,
    unsigned,
)


@pytest.fixture
def liar() -> Iterator[LyingIssuer]:
    with oidc_alone(), lying_issuer() as issuer:
        yield issuer


# ---- lies in the ID token


def test_the_honest_token_is_believed(liar: LyingIssuer) -> None:
    identity = sign_in(liar)
    assert (identity.subject, identity.sid, identity.groups) == ("the-subject", "the-session", ())


@pytest.mark.parametrize(
    "lie",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"nonce": ""},
        {"aud": "somebody-else"},
        {"aud": [CLIENT_ID, "somebody-else"], "azp": CLIENT_ID},
        {"aud": []},
        {"aud": None},
        {"azp": "somebody-else"},
        {"iss": "https://elsewhere.example"},
        {"iss": None},
        {"exp": 1_600_000_000},
        {"exp": None},
        {"exp": "tomorrow"},
        {"iat": 4_000_000_000},
        {"iat": None},
        {"nbf": 4_000_000_000},
        {"sub": None},
        {"sub": ""},
        {"sub": 12345},
        {"at_hash": "not-the-hash-of-it"},
        {"at_hash": ["x"]},
        {"amr": "BankID"},
    ],
    ids=str,
)
def test_a_token_with_one_wrong_claim_lets_nobody_in(liar: LyingIssuer, lie: dict[str, Any]) -> None:
    liar.claims = lie
    refused(Reason.TOKEN, lambda: sign_in(liar))


@pytest.mark.parametrize(
    "level", [None, "idporten-loa-low", "", 4, ["idporten-loa-high"], "IDPORTEN-LOA-HIGH"], ids=str
)
def test_a_missing_or_low_level_lets_nobody_in(liar: LyingIssuer, level: object) -> None:
    liar.claims = {"acr": level}
    refused(Reason.LEVEL, lambda: sign_in(liar))


def test_clocks_may_differ_by_less_than_a_minute(liar: LyingIssuer) -> None:
    now = int(clock.now().timestamp())
    liar.claims = {"iat": now + 30, "exp": now - 30}
    assert sign_in(liar).subject == "the-subject"


def test_the_right_hash_of_the_access_token_is_believed(liar: LyingIssuer) -> None:
    digest = hashlib.sha256(b"the-access-token").digest()[:16]
    liar.claims = {"at_hash": encoded(digest)}
    assert sign_in(liar).subject == "the-subject"


def by_hmac(secret: bytes, header: dict[str, Any], claims: dict[str, Any]) -> str:
    first = unsigned({**header, "alg": "HS256"}, claims)
    return f"{first}.{encoded(hmac.digest(secret, first.encode(), 'sha256'))}"


def changed_after_signing(liar: LyingIssuer, header: dict[str, Any], claims: dict[str, Any]) -> str:
    signature = liar.signed(header, claims).rpartition(".")[2]
    return f"{unsigned(header, {**claims, 'sub': 'somebody-else'})}.{signature}"


Forge = Callable[[LyingIssuer, dict[str, Any], dict[str, Any]], str]
FORGERIES: dict[str, Forge] = {
    "not signed, alg none": lambda _, header, claims: unsigned({**header, "alg": "none"}, claims) + ".",
    "not signed, alg nOnE": lambda _, header, claims: unsigned({**header, "alg": "nOnE"}, claims) + ".",
    "signature left out": lambda _, header, claims: unsigned(header, claims) + ".",
    "two parts": lambda _, header, claims: unsigned(header, claims),
    "five parts, as if encrypted": lambda _, header, claims: unsigned(header, claims) + ".x.y.z",
    "HS256 by our own secret": lambda _, *said: by_hmac(CLIENT_SECRET.encode(), *said),
    "HS256 by the public key": lambda liar, *said: by_hmac(liar.key.as_pem(private=False), *said),
    "changed after signing": changed_after_signing,
    "signed by another key": lambda _, *said: LyingIssuer("x", a_key("x")).signed(*said),
    "claims that are a list": lambda liar, header, claims: liar.signed(header, list(claims)),
    "claims that are text": lambda liar, header, claims: liar.signed(header, str(claims)),
    "a header it must understand": lambda liar, header, claims: liar.signed({**header, "crit": ["x"], "x": 1}, claims),
    "a header that makes no sense": lambda _, header, claims: unsigned({**header, "crit": 5}, claims) + ".x",
    "a header that is a list": lambda _, header, claims: unsigned(list(header), claims) + ".x",
    "garbage": lambda *_: "garbage",
    "empty": lambda *_: "",
    "not ASCII": lambda *_: "ø.å.æ",
}


@pytest.mark.parametrize("forgery", list(FORGERIES), ids=str)
def test_a_forged_token_lets_nobody_in(liar: LyingIssuer, forgery: str) -> None:
    liar.sign = partial(FORGERIES[forgery], liar)
    refused(Reason.TOKEN, lambda: sign_in(liar))


@pytest.mark.parametrize("published", [{"use": "enc"}, {"alg": "RS512"}], ids=str)
def test_a_key_meant_for_something_else_is_not_used(liar: LyingIssuer, published: dict[str, str]) -> None:
    liar.keys = [{**liar.keys[0], **published}, ECKey.generate_key("P-256", {"kid": "x"}).as_dict(private=False)]
    refused(Reason.TOKEN, lambda: sign_in(liar))


def test_the_issuer_may_change_its_keys(liar: LyingIssuer) -> None:
    sign_in(liar)
    liar.key = a_key("second")
    liar.header = {"alg": "RS256", "kid": "second"}
    liar.keys = [*liar.keys, liar.key.as_dict(private=False)]
    with clock.moved(timedelta(minutes=2)):
        assert sign_in(liar).subject == "the-subject"
    assert liar.asked.count("/keys") == 2


def test_tokens_by_unknown_keys_do_not_make_us_fetch_the_keys_each_time(liar: LyingIssuer) -> None:
    sign_in(liar)
    liar.header = {"alg": "RS256", "kid": "unheard-of"}
    for _ in range(5):
        refused(Reason.TOKEN, lambda: oidc.check_logout_token(liar.settings(), liar.logout_token()))
    assert liar.asked.count("/keys") == 1


def test_header_parameters_that_we_do_not_know_are_ignored(liar: LyingIssuer) -> None:
    liar.header["x-something"] = "1"
    assert sign_in(liar).subject == "the-subject"


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=6,
)
CLAIMS = ("iss", "sub", "aud", "exp", "iat", "nbf", "nonce", "azp", "acr", "sid", "at_hash", "groups", "name", "email")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lies=st.dictionaries(st.sampled_from((*CLAIMS, "email_verified", "_claim_names", "amr")), anything, max_size=4))
def test_whatever_the_claims_hold_one_is_let_in_or_refused(liar: LyingIssuer, lies: dict[str, Any]) -> None:
    liar.claims = lies
    try:
        identity = sign_in(liar)
    except SignInFailed:
        return
    assert identity.subject == lies.get("sub", "the-subject")
    assert all(isinstance(group, str) for group in identity.groups)
    assert {type(identity.name), type(identity.email), type(identity.sid)} <= {str, type(None)}


def test_an_honest_logout_token_says_whose_session_is_over(liar: LyingIssuer) -> None:
    told = oidc.check_logout_token(liar.settings(), liar.logout_token())
    assert told == LogoutToken(issuer="lying", subject="the-subject", sid="the-session", jti="1")
    liar.header["typ"] = "logout+jwt"
    assert oidc.check_logout_token(liar.settings(), liar.logout_token(sid=None)).sid is None
    assert oidc.check_logout_token(liar.settings(), liar.logout_token(sub=None)).subject is None


@pytest.mark.parametrize(
    "lie",
    [
        {"events": None},
        {"events": {}},
        {"events": {"http://schemas.openid.net/event/other": {}}},
        {"events": {"http://schemas.openid.net/event/backchannel-logout": True}},
        {"events": ["http://schemas.openid.net/event/backchannel-logout"]},
        {"nonce": "n"},
        {"sub": None, "sid": None},
        {"sub": 5},
        {"sub": None, "sid": ["the-session"]},
        {"aud": "somebody-else"},
        {"aud": [CLIENT_ID, "somebody-else"]},
        {"iss": "https://elsewhere.example"},
        {"jti": None},
        {"iat": None},
        {"iat": 4_000_000_000},
        {"exp": None},
        {"exp": 1_600_000_000},
    ],
    ids=str,
)
def test_a_logout_token_with_one_fault_ends_nothing(liar: LyingIssuer, lie: dict[str, Any]) -> None:
    refused(Reason.TOKEN, lambda: oidc.check_logout_token(liar.settings(), liar.logout_token(**lie)))


def test_a_token_of_another_type_is_no_logout_token(liar: LyingIssuer) -> None:
    liar.header["typ"] = "at+jwt"
    refused(Reason.TOKEN, lambda: oidc.check_logout_token(liar.settings(), liar.logout_token()))


@pytest.mark.parametrize("forgery", list(FORGERIES), ids=str)
def test_a_forged_logout_token_ends_nothing(liar: LyingIssuer, forgery: str) -> None:
    liar.sign = partial(FORGERIES[forgery], liar)
    refused(Reason.TOKEN, lambda: oidc.check_logout_token(liar.settings(), liar.logout_token()))
