"""HTTP Message Signatures (RFC 9421, Ed25519) with Content-Digest (RFC 9530): how a portal proves what it says.

Requests and answers are signed alike. A signature names its key and covers the method, the whole address and the body;
it is good for some minutes, and what is asked of us is good once: `Verified.nonce` is for the caller to remember.
"""

from __future__ import annotations

import re
import secrets
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidSignature as DoesNotMatch
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from http_message_signatures import (
    HTTPMessageSignaturesException,
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    InvalidSignature,
    MappingKeyResolver,
    VerifyResult,
    algorithms,
)

from portal.kernel import clock

TAG = "portal-exchange"
"""Every signature of the exchange carries it, so that one made for something else is never taken for one of these."""
LABEL = "portal"
LIFETIME = timedelta(minutes=5)
"""How long a signature is good."""
SKEW = timedelta(minutes=2)
"""How far apart two portals' clocks may be."""
NONCE = re.compile(r"[A-Za-z0-9_-]{16,64}")
KEY_BYTES = 32
LAST_SECOND = 2**33
"""Of the year 2242: later times are no times, and some can't be counted with."""


class BadSignature(Exception):
    """The message isn't what its sender signed, isn't signed by a key we believe, or is too old. Says which."""


@dataclass(frozen=True)
class SigningKey:
    """A key of this portal's with the id that others know it by."""

    id: str
    private: Ed25519PrivateKey


@dataclass(frozen=True)
class Verified:
    """Who signed a message, and what makes it this message and no other."""

    key_id: str
    nonce: str
    expires_at: datetime
    """From then on it is refused for its age, however the clocks differ."""


@dataclass(frozen=True)
class Asked:
    """What was asked: the method, and the whole address as it was sent."""

    method: str
    url: str


@dataclass
class _Request:
    method: str
    url: str
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, asked: Asked, headers: Mapping[str, str] | None = None) -> _Request:
        return cls(asked.method.upper(), asked.url, {name.lower(): value for name, value in (headers or {}).items()})


@dataclass
class _Answer:
    status_code: int
    request: _Request
    headers: dict[str, str] = field(default_factory=dict)


def sign_request(
    key: SigningKey, asked: Asked, headers: Mapping[str, str], body: bytes | None = None
) -> dict[str, str]:
    """Return the headers with Content-Digest (of a body), Signature-Input and Signature; names in lower case."""
    message = _Request.of(asked, headers)
    return _sign(key, message, ["@method", "@target-uri"], body)


def sign_answer(key: SigningKey, asked: Asked, status: int, headers: Mapping[str, str], body: bytes) -> dict[str, str]:
    """Return the headers of an answer, signed together with what was asked."""
    message = _Answer(status, _Request.of(asked), _lower(headers))
    return _sign(key, message, ["@status", '"@method";req', '"@target-uri";req'], body or None)


def verify_request(keys: Mapping[str, bytes], asked: Asked, headers: Mapping[str, str], body: bytes) -> Verified:
    """Say who signed a request; `keys`: the 32 bytes of each key that is believed, by id. Raises BadSignature."""
    message = _Request.of(asked, headers)
    return _verify(keys, message, ["@method", "@target-uri"], body)


def verify_answer(
    keys: Mapping[str, bytes], asked: Asked, status: int, headers: Mapping[str, str], body: bytes
) -> Verified:
    """Say who signed the answer to a request that we sent. Raises BadSignature."""
    message = _Answer(status, _Request.of(asked), _lower(headers))
    return _verify(keys, message, ["@status", '"@method";req', '"@target-uri";req'], body)


def public_bytes(text: str) -> bytes:
    """Return the 32 bytes of a public key written in base64. Raises ValueError when it is no such key."""
    raw = b64decode(text, validate=True)
    if len(raw) != KEY_BYTES:
        raise ValueError(f"An Ed25519 key has {KEY_BYTES} bytes, not {len(raw)}.")
    Ed25519PublicKey.from_public_bytes(raw)
    return raw


def public_text(private: Ed25519PrivateKey) -> str:
    """Return the public part of a key in base64."""
    return b64encode(private.public_key().public_bytes_raw()).decode()


def endorse(key: SigningKey, statement: bytes) -> str:
    """Return one key's signature over what vouches for another, in base64."""
    return b64encode(key.private.sign(statement)).decode()


def is_endorsed(public_key: bytes, endorsement: str, statement: bytes) -> bool:
    """Say whether an endorsement is by this key, over this statement."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(b64decode(endorsement, validate=True), statement)
    except (DoesNotMatch, ValueError):  # by another key or of something else; or no base64 at all
        return False
    return True


def _sign(key: SigningKey, message: _Request | _Answer, covered: Sequence[str], body: bytes | None) -> dict[str, str]:
    signer = HTTPMessageSigner(
        signature_algorithm=algorithms.ED25519,
        key_resolver=MappingKeyResolver(public_keys={}, private_keys={key.id: key.private}),
    )
    now = clock.now()
    also = [name for name in ("content-type", "etag") if name in message.headers]
    signer.sign(
        message,
        key_id=key.id,
        created=now,
        expires=now + LIFETIME,
        nonce=secrets.token_urlsafe(16),
        label=LABEL,
        tag=TAG,
        covered_component_ids=(*covered, *also),
        body=body,
    )
    return {name.lower(): value for name, value in message.headers.items()}


def _verify(keys: Mapping[str, bytes], message: _Request | _Answer, covered: Sequence[str], body: bytes) -> Verified:
    verifier = _Verifier(
        signature_algorithm=algorithms.ED25519,
        key_resolver=_Believed(keys),
    )
    if body:
        covered = (*covered, "content-type", "content-digest")
    try:
        found = verifier.verify(message, max_age=None, expect_tag=TAG, require_components=covered, body=body)
    except HTTPMessageSignaturesException as error:
        raise BadSignature(str(error)[:200] or "The message isn't what was signed, or not with this key.") from error
    except (ValueError, TypeError, LookupError, RecursionError) as error:  # headers that can't be read
        raise BadSignature("The signature can't be read.") from error
    if len(found) != 1:
        raise BadSignature("There is not exactly one signature.")
    return _verified(found[0])


def _verified(result: VerifyResult) -> Verified:
    nonce = result.nonce or ""
    if not NONCE.fullmatch(nonce):
        raise BadSignature("The nonce has to be 16 to 64 letters, digits, - and _.")
    expires = datetime.fromtimestamp(int(result.parameters["expires"]), tz=UTC)
    return Verified(str(result.parameters["keyid"]), nonce, expires + SKEW)


class _Believed(HTTPSignatureKeyResolver):
    """The keys one believes, read when one is named."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        self._keys = keys

    def resolve_public_key(self, key_id: str) -> Ed25519PublicKey | None:
        raw = self._keys.get(key_id)
        return Ed25519PublicKey.from_public_bytes(raw) if raw is not None else None


class _Verifier(HTTPMessageVerifier):
    """As the library's, with our clock and stricter about time: both times must be there, and near each other."""

    def validate_created_and_expires(self, sig_input: Any, max_age: timedelta | None = None) -> None:
        created, expires = (self._moment(sig_input.params, name) for name in ("created", "expires"))
        now = clock.now()
        if created > now + SKEW:
            raise InvalidSignature("The signature is from the future.")
        if expires + SKEW <= now:
            raise InvalidSignature("The signature is too old.")
        if not timedelta(0) < expires - created <= LIFETIME:
            raise InvalidSignature(f"A signature is good for at most {LIFETIME.seconds} seconds.")

    def _moment(self, params: Mapping[str, Any], name: str) -> datetime:
        said = params.get(name)
        if type(said) is not int or not 0 <= said < LAST_SECOND:
            raise InvalidSignature(f"The signature doesn't say its time: {name}.")
        return datetime.fromtimestamp(said, tz=UTC)


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}
