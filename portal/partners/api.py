"""The exchange between portals: what this one is, what has changed, and telling it who takes its solutions in use."""

from __future__ import annotations

import logging
import re
from typing import Any

import msgspec
from flask import Blueprint, Response, current_app, request

from portal import config
from portal.kernel import asking, clock
from portal.kernel.access import fresh, public
from portal.kernel.errors import Conflict, DomainError, Invalid
from portal.kernel.extensions import csrf
from portal.kernel.i18n import _l
from portal.kernel.identity import SYSTEM
from portal.kernel.openapi import describe
from portal.partners import keys, signing
from portal.partners.actions.keys import ensure_key
from portal.partners.actions.receiving import Replayed, receive_adoption, refuse_message
from portal.partners.incoming import ITEM_BYTES, Reason, Refused, Sender, identify, read_adoption
from portal.partners.queries import exchange, trust
from portal.partners.queries.partners import find_partner
from portal.partners.signing import Asked, BadSignature, SigningKey, Verified
from portal.partners.wire import PortalItem, Received, SolutionFeed

log = logging.getLogger(__name__)

bp = Blueprint("exchange_api", __name__, url_prefix=exchange.PREFIX)

PLAIN_QUERY = re.compile(rb"(?:[A-Za-z0-9._~=&+-]|%[0-9A-Fa-f]{2}){0,500}")
"""What can be signed as part of an address, and all that our parameters need."""

KEY_ID = re.compile(r';keyid="([^"\\]{1,300})"')


class NotProven(DomainError):
    """Nobody we know has signed this."""

    status = 401


@bp.get("/")
@public
@fresh
@describe("What this portal is, and the keys it signs with", PortalItem)
def portal() -> Response:
    """Answer with what other portals must know of this one."""
    _signing_key()  # so that the first answer tells of it
    return _signed(exchange.description())


@bp.get("/solutions")
@public
@fresh
@describe(
    "The municipality's own solutions, and those taken away, in the order they changed",
    SolutionFeed,
    *asking.PAGING,
    gone="The list has begun anew since the cursor was given: read it from the beginning.",
)
def solutions() -> Response:
    """Answer with what changed after a cursor; 304 when that is nothing since the ETag was given."""
    limit, end = asking.limit(), exchange.head()
    begin = exchange.place(request.args.get("cursor"), end)
    etag = f"{end}.{current_app.config['PORTAL_BUILD']}"
    if request.if_none_match.contains_weak(etag):
        return _signed(None, status=304, etag=etag)
    return _signed(exchange.solutions(begin, limit), etag=etag)


@bp.post("/adoptions")
@public
def adoptions() -> Response:
    """Take in who takes a solution of ours in use. The signature is the door: see docs/exchange.md."""
    request.max_content_length = ITEM_BYTES
    body = request.get_data()
    partner_id, proof = _prove(body)
    try:
        partner = find_partner(partner_id)
        sender = Sender(partner.base_url, partner.municipality_number)
        item = read_adoption(body, sender, config.current().base_url, clock.now())
        return _signed(receive_adoption(SYSTEM, partner_id, proof, item) or Received(id=item.id, url=item.solution))
    except Refused as error:
        refuse_message(SYSTEM, partner_id, identify(body), error.reason, error.detail)
        raise Invalid(error.reason.value, str(error)) from error
    except (Conflict, Invalid) as error:
        reason = Reason.REPLAYED if isinstance(error, Replayed) else Reason.UNKNOWN
        refuse_message(SYSTEM, partner_id, identify(body), reason, str(error.message)[:200])
        raise


csrf.exempt(adoptions)  # the caller is a machine, and proves itself by its signature


def _signing_key() -> SigningKey:
    """Return the key to sign with; the first is made when it is needed."""
    return keys.read((exchange.signing_key() or ensure_key(SYSTEM)).name)


def _prove(body: bytes) -> tuple[int, Verified]:
    """Return which partner has signed the request. Raises NotProven."""
    signers = trust.signers()
    try:
        proof = signing.verify_request(
            {id_: public_key for id_, (_partner, public_key) in signers.items()}, _asked(), dict(request.headers), body
        )
    except BadSignature as error:
        log.warning("A message to the exchange is not signed as it should be: %s", error)
        claimed = KEY_ID.search(request.headers.get("Signature-Input", ""))
        if claimed and claimed[1] in signers:
            refuse_message(SYSTEM, signers[claimed[1]][0], "", Reason.SIGNATURE, str(error))
        raise NotProven(_l("Meldingen er ikke skrevet under av en partner vi kjenner.")) from error
    return signers[proof.key_id][0], proof


def _signed(content: object | None, *, status: int = 200, etag: str = "") -> Response:
    """Answer so that the reader can tell that it is ours, and to what."""
    body = b"" if content is None else msgspec.json.encode(content)
    headers = {"content-type": "application/json"} if body else {}
    if etag:
        headers["etag"] = f'"{etag}"'
    signed = signing.sign_answer(_signing_key(), _asked(), status, headers, body)
    response = current_app.response_class(body, status=status, headers=signed)
    if not body:
        response.headers.pop("Content-Type", None)
    response.headers["Cache-Control"] = "private, no-cache"  # a signature grows old: each reader gets its own
    return response


def _asked() -> Asked:
    """Return what was asked for at our address, whatever name of ours the sender used. Raises Invalid."""
    query: Any = request.query_string
    if not PLAIN_QUERY.fullmatch(query):
        raise Invalid("cursor", _l("Adressen inneholder tegn den ikke kan ha."))
    after = f"?{query.decode('ascii')}" if query else ""
    return Asked(request.method, f"{config.current().base_url}{request.path}{after}")
