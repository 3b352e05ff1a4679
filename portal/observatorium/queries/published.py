"""Published results as others may take them: JSON and CSV, with method, catalogue and licence on every copy."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import msgspec
import sqlalchemy as sa
from msgspec import UNSET, UnsetType

from portal.kernel.db import db
from portal.kernel.identity import StakeholderGroup
from portal.observatorium.catalogue import Level
from portal.observatorium.models.rounds import Revision, RevisionResult, Round, RoundState, Tie
from portal.observatorium.models.weights import SignalKind
from portal.observatorium.queries import pages
from portal.observatorium.queries.rounds import catalogue_of
from portal.observatorium.raking import Refusal
from portal.observatorium.results import GroupResult, IndicatorResult, Intervals, Overall, Shares, Weighted

LICENCE = "NLOD-2.0"
"""Norwegian Licence for Open Government Data 2.0."""
LICENCE_URL = "https://data.norge.no/nlod/no/2.0"
CAVEAT = (
    "Svarene er fra dem som selv valgte å delta. Tallene kan ikke uten videre gjelde for alle innbyggere, heller ikke "
    "der de er vektet. Det som er skjult av hensyn til personvern, mangler her og er «:» i CSV-filen."
)
COLUMNS = (
    "runde", "revisjon", "indikator", "dimensjon", "nummer", "navn", "egenvurdering", "verifisert", "niva", "gap",
    "uenighet", "gruppe", "skjult", "n", "n_fra", "n_til", "n_eff", "rod", "gul", "gronn", "minst_90_prosent",
    "vet_ikke", "rod_fra", "rod_til", "gul_fra", "gul_til", "gronn_fra", "gronn_til", "gruppens_niva", "metode",
    "katalog", "lisens",
)  # fmt: skip
"""«dimensjon» and «nummer» say 1 and 10 where a program may read «1.10» as the number 1.1."""
TOLD = COLUMNS[COLUMNS.index("n") : COLUMNS.index("metode")]
"""What is told of a group, and so may be hidden."""
HIDDEN = ":"
OVERALL = "samlet"
"""Stands for all the groups that are shown."""
COLOURS = (("rod", "red"), ("gul", "yellow"), ("gronn", "green"))
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "\x00", "＝", "＋", "－", "＠")
"""A cell that begins with one of these may be run as a formula by a spreadsheet (OWASP: CSV injection)."""


@dataclass(frozen=True, kw_only=True)
class RoundItem:
    """A round. Times are in UTC; `sign_in_methods` are the ways of signing in that could rate."""

    slug: str
    title: str
    state: RoundState
    opens: str
    closes: str
    published: str | None
    catalogue_version: str | None
    method_version: str | None
    revision: int | None
    content_hash: str | None
    sign_in_methods: list[str]


class GroupItem(msgspec.Struct, frozen=True, kw_only=True):
    """What is published of one group.

    When `suppressed`, only `n` is beside it: the number of people, or null where that is hidden too. Otherwise all the
    rest is there; `shares` is null where «at least 90 %» gave one answer (`dominated`), and `n` is null where it is
    only told to lie within `band`.
    """

    group: StakeholderGroup
    suppressed: bool
    n: int | None
    band: tuple[int, int] | UnsetType | None = UNSET
    n_eff: float | UnsetType | None = UNSET
    shares: Shares | UnsetType | None = UNSET
    dominated: Level | UnsetType | None = UNSET
    unknown: float | UnsetType | None = UNSET
    interval: Intervals | UnsetType | None = UNSET
    mean: float | UnsetType | None = UNSET
    level: Level | UnsetType | None = UNSET
    weighted: Weighted | UnsetType | None = UNSET
    unweighted_because: Refusal | UnsetType | None = UNSET


@dataclass(frozen=True, kw_only=True)
class PartItem:
    """A sub-indicator as the municipality assessed it. `counted_as`: not assessed when its evidence had expired."""

    key: str
    name: dict[str, str]
    level: str
    counted_as: str
    justification: str
    responsible: str
    evidence: list[int]


@dataclass(frozen=True, kw_only=True)
class OwnItem:
    """The municipality's self-assessment; `responsible` and `signed_by` are titles, never names."""

    level: Level | None
    counts: dict[str, int]
    summary: str
    signed_by: str
    signed_at: str | None
    parts: list[PartItem]


@dataclass(frozen=True, kw_only=True)
class FileItem:
    """A file among the evidence; `sha256` tells whether it is the same."""

    id: int
    name: str
    sha256: str
    size: int


@dataclass(frozen=True, kw_only=True)
class FigureItem:
    """A figure among the evidence."""

    value: str | int | float | None
    unit: str
    source: str


@dataclass(frozen=True, kw_only=True)
class VerdictItem:
    """What one verifier said of a piece of evidence: accepted or contested."""

    verdict: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class EvidenceItem:
    """A piece of evidence; `valid` on the day the round closed."""

    id: int
    part: str
    kind: str
    title: str
    url: str | None
    file: FileItem | None
    figure: FigureItem | None
    date: str
    valid_from: str | None
    valid_to: str | None
    valid: bool
    verdicts: list[VerdictItem]


@dataclass(frozen=True, kw_only=True)
class ColourItem:
    """The colour that one verifier set. Who set which isn't told."""

    level: Level
    reason: str


@dataclass(frozen=True, kw_only=True)
class VerificationItem:
    """Where the verification stands: none, not_verified (under two have answered), agreed or differing."""

    state: str
    level: Level | None
    colours: list[ColourItem]


@dataclass(frozen=True, kw_only=True)
class ReplyItem:
    """What the municipality replied; `by` is a title."""

    text: str
    date: str
    by: str


@dataclass(frozen=True, kw_only=True)
class RecordItem:
    """How the colours were set: the self-assessment, its evidence, the verification and the municipality's replies."""

    own: OwnItem
    evidence: list[EvidenceItem]
    verification: VerificationItem
    replies: list[ReplyItem]


@dataclass(frozen=True, kw_only=True)
class ResultItem:
    """The published result of one indicator. The views are the municipality's own, the verified one, and people's.

    `gap` is own level − people's level in steps; `disagreement` the largest difference in mean level (0–1) of groups.
    """

    indicator: str
    own: Level | None
    verified: Level | None
    level: Level | None
    gap: int | None
    disagreement: float | None
    groups: list[GroupItem]
    overall: Overall
    record: RecordItem | None
    """How the colours were set; null where nothing of it was published."""


@dataclass(frozen=True, kw_only=True)
class PopulationItem:
    """The table of inhabitants that residents are weighted by: where it is from, the date it tells of, and how many."""

    source: str
    date: str
    total: int


@dataclass(frozen=True, kw_only=True)
class ExclusionItem:
    """Answers taken out of the result: what they had in common, how many (in fives, null under five), and why."""

    kind: SignalKind
    count: int | None
    reason: str


@dataclass(frozen=True, kw_only=True)
class Participation:
    """Who took part, rounded down to tens, null below ten; and how many indicators got which level."""

    participants: dict[StakeholderGroup, int | None]
    ties: dict[Tie, int | None]
    levels: dict[str, int]
    own_levels: dict[str, int]
    population: PopulationItem | None = None
    exclusions: list[ExclusionItem] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class ResultList:
    """The published results of a round, one per indicator, as a document that stands by itself."""

    round: RoundItem
    licence: str
    licence_url: str
    note: str
    participation: Participation
    items: list[ResultItem]
    next: str | None


def round_item(round_: Round, revision: Revision | None) -> RoundItem:
    """Return a round in the shape of the API. Of a withdrawn one, its revision is no longer told."""
    told = revision if round_.state is RoundState.PUBLISHED else None
    return RoundItem(
        slug=round_.slug,
        title=round_.title,
        state=round_.state,
        opens=utc(round_.opens_at),
        closes=utc(round_.closes_at),
        published=utc(round_.published_at) if round_.published_at else None,
        catalogue_version=round_.catalogue_version,
        method_version=told.method_version if told else None,
        revision=told.number if told else None,
        content_hash=told.content_hash if told else None,
        sign_in_methods=list(round_.sign_in_methods),
    )


def result_list(slug: str, revision_number: int | None = None) -> ResultList:
    """Return a published round with all its figures, of its newest revision or an older one; raises NotFound."""
    round_, revision, results = pages.results_of(slug, revision_number)
    records = records_of(revision.id)
    return ResultList(
        round=round_item(round_, revision),
        licence=LICENCE,
        licence_url=LICENCE_URL,
        note=CAVEAT,
        participation=msgspec.convert(revision.summary, Participation),
        items=[_result_item(result, records.get(result.indicator)) for result in results],
        next=None,
    )


def as_json(slug: str, revision_number: int | None = None) -> bytes:
    """Return a published round as a JSON file, the same as the API answers; raises NotFound."""
    return msgspec.json.format(msgspec.json.encode(result_list(slug, revision_number)), indent=1)


def as_csv(slug: str, revision_number: int | None = None) -> str:
    """Return a published round as CSV, one row per indicator and group, safe to open in a spreadsheet."""
    target = io.StringIO()
    target.write("\ufeff")  # so that spreadsheets read æ, ø and å
    writer = csv.writer(target)
    writer.writerow(COLUMNS)
    writer.writerows([safe_cell(cell) for cell in row.values()] for row in rows(slug, revision_number))
    return target.getvalue()


def rows(slug: str, revision_number: int | None = None) -> Iterator[Mapping[str, Any]]:
    """Return a published round as cells by COLUMNS, one row per indicator and group; raises NotFound."""
    round_, revision, results = pages.results_of(slug, revision_number)
    names = {indicator.number: indicator.name.nb for indicator in catalogue_of(round_).indicators}
    yield from rows_of(round_, revision, results, names)


def rows_of(
    round_: Round, revision: Revision, results: Iterable[IndicatorResult], names: Mapping[str, str]
) -> Iterator[Mapping[str, Any]]:
    """Return results as cells by COLUMNS, the groups of each indicator and then all together."""
    for result in results:
        about = _about(round_, revision, result) | {"navn": names[result.indicator]}
        for told in (*map(_group_cells, result.groups), _overall_cells(result.overall)):
            cells = {**about, **told}
            yield {column: cells.get(column) for column in COLUMNS}


def records_of(revision_id: int) -> dict[str, Mapping[str, Any]]:
    """Return what a revision keeps of how the colours were set, by indicator; nothing of those from before it did."""
    statement = sa.select(RevisionResult.indicator, RevisionResult.record).where(
        RevisionResult.revision_id == revision_id, RevisionResult.record.is_not(None)
    )
    return dict(db.session.execute(statement).all())


def utc(moment: datetime) -> str:
    """Return a time in UTC with Z, to the second."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def safe_cell(value: object) -> object:
    """Keep a spreadsheet from running a text as a formula: a leading sign gets an apostrophe before it."""
    if isinstance(value, str) and value.startswith(RISKY):
        return f"'{value}"
    return value


def _result_item(result: IndicatorResult, record: Mapping[str, Any] | None) -> ResultItem:
    return ResultItem(
        indicator=result.indicator,
        own=result.own,
        verified=result.verified,
        level=result.level,
        gap=result.gap,
        disagreement=result.disagreement,
        groups=[_group_item(group) for group in result.groups],
        overall=result.overall,
        record=msgspec.convert(record, RecordItem) if record is not None else None,
    )


def _group_item(group: GroupResult) -> GroupItem:
    if group.suppressed:
        return GroupItem(group=group.group, suppressed=True, n=group.n)
    return GroupItem(**{name: getattr(group, name) for name in GroupItem.__struct_fields__})


def _about(round_: Round, revision: Revision, result: IndicatorResult) -> dict[str, Any]:
    dimension, number = result.indicator.split(".")
    return {
        "runde": round_.slug,
        "revisjon": revision.number,
        "indikator": result.indicator,
        "dimensjon": dimension,
        "nummer": number,
        "egenvurdering": result.own,
        "verifisert": result.verified,
        "niva": result.level,
        "gap": result.gap,
        "uenighet": result.disagreement,
        "metode": revision.method_version,
        "katalog": revision.catalogue_version,
        "lisens": LICENCE,
    }


def _group_cells(group: GroupResult) -> dict[str, Any]:
    if group.suppressed:
        hidden = dict.fromkeys(TOLD, HIDDEN)
        return {**hidden, "gruppe": group.group, "skjult": "ja", "n": HIDDEN if group.n is None else group.n}
    low, high = group.band or (None, None)
    told = {"gruppe": group.group, "skjult": "nei", "n_fra": low, "n_til": high, "minst_90_prosent": group.dominated}
    return {**told, **_figures(group)}


def _overall_cells(overall: Overall) -> dict[str, Any]:
    if overall.shares is None:
        return {**dict.fromkeys(TOLD, HIDDEN), "gruppe": OVERALL, "skjult": "ja"}
    return {"gruppe": OVERALL, "skjult": "nei", **_figures(overall)}


def _figures(told: GroupResult | Overall) -> Mapping[str, Any]:
    """Return the figures of a group that is shown; those that «at least 90 %» stands for, or a band, are hidden."""
    cells: dict[str, Any] = {
        "n": HIDDEN if told.n is None else told.n,
        "n_eff": HIDDEN if told.n_eff is None else told.n_eff,
        "vet_ikke": HIDDEN if told.unknown is None else told.unknown,
        "gruppens_niva": told.level,
    }
    for name, colour in COLOURS:
        low, high = getattr(told.interval, colour) if told.interval else (HIDDEN, HIDDEN)
        share = getattr(told.shares, colour) if told.shares else HIDDEN
        cells |= {name: share, f"{name}_fra": low, f"{name}_til": high}
    return cells
