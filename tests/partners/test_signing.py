"""Signatures of the exchange: what they cover, how long they last, and that nothing else is taken for one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal.kernel import clock
from portal.partners import signing
from portal.partners.signing import (
    LIFETIME,
    SKEW,
    Asked,
    BadSignature,
    SigningKey,
    endorse,
    is_endorsed,
    public_bytes,
    public_text,
    sign_answer,
    sign_request,
    verify_answer,
    verify_request,
)
from portal.partners.wire import endorsed

KEY = SigningKey("https://baerum.example/api/v1/exchange/#first", Ed25519PrivateKey.generate())
KEYS = {KEY.id: KEY.private.public_key().public_bytes_raw()}
POST = Asked("POST", "https://asker.example/api/v1/exchange/adoptions")
GET = Asked("GET", "https://asker.example/api/v1/exchange/solutions?cursor=ab.3")
BODY = b'{"id": 1}'
JSON = {"Content-Type": "application/json"}


def signed() -> dict[str, str]:
    return sign_request(KEY, POST, JSON, BODY)


def test_what_was_signed_is_believed_and_has_a_nonce_of_its_own() -> None:
    first, second = (verify_request(KEYS, POST, signed(), BODY) for _ in range(2))
    assert first.key_id == second.key_id == KEY.id
    assert first.nonce != second.nonce
    assert signing.NONCE.fullmatch(first.nonce)


@pytest.mark.parametrize(
    "changed",
    [
        {"asked": replace(POST, url="https://oslo.example/api/v1/exchange/adoptions")},
        {"asked": replace(POST, url=POST.url + "?x=1")},
        {"asked": replace(POST, method="PUT")},
        {"body": b'{"id": 2}'},
        {"body": b""},
        {"keys": {}},
        {"keys": {KEY.id: Ed25519PrivateKey.generate().public_key().public_bytes_raw()}},
        {"headers": {}},
    ],
)
def test_a_request_that_differs_from_what_was_signed_is_not_believed(changed: dict[str, object]) -> None:
    whole = {"keys": KEYS, "asked": POST, "headers": signed(), "body": BODY} | changed
    with pytest.raises(BadSignature):
        verify_request(**whole)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["content-type", "content-digest", "signature", "signature-input"])
def test_a_header_that_is_signed_can_neither_be_changed_nor_left_out(name: str) -> None:
    whole = signed()
    for headers in ({**whole, name: whole[name] + "x"}, {key: value for key, value in whole.items() if key != name}):
        with pytest.raises(BadSignature):
            verify_request(KEYS, POST, headers, BODY)


def test_a_body_needs_a_digest_that_is_signed() -> None:
    without = sign_request(KEY, POST, JSON)
    with pytest.raises(BadSignature, match="content-digest"):
        verify_request(KEYS, POST, without, BODY)


def test_an_answer_is_bound_to_what_was_asked() -> None:
    headers = sign_answer(KEY, GET, 200, {**JSON, "ETag": '"a"'}, BODY)
    assert verify_answer(KEYS, GET, 200, headers, BODY).key_id == KEY.id
    for changed in (
        (replace(GET, url=GET.url.replace("3", "4")), 200, headers, BODY),
        (GET, 404, headers, BODY),
        (GET, 200, headers | {"etag": '"b"'}, BODY),
        (GET, 200, headers, BODY + b" "),
    ):
        with pytest.raises(BadSignature):
            verify_answer(KEYS, *changed)


def test_an_answer_without_a_body_can_be_signed_too() -> None:
    headers = sign_answer(KEY, GET, 304, {"ETag": '"a"'}, b"")
    assert verify_answer(KEYS, GET, 304, headers, b"").key_id == KEY.id


@pytest.mark.parametrize(
    ("later", "believed"),
    [
        (timedelta(0), True),
        (LIFETIME, True),
        (LIFETIME + SKEW - timedelta(seconds=2), True),
        (LIFETIME + SKEW + timedelta(seconds=2), False),
        (-SKEW + timedelta(seconds=2), True),
        (-SKEW - timedelta(seconds=2), False),
    ],
)
def test_a_signature_is_good_for_some_minutes(app: Flask, later: timedelta, believed: bool) -> None:
    headers = signed()
    with clock.moved(by=later):
        if believed:
            assert verify_request(KEYS, POST, headers, BODY).expires_at > clock.now()
        else:
            with pytest.raises(BadSignature):
                verify_request(KEYS, POST, headers, BODY)


def test_the_nonce_is_remembered_until_the_message_is_refused_for_its_age(app: Flask) -> None:
    headers = signed()
    until = verify_request(KEYS, POST, headers, BODY).expires_at
    with clock.moved(by=until - clock.now()), pytest.raises(BadSignature, match="too old"):
        verify_request(KEYS, POST, headers, BODY)


@pytest.mark.parametrize(
    ("given_", "why"),
    [
        ({"tag": "something-else"}, "tag"),
        ({"tag": None}, "tag"),
        ({"nonce": None}, "nonce"),
        ({"nonce": "short"}, "nonce"),
        ({"nonce": "x" * 65}, "nonce"),
        ({"expires": None}, "expires"),
        ({"lifetime": LIFETIME + timedelta(seconds=5)}, "at most"),
        ({"lifetime": timedelta(seconds=-10)}, "at most"),
        ({"covered": ("@method",)}, "target-uri"),
        ({"covered": ("@target-uri",)}, "method"),
    ],
)
def test_a_signature_made_in_another_way_is_not_believed(given_: dict[str, object], why: str) -> None:
    from http_message_signatures import HTTPMessageSigner, MappingKeyResolver, algorithms

    resolver = MappingKeyResolver(public_keys={}, private_keys={KEY.id: KEY.private})
    signer = HTTPMessageSigner(signature_algorithm=algorithms.ED25519, key_resolver=resolver)
    message = signing._Request.of(POST, JSON)
    now = clock.now()
    options: dict[str, object] = {"tag": signing.TAG, "nonce": "n" * 20, "covered": ("@method", "@target-uri")}
    options |= given_
    expires = None if "expires" in given_ else now + options.pop("lifetime", LIFETIME)  # type: ignore[operator]
    options.pop("expires", None)
    covered = (*options.pop("covered"), "content-type")  # type: ignore[misc]
    signer.sign(
        message,
        key_id=KEY.id,
        created=now,
        expires=expires,
        covered_component_ids=covered,
        body=BODY,
        **options,  # type: ignore[arg-type]
    )
    with pytest.raises(BadSignature, match=why):
        verify_request(KEYS, POST, message.headers, BODY)


header_text = st.text(st.characters(min_codepoint=1, max_codepoint=255), max_size=80)


@given(header_text, header_text, header_text)
def test_headers_of_any_kind_are_refused_in_order(given_input: str, signature: str, digest: str) -> None:
    headers = {"Signature-Input": given_input, "Signature": signature, "Content-Digest": digest, **JSON}
    with pytest.raises(BadSignature):
        verify_request(KEYS, POST, headers, BODY)


@pytest.mark.parametrize(
    "text", ["", "x", "AAAA", public_text(KEY.private)[:-4], "æ" * 44], ids=["none", "short", "few", "cut", "letters"]
)
def test_what_is_no_key_is_said_to_be_none(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - base64 and our own check say it each in its way
        public_bytes(text)


def test_an_endorsement_is_of_one_key_by_one_key() -> None:
    statement = endorsed(
        "https://baerum.example/api/v1/exchange/#second", public_text(KEY.private), "2026-01-01T00:00:00Z"
    )
    vouched = endorse(KEY, statement)
    assert is_endorsed(KEYS[KEY.id], vouched, statement)
    assert not is_endorsed(KEYS[KEY.id], vouched, statement + b" ")
    assert not is_endorsed(Ed25519PrivateKey.generate().public_key().public_bytes_raw(), vouched, statement)
    assert not is_endorsed(KEYS[KEY.id], "not base64", statement)
