"""Reading what partners have to tell, again and again: their keys, their feed and their published rounds."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from portal.kernel import clock
from portal.kernel.errors import DomainError
from portal.kernel.identity import SYSTEM
from portal.kernel.outgoing import OutgoingError, OutgoingFailed
from portal.partners import comparison, fetching
from portal.partners.actions import comparing, importing, trust
from portal.partners.incoming import Refused
from portal.partners.models.partners import Partner
from portal.partners.queries.syncing import due_partners, kept_rounds
from portal.partners.queries.trust import believed_keys

SECONDS = 120.0
"""How long one partner is read at a time; what is left is read the next time."""
ALL_SECONDS = 900.0
"""How long all of them are: well within a job's lease."""
MOST_SET_ASIDE = 500
"""How many items may be nonsense before a partner is left alone for now: its log is for people to read."""
ROUNDS = "/api/v1/rounds"
RESULTS = "/api/v1/results"
ROUNDS_KEPT = 3


@dataclass(frozen=True)
class Outcome:
    """What came of asking a partner."""

    partner_id: int
    came: Mapping[str, int] = field(default_factory=dict)
    """How many items were made, changed, gone, same and set aside."""
    error: str = ""
    """Why it did not go as it should; empty when it did."""


def sync_all() -> Sequence[Outcome]:
    """Ask every partner that is due; one that lies or hangs holds up no other for long. The worker calls it."""
    end = time.monotonic() + ALL_SECONDS
    return [sync(partner_id) for partner_id in due_partners() if time.monotonic() < end]


def sync(partner_id: int) -> Outcome:
    """Ask one partner: its keys, what changed in its feed, and what it has published. What fails, is in its log."""
    partner = importing.try_partner(SYSTEM, partner_id)
    if partner is None:
        return Outcome(partner_id, error="suspended")
    came: Counter[str] = Counter()
    etag, reason, code = None, "", ""
    try:
        _learn_keys(partner)
        etag = _read_feed(partner, came)
        _compare(partner)
    except (OutgoingError, Refused, DomainError) as error:
        reason = str(error)[:500] or type(error).__name__
        code = f"{error.code}: " if isinstance(error, OutgoingError) else ""
    importing.end_sync(SYSTEM, partner_id, came, etag=etag, error=code + reason)
    return Outcome(partner_id, came, reason)


def _learn_keys(partner: Partner) -> None:
    told = fetching.portal(partner.base_url, believed_keys(partner.id))
    if told.item.municipality_number != partner.municipality_number:
        raise OutgoingFailed(
            f"It says that it belongs to municipality {told.item.municipality_number[:20]!r}.", code="another"
        )
    trust.learn_keys(SYSTEM, partner.id, told.item, proven=told.proven)


def _read_feed(partner: Partner, came: Counter[str]) -> str | None:
    """Take in what is new, page by page; return the ETag of the feed's end, None when it wasn't reached."""
    keys = believed_keys(partner.id)
    cursor, etag, anew = partner.cursor, partner.etag, False
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        try:
            fetched = fetching.feed(partner.base_url, keys, cursor, etag)
        except fetching.Gone:
            if anew:
                raise
            importing.begin_anew(SYSTEM, partner.id)
            cursor, etag, anew = "", "", True
            continue
        page = fetched.page
        if page is None or not page.items:
            return fetched.etag
        after = page.next or page.cursor
        if after in {"", cursor}:
            raise OutgoingFailed("Its feed doesn't move on.", code="garbled")
        taken = importing.take_in(SYSTEM, partner.id, page, begun_at=cursor)
        if taken is None:  # suspended, or somebody else is reading
            return None
        came.update(taken)
        if came[importing.SET_ASIDE] > MOST_SET_ASIDE:
            raise OutgoingFailed(
                f"More than {MOST_SET_ASIDE} items of its feed could not be taken in.", code="nonsense"
            )
        cursor, etag = after, ""
    return None


def _compare(partner: Partner) -> None:
    """Keep the partner's newest published round of each kind that could be compared with ours."""
    answer = fetching.whole(fetching.ask("GET", partner.base_url, ROUNDS, max_bytes=comparison.ROUNDS_BYTES))
    newest: dict[tuple[str, str], comparison.RoundFigures] = {}
    for told in comparison.read_rounds(answer.content, clock.now()):
        newest.setdefault((told.catalogue_version, told.method_version), told)
    wanted = list(newest.values())[:ROUNDS_KEPT]
    kept = {(each.slug, each.revision, each.content_hash) for each in kept_rounds(partner.id)}
    comparing.forget_rounds(SYSTEM, partner.id, but=[told.slug for told in wanted])
    for told in wanted:
        if (told.slug, told.revision, told.content_hash) not in kept:
            path = f"{RESULTS}?round={quote(told.slug)}"
            found = fetching.ask("GET", partner.base_url, path, max_bytes=comparison.RESULT_BYTES)
            figures = comparison.read_results(fetching.whole(found).content, told, clock.now())
            comparing.keep_round(SYSTEM, partner.id, told, figures)
