"""Sign-in at an OpenID provider: what we ask for, and all that must hold before its answer is believed.

Code flow with PKCE (S256), state and nonce (OpenID Connect Core 1.0, RFC 7636), the sender's name in the answer
(RFC 9207), sign-out from here (RP-Initiated Logout 1.0) and from there (Back-Channel Logout 1.0).
What differs between issuers:

**ID-porten** (https://docs.digdir.no/docs/idporten/oidc/oidc_protocol_id_token): issuer `https://idporten.no`, for
tests `https://test.idporten.no`. `sub` is pairwise. `acr` is `idporten-loa-low`, `-substantial` or `-high`, and another
still for somebody with nothing but an e-mail address, so the accepted levels must be listed. The ID token gives `sid`
and carries `pid`, the national identity number, which is never read here; no name, e-mail or groups. `code_verifier`
and `client_id` are required at `/token`. Back-channel logout (…/oidc_func_backchannel_logout) is tried once.

**Ansattporten** (https://docs.digdir.no/docs/ansattporten/ansattporten_protocol.html): the same protocol, addresses of
its own; `acr_values` are `substantial` (which includes high), `high` and `entraid`.

**Entra ID** (https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference): issuer
`https://login.microsoftonline.com/<tenant>/v2.0`; the shared addresses `common` and `organizations` name another issuer
in their metadata and are refused. `sub` is pairwise, there is no `acr`, and `email` is not confirmed by anybody, so it
isn't used. `groups` holds object ids, and is replaced by `_claim_names` for a person with more than 200: let the
registration send only groups assigned to the application, or use application roles (`GROUPS_CLAIM=roles`).
Back-channel logout is unknown to it.
"""

from __future__ import annotations

import hmac
import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import quote, urlsplit

from authlib.common.urls import add_params_to_uri
from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.claims import JWTClaims
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from authlib.oidc.discovery import get_well_known_url
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from portal.config import OidcIssuer
from portal.kernel import clock, outgoing
from portal.kernel.errors import DomainError
from portal.kernel.i18n import _l

logger = logging.getLogger(__name__)

ALGORITHMS = ("RS256", "PS256", "ES256")
"""Signatures by a private key only: `none`, and HS256 with our own secret as its key, must never pass."""

LEEWAY_SECONDS = 60
TIMEOUT_SECONDS = 5.0
MAX_BYTES = 500_000

KEEP = timedelta(hours=1)
"""How long metadata and keys are good."""
ASK_AGAIN = timedelta(minutes=1)
"""An unknown key makes us fetch the keys anew, but not more often than this: anybody can send a token with one."""
PAUSE = timedelta(seconds=10)
"""An issuer that just failed isn't asked again yet, so that one that hangs doesn't hold every thread of the server."""

LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"


class Reason(StrEnum):
    """Why a sign-in stopped: for the log, the tests and the choice of words."""

    CANCELLED = "cancelled"
    REFUSED = "refused"
    STATE = "state"
    UNAVAILABLE = "unavailable"
    TOKEN = "token"  # noqa: S105 - not a secret
    LEVEL = "level"
    GROUPS = "groups"


MESSAGES = {
    Reason.CANCELLED: _l("Du avbrøt innloggingen, og er ikke logget inn."),
    Reason.REFUSED: _l("Innloggingstjenesten slapp deg ikke inn. Prøv igjen, eller logg inn på en annen måte."),
    Reason.STATE: _l("Innloggingen ble startet i et annet vindu, eller for lenge siden. Start på nytt herfra."),
    Reason.UNAVAILABLE: _l("Innloggingstjenesten svarer ikke akkurat nå. Prøv igjen om litt."),
    Reason.TOKEN: _l("Vi kan ikke stole på svaret fra innloggingstjenesten, så du er ikke logget inn. Prøv igjen."),
    Reason.LEVEL: _l("Her må du logge inn på et høyere sikkerhetsnivå. Prøv igjen, og velg for eksempel BankID."),
    Reason.GROUPS: _l(
        "Kontoen din er med i så mange grupper at vi ikke fikk se dem. "
        "Be den som styrer kontoene hos dere om å sende oss bare gruppene som gjelder portalen."
    ),
}


class SignInFailed(DomainError):
    """Nobody is let in. `message` is for the person, `reason` for the code, `detail` for whoever runs the portal."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(MESSAGES[reason])
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, kw_only=True)
class FlowState:
    """What must be remembered, in this browser's session only, until the person comes back."""

    issuer: str
    state: str
    nonce: str
    code_verifier: str
    next: str


@dataclass(frozen=True, kw_only=True)
class Identity:
    """Who somebody is according to an issuer."""

    issuer: str
    """The issuer's name in our settings."""
    subject: str
    name: str | None
    email: str | None
    """Only when the issuer says that it is confirmed."""
    acr: str | None
    groups: tuple[str, ...]
    sid: str | None
    id_token: str | None
    """Hint for signing out there; None when it carries a national identity number, which must not be kept anywhere."""


@dataclass(frozen=True, kw_only=True)
class LogoutToken:
    """A session that has ended at the issuer: that of `sid`, or all of the subject's when there is no `sid`."""

    issuer: str
    subject: str | None
    sid: str | None
    jti: str


def begin(
    issuer: OidcIssuer, redirect_uri: str, *, ui_locales: str = "nb", next_path: str = "/"
) -> tuple[str, FlowState]:
    """Return the address to send the browser to, and what to remember until it is back. Raises SignInFailed."""
    flow = FlowState(
        issuer=issuer.name,
        state=secrets.token_urlsafe(32),
        nonce=secrets.token_urlsafe(32),
        code_verifier=secrets.token_urlsafe(48),
        next=next_path,
    )
    url: str = prepare_grant_uri(
        _metadata(issuer)["authorization_endpoint"],
        client_id=issuer.client_id,
        response_type="code",
        redirect_uri=redirect_uri,
        scope=list(issuer.scopes),
        state=flow.state,
        nonce=flow.nonce,
        code_challenge=create_s256_code_challenge(flow.code_verifier),
        code_challenge_method="S256",
        acr_values=issuer.acr_values or next(iter(issuer.acr), None),
        ui_locales=ui_locales,
    )
    return url, flow


def finish(issuer: OidcIssuer, flow: FlowState, callback: Mapping[str, str], redirect_uri: str) -> Identity:
    """Return who came back, when everything about the answer holds.

    `flow` is what `begin` gave and must be used once; `callback` is the query of the address the browser came back to.
    Raises SignInFailed, and then nobody may be signed in.
    """
    code = _code(issuer, flow, callback)
    tokens = _tokens(issuer, flow, code, redirect_uri)
    token = tokens.get("id_token")
    if not isinstance(token, str):
        raise _failed(issuer, Reason.TOKEN, "there is no ID token in the answer")
    claims = _id_token_claims(issuer, token, flow.nonce, tokens.get("access_token"))
    if issuer.acr and claims.get("acr") not in issuer.acr:
        raise _failed(issuer, Reason.LEVEL, f"the level is {_short(claims.get('acr'))}")
    return Identity(
        issuer=issuer.name,
        subject=claims["sub"],
        name=_text(claims.get("name")),
        email=_text(claims.get("email")) if claims.get("email_verified") is True else None,
        acr=_text(claims.get("acr")),
        groups=_groups(issuer, claims),
        sid=_text(claims.get("sid")),
        id_token=None if "pid" in claims else token,
    )


def logout_url(
    issuer: OidcIssuer, *, id_token_hint: str | None, post_logout_redirect_uri: str, state: str | None = None
) -> str | None:
    """Return where to send the browser to sign out at the issuer too; None when it can't be done there.

    Signing out here must not fail because the issuer is away, so this raises nothing.
    """
    if not issuer.end_session:
        return None
    try:
        endpoint = _metadata(issuer).get("end_session_endpoint")
    except SignInFailed:
        return None
    if not _trusted_address(issuer, endpoint):
        return None
    given = {
        "client_id": issuer.client_id,
        "id_token_hint": id_token_hint,
        "post_logout_redirect_uri": post_logout_redirect_uri,
        "state": state,
    }
    url: str = add_params_to_uri(endpoint, [(name, value) for name, value in given.items() if value])
    return url


def check_logout_token(issuer: OidcIssuer, token: str) -> LogoutToken:
    """Return whose session has ended, when the token is one that Back-Channel Logout 1.0, section 2.6, lets us believe.

    Raises SignInFailed, to be answered with status 400. The same token sent twice ends nothing more than once.
    """
    signed = _signed(issuer, token)
    claims = JWTClaims(signed.claims, signed.header, options=_options(issuer, "iss", "aud", "iat", "exp", "jti"))
    _validate(issuer, claims)
    problem = _logout_problem(signed)
    if problem:
        raise _failed(issuer, Reason.TOKEN, f"the logout token {problem}")
    return LogoutToken(
        issuer=issuer.name, subject=claims.get("sub") or None, sid=_text(claims.get("sid")), jti=claims["jti"]
    )


def _logout_problem(token: jwt.Token) -> str | None:
    events = token.claims.get("events")
    if str(token.header.get("typ", "JWT")).lower().removeprefix("application/") not in {"jwt", "logout+jwt"}:
        return "is of another type"
    if not isinstance(events, dict) or not isinstance(events.get(LOGOUT_EVENT), dict):
        return "tells of no logout"
    if "nonce" in token.claims:
        return "has a nonce, as only an ID token may"
    if not (_text(token.claims.get("sub")) or _text(token.claims.get("sid"))):
        return "names neither session nor subject"
    return None


def _code(issuer: OidcIssuer, flow: FlowState, callback: Mapping[str, str]) -> str:
    """Check what came through the browser: our state first, for until then anybody may have made it up."""
    if flow.issuer != issuer.name or not hmac.compare_digest(callback.get("state", "").encode(), flow.state.encode()):
        raise _failed(issuer, Reason.STATE, "the state is not the one we gave")
    sender = callback.get("iss")
    if sender != issuer.issuer and (
        sender or _metadata(issuer).get("authorization_response_iss_parameter_supported") is True
    ):
        raise _failed(issuer, Reason.STATE, f"the answer says it is from {_short(sender)}")
    if "error" in callback:
        reason = Reason.CANCELLED if callback["error"] == "access_denied" else Reason.REFUSED
        raise _failed(issuer, reason, f"the answer was {_short(callback['error'])}")
    if not callback.get("code"):
        raise _failed(issuer, Reason.REFUSED, "there is neither code nor error in the answer")
    return callback["code"]


def _tokens(issuer: OidcIssuer, flow: FlowState, code: str, redirect_uri: str) -> dict[str, Any]:
    """Exchange the code. Name and secret are form-encoded inside the Basic header, as RFC 6749, section 2.3.1, says."""
    body = prepare_token_request(
        "authorization_code",
        code=code,
        redirect_uri=redirect_uri,
        code_verifier=flow.code_verifier,
        client_id=issuer.client_id,
    )
    form = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
    basic = ClientAuth(quote(issuer.client_id, safe=""), quote(issuer.client_secret, safe=""), "client_secret_basic")
    address, headers, body = basic.prepare("POST", _metadata(issuer)["token_endpoint"], form, body)
    status, answer = _ask(issuer, "POST", address, headers=headers, content=body.encode())
    if status != 200:
        raise _failed(issuer, Reason.REFUSED, f"the code gave {status}, {_short(answer.get('error'))}")
    return answer


def _id_token_claims(issuer: OidcIssuer, token: str, nonce: str, access_token: object) -> Mapping[str, Any]:
    signed = _signed(issuer, token)
    claims = CodeIDToken(
        signed.claims,
        signed.header,
        options=_options(issuer, "iss", "aud", "sub"),
        params={"nonce": nonce, "client_id": issuer.client_id, "access_token": access_token},
    )
    _validate(issuer, claims)
    return dict(claims)


def _options(issuer: OidcIssuer, *needed: str) -> dict[str, Any]:
    values = {"iss": issuer.issuer, "aud": issuer.client_id}
    return {name: {"essential": True, "value": values.get(name)} for name in needed}


def _validate(issuer: OidcIssuer, claims: Any) -> None:
    try:
        claims.validate(now=_seconds(), leeway=LEEWAY_SECONDS)
    except (JoseError, ValueError, TypeError, AttributeError) as error:  # the last three: claims of wrong types
        raise _failed(issuer, Reason.TOKEN, str(error)) from error
    if claims["aud"] not in (issuer.client_id, [issuer.client_id]):
        raise _failed(issuer, Reason.TOKEN, "the token is for others too")


def _signed(issuer: OidcIssuer, token: str) -> jwt.Token:
    """Return header and claims of a token that one of the issuer's keys has signed."""
    registry = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
    for keep in (KEEP, ASK_AGAIN):
        keys = _keys(issuer, keep)
        try:
            return jwt.decode(token, keys, registry=registry)
        except InvalidKeyIdError:
            continue  # the issuer may have changed keys since we looked
        except (JoseError, ValueError, TypeError) as error:
            raise _failed(issuer, Reason.TOKEN, str(error)) from error
    raise _failed(issuer, Reason.TOKEN, "the token is signed by a key that is not the issuer's")


def _keys(issuer: OidcIssuer, keep: timedelta) -> KeySet:
    listed = _document(issuer, _metadata(issuer)["jwks_uri"], keep=keep).get("keys")
    try:
        return KeySet.import_key_set({"keys": [key for key in listed or () if key["kty"] in {"RSA", "EC"}]})
    except (JoseError, LookupError, TypeError, ValueError) as error:
        raise _failed(issuer, Reason.UNAVAILABLE, f"its keys can't be read: {error}") from error


def _metadata(issuer: OidcIssuer) -> dict[str, Any]:
    """Return what the issuer says of itself (Discovery 1.0), when it is the one we mean and its addresses are safe."""
    found = _document(issuer, get_well_known_url(issuer.issuer, external=True), keep=KEEP)
    if found.get("issuer") != issuer.issuer:
        raise _failed(issuer, Reason.UNAVAILABLE, f"its metadata are those of {_short(found.get('issuer'))}")
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        if not _trusted_address(issuer, found.get(name)):
            raise _failed(issuer, Reason.UNAVAILABLE, f"its {name} is {_short(found.get(name))}")
    return found


def _trusted_address(issuer: OidcIssuer, address: object) -> bool:
    """Secrets go by https; only an issuer that is itself given with http (the demo's, on this machine) may use it."""
    return isinstance(address, str) and address.startswith(("https://", f"{urlsplit(issuer.issuer).scheme}://"))


_kept: dict[str, tuple[datetime, dict[str, Any]]] = {}
_failures: dict[str, datetime] = {}


def _document(issuer: OidcIssuer, address: str, *, keep: timedelta) -> dict[str, Any]:
    """Return a document of the issuer, kept in this process for a while."""
    now = clock.now()
    if address in _kept and now - _kept[address][0] < keep:
        return _kept[address][1]
    if address in _failures and now - _failures[address] < PAUSE:
        raise _failed(issuer, Reason.UNAVAILABLE, "it failed a moment ago and is not asked again yet")
    try:
        status, content = _ask(issuer, "GET", address, headers={"Accept": "application/json"})
        if status != 200:
            raise _failed(issuer, Reason.UNAVAILABLE, f"{address} gave status {status}")
    except SignInFailed:
        _failures[address] = clock.now()
        raise
    _kept[address] = (now, content)
    return content


def _ask(issuer: OidcIssuer, method: str, address: str, **given: Any) -> tuple[int, dict[str, Any]]:
    """Send one request; the host of the issuer's address is allowed, others only by PORTAL_OUTGOING_ALLOW."""
    try:
        answer = outgoing.request(
            method,
            address,
            timeout=TIMEOUT_SECONDS,
            max_bytes=MAX_BYTES,
            allow=[urlsplit(issuer.issuer).netloc],
            **given,
        )
        content = answer.json()
    except outgoing.OutgoingError as error:
        raise _failed(issuer, Reason.UNAVAILABLE, str(error)) from error
    if answer.status >= 500 or not isinstance(content, dict):
        raise _failed(issuer, Reason.UNAVAILABLE, f"{address} gave no JSON object, or status {answer.status}")
    return answer.status, content


def _groups(issuer: OidcIssuer, claims: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the groups; fail when they were left out for being too many, or the person would lose roles by it."""
    listed = claims.get(issuer.groups_claim)
    elsewhere = claims.get("_claim_names")
    if listed is None and isinstance(elsewhere, dict) and issuer.groups_claim in elsewhere:
        raise _failed(issuer, Reason.GROUPS, "the groups were too many for the token")
    return tuple(group for group in listed if isinstance(group, str)) if isinstance(listed, list) else ()


def _text(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _short(value: object) -> str:
    return repr(value)[:80]


def _seconds() -> int:
    return int(clock.now().timestamp())


def _failed(issuer: OidcIssuer, reason: Reason, detail: str) -> SignInFailed:
    """Log what went wrong, without tokens, codes or names, and return what to raise."""
    logger.warning("sign-in at %s: %s: %s", issuer.name, reason, detail)
    return SignInFailed(reason, detail)
