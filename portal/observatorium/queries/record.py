"""What a revision keeps beside the figures: the own assessment, its evidence, the verification and the replies.

All of it is copied into the revision when the result is computed, so that what was published stays as it was, whatever
happens to the rows it was made from. No account and no verifier's name is in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.observatorium.catalogue import Level
from portal.observatorium.models.rounds import RevisionResult
from portal.observatorium.queries.assessing import assessing_record
from portal.observatorium.queries.verifying import verifying_record

Record = Mapping[str, Any]
"""The record of one indicator, as plain JSON."""
UNVERIFIED: Record = {"state": "none", "level": None, "colours": [], "verdicts": {}}
NO_ASSESSMENT: Record = {"counts": {}, "summary": "", "signed_by": "", "signed_at": None, "parts": []}


@dataclass(frozen=True, kw_only=True)
class Views:
    """What is published beside the ratings: the municipality's own levels, the verified ones, and their record."""

    own: Mapping[str, Level | None]
    verified: Mapping[str, Level | None]
    records: Mapping[str, Record]


def views_now(round_id: int, own: Mapping[str, Level | None]) -> Views:
    """Return the views of a round as they stand, with the municipality's own levels in `own`."""
    assessed = assessing_record(round_id)
    verified = verifying_record(round_id)
    records = {
        indicator: _record(own.get(indicator), assessed.get(indicator, {}), verified.get(indicator, {}))
        for indicator in sorted(assessed.keys() | verified.keys())
    }
    return _views(own, records)


def views_published(results: Sequence[RevisionResult]) -> Views:
    """Return the views as a revision tells them."""
    return Views(
        own={each.indicator: _level(each.body["own"]) for each in results},
        verified={each.indicator: _level(each.body["verified"]) for each in results},
        records={each.indicator: each.record for each in results if each.record is not None},
    )


def views_corrected(published: Views, now: Views) -> Views:
    """Return the views of a correction: as they were published, but for own levels set right and replies added."""
    blank = {indicator: _record(published.own.get(indicator), {}, {}) for indicator in now.records}
    corrected = {
        indicator: _corrected(record, published.own.get(indicator), now.own.get(indicator), now.records.get(indicator))
        for indicator, record in {**blank, **published.records}.items()
    }
    records = {
        indicator: record
        for indicator, record in corrected.items()
        if indicator in published.records or record != blank[indicator]
    }
    return Views(own=now.own, verified=published.verified, records=records)


def _record(own: Level | None, assessed: Record, verified: Record) -> Record:
    verification = {**UNVERIFIED, **verified.get("verification", {})}
    verdicts = verification["verdicts"]
    return {
        "own": {**NO_ASSESSMENT, **assessed.get("own", {}), "level": own.value if own else None},
        "evidence": [{**each, "verdicts": verdicts.get(str(each["id"]), [])} for each in assessed.get("evidence", [])],
        "verification": verification,
        "replies": list(verified.get("replies", [])),
    }


def _corrected(record: Record, was: Level | None, own: Level | None, now: Record | None) -> Record:
    corrected = dict(record)
    if was is not own:
        summary = now["own"]["summary"] if now else record["own"]["summary"]
        corrected["own"] = {**record["own"], "level": own.value if own else None, "summary": summary}
    if now:
        corrected["replies"] = [*record["replies"], *(each for each in now["replies"] if each not in record["replies"])]
    return corrected


def _views(own: Mapping[str, Level | None], records: Mapping[str, Record]) -> Views:
    verified = {indicator: _level(record["verification"]["level"]) for indicator, record in records.items()}
    return Views(own=own, verified=verified, records=records)


def _level(value: str | None) -> Level | None:
    return Level(value) if value else None
