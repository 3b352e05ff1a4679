"""Computing a round's result from the raw ratings, and counting again to see that what is stored is right."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

import msgspec
import sqlalchemy as sa

from portal.kernel.db import db
from portal.kernel.identity import StakeholderGroup
from portal.observatorium import results
from portal.observatorium.catalogue import Level
from portal.observatorium.models.rounds import Ballot, OwnAssessment, Rating, Revision, RevisionResult, Round, Tie
from portal.observatorium.queries.record import Views, views_corrected, views_now, views_published
from portal.observatorium.queries.rounds import catalogue_of
from portal.observatorium.queries.weights import (
    counts_in,
    excludes_in,
    exclusions_in,
    population_of,
    stratum,
    weighted_by,
)
from portal.observatorium.raking import Population
from portal.observatorium.suppression import rounded_participation


@dataclass(frozen=True)
class Computed:
    """All that is stored of a revision, as plain values."""

    summary: dict[str, Any]
    bodies: dict[str, dict[str, Any]]
    records: dict[str, dict[str, Any]]
    content_hash: str


def compute(
    round_: Round,
    number: int,
    reason: str,
    views: Views | None = None,
    *,
    method_version: str = results.METHOD_VERSION,
    tell: Callable[[int], None] | None = None,
) -> Computed:
    """Compute revision `number` of a round from its ratings; from the second on, as a correction of the one before.

    `views` are the municipality's and the verifiers', those that stand now unless said otherwise. `tell` hears how many
    of the indicators are done.
    """
    if views is None:
        views = _views_of(round_, number)
    before = {each.indicator: each for each in _published(round_.id, number - 1)} if number > 1 else {}
    cells = _by_indicator(list_cells(round_.id, number))
    # Nothing but an exclusion changes what counts after the round has closed.
    corrects = number > 1 and excludes_in(round_.id, number)
    older = _by_indicator(list_cells(round_.id, number - 1)) if corrects else None
    population = population_of(round_.id)
    computed: list[results.IndicatorResult] = []
    for indicator in [each.number for each in catalogue_of(round_).indicators]:
        if tell:
            tell(len(computed))
        after = cells.pop(indicator, [])
        counted = after if older is None else older.pop(indicator, []), after
        computed.append(_computed(indicator, before.get(indicator), counted, views, population))
    if cells:
        raise ValueError(f"{min(cells)}: not an indicator of this round")
    summary = _summary(round_, number, computed)
    bodies = {result.indicator: _plain(asdict(result)) for result in computed}
    records = _plain(views.records)
    about = {"revision": number, "reason": reason, "method_version": method_version}
    return Computed(summary, bodies, records, content_hash(round_, about, summary, bodies, records))


def recount(round_: Round, revision: Revision) -> Computed:
    """Compute a stored revision again from the raw ratings, and the other views as published."""
    views = views_published(_stored(round_.id, revision.number))
    return compute(round_, revision.number, revision.reason, views, method_version=revision.method_version)


def is_intact(round_: Round, revision: Revision, stored: Sequence[RevisionResult]) -> bool:
    """Say whether what is stored of a revision still is what its hash was made of."""
    bodies = {each.indicator: each.body for each in stored}
    records = {each.indicator: each.record for each in stored if each.record is not None}
    about = {"revision": revision.number, "reason": revision.reason, "method_version": revision.method_version}
    return content_hash(round_, about, revision.summary, bodies, records) == revision.content_hash


def content_hash(
    round_: Round,
    about: Mapping[str, Any],
    summary: Mapping[str, Any],
    bodies: Mapping[str, Any],
    records: Mapping[str, Any],
) -> str:
    """Return the SHA-256 of a revision as canonical JSON: keys sorted, no white space, UTF-8.

    `about` are its number, reason and method version. Revisions from before there were records are hashed without them.
    """
    content = {
        "round": round_.slug,
        "catalogue_version": round_.catalogue_version,
        **about,
        "summary": summary,
        "results": bodies,
        **({"records": records} if records else {}),
    }
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def list_cells(round_id: int, number: int | None = None) -> list[results.Cell]:
    """Count the ratings of a round by indicator, group, organisation, stratum and answer: one GROUP BY.

    `number` is the revision that they count in; without it, those that count now.
    """
    told = (Ballot.age_band, Ballot.gender, Ballot.neighbourhood_id)
    by = (Rating.indicator, Ballot.group, Rating.answer, Ballot.organisation, *told)
    rows = db.session.execute(
        sa.select(*by, sa.func.count())
        .join(Ballot, sa.and_(Ballot.round_id == Rating.round_id, Ballot.pseudonym == Rating.pseudonym))
        .where(Rating.round_id == round_id, counts_in(round_id, number))
        .group_by(*by)
    )
    return [
        results.Cell(indicator, group, answer, organisation, stratum(age_band, gender, area), count)
        for indicator, group, answer, organisation, age_band, gender, area, count in rows
    ]


def own_levels(round_id: int) -> dict[str, Level | None]:
    """Return the municipality's own level for each indicator that has one."""
    rows = db.session.execute(
        sa.select(OwnAssessment.indicator, OwnAssessment.level).where(OwnAssessment.round_id == round_id)
    )
    return dict(rows.all())


def find_revision(round_id: int, number: int) -> Revision | None:
    """Return one revision of a round."""
    return db.session.scalar(sa.select(Revision).where(Revision.round_id == round_id, Revision.number == number))


def newest_number(round_id: int) -> int:
    """Return the number of the newest revision of a round; 0 when there is none."""
    return db.session.scalar(sa.select(sa.func.max(Revision.number)).where(Revision.round_id == round_id)) or 0


def _views_of(round_: Round, number: int) -> Views:
    now = views_now(round_.id, own_levels(round_.id))
    return now if number == 1 else views_corrected(views_published(_stored(round_.id, number - 1)), now)


def _computed(
    indicator: str,
    published: results.IndicatorResult | None,
    counted: tuple[Sequence[results.Cell], Sequence[results.Cell]],
    views: Views,
    population: Population | None,
) -> results.IndicatorResult:
    """Compute one indicator; `counted` are the cells of the revision before, and of this."""
    before, after = counted
    told: dict[str, Any] = {"own": views.own, "verified": views.verified, "population": population}
    if published is None:
        (computed,) = results.publish([indicator], after, **told)
    else:
        (computed,) = results.revise([published], before, after, **told)
    return computed


def _by_indicator(cells: Iterable[results.Cell]) -> dict[str, list[results.Cell]]:
    sorted_out: dict[str, list[results.Cell]] = {}
    for cell in cells:
        sorted_out.setdefault(cell.indicator, []).append(cell)
    return sorted_out


def _stored(round_id: int, number: int) -> Sequence[RevisionResult]:
    rows = db.session.scalars(
        sa.select(RevisionResult)
        .join(Revision, Revision.id == RevisionResult.revision_id)
        .where(Revision.round_id == round_id, Revision.number == number)
    ).all()
    return sorted(rows, key=lambda row: tuple(map(int, row.indicator.split("."))))


def _published(round_id: int, number: int) -> list[results.IndicatorResult]:
    return [msgspec.convert(row.body, results.IndicatorResult) for row in _stored(round_id, number)]


def _summary(round_: Round, number: int, computed: Sequence[results.IndicatorResult]) -> dict[str, Any]:
    """Say who took part and what the whole says. Numbers of people are rounded down to tens, each by itself.

    The ties are those of the groups whose number is told: a group that is hidden is in no sum, not in a rounded one
    either.
    """
    counted = counts_in(round_.id, number)
    groups = _rounded(round_.id, Ballot.group, StakeholderGroup, counted)
    told = [group for group in StakeholderGroup if groups[group]]
    return {
        "participants": groups,
        "ties": _rounded(round_.id, Ballot.tie, Tie, sa.and_(counted, Ballot.group.in_(told))),
        "sign_in_methods": list(round_.sign_in_methods),
        "opened": round_.opens_at.isoformat(),
        "closed": (round_.closed_at or round_.closes_at).isoformat(),
        "levels": _levels(result.level for result in computed),
        "own_levels": _levels(result.own for result in computed),
        **weighted_by(round_.id),
        **exclusions_in(round_.id, number),
    }


def _rounded(round_id: int, by: Any, kinds: type[StrEnum], among: sa.ColumnElement[bool]) -> dict[str, int | None]:
    """Count those who answered, by kind: nothing under ten, and none looks like few."""
    answered = sa.exists().where(Rating.round_id == Ballot.round_id, Rating.pseudonym == Ballot.pseudonym)
    statement = sa.select(by, sa.func.count()).where(Ballot.round_id == round_id, answered, among).group_by(by)
    counts: dict[Any, int] = dict(db.session.execute(statement).all())
    return {kind.value: rounded_participation(counts.get(kind, 0)) for kind in kinds}


def _levels(levels: Any) -> dict[str, int]:
    counted = Counter(level.value if level else "none" for level in levels)
    return {name: counted[name] for name in (*(level.value for level in Level), "none")}


def _plain(value: Any) -> Any:
    """Return what JSON gives back, so that what is hashed now equals what is read later."""
    return json.loads(json.dumps(value))
