"""The observatory in the public API: rounds, indicators and published results."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
from flask import Blueprint, Response, current_app, request

from portal.kernel.access import public
from portal.kernel.errors import Invalid, NotFound
from portal.kernel.i18n import _l
from portal.kernel.openapi import Parameter, describe
from portal.observatorium.catalogue import Duty, Indicator, Text, catalogue
from portal.observatorium.queries import pages, published
from portal.observatorium.queries.change_log import RevisionEntry, change_log
from portal.observatorium.queries.published import ResultList, RoundItem

bp = Blueprint("observatorium_api", __name__, url_prefix="/api/v1")


@dataclass(frozen=True, kw_only=True)
class RoundList:
    """Rounds that have been opened, newest first."""

    items: list[RoundItem]
    next: str | None


@dataclass(frozen=True, kw_only=True)
class TextItem:
    """A text in three languages."""

    nb: str
    nn: str
    en: str


@dataclass(frozen=True, kw_only=True)
class DutyItem:
    """Who has the legal duty; `proposed` until a lawyer has confirmed it."""

    holder: str
    shared_with: str | None
    note: TextItem | None
    proposed: bool


@dataclass(frozen=True, kw_only=True)
class IndicatorItem:
    """One of the 39 indicators. Sourced and proposed links to the goals are kept apart."""

    number: str
    dimension: str
    name: TextItem
    question: TextItem
    levels: dict[str, TextItem]
    sdgs: list[int]
    sdgs_proposed: list[int]
    duty: DutyItem


@dataclass(frozen=True, kw_only=True)
class IndicatorList:
    """The 39 indicators in the order of their numbers."""

    catalogue_version: str
    licence: str
    items: list[IndicatorItem]
    next: str | None


@dataclass(frozen=True, kw_only=True)
class LevelChangeItem:
    """One view of an indicator that a correction changed: own, verified or level (people's)."""

    indicator: str
    view: str
    was: str | None
    now: str | None


@dataclass(frozen=True, kw_only=True)
class RevisionItem:
    """A revision of a round's result. The first has no reason; `replies` are the indicators that got a reply in it."""

    revision: int
    published: str
    reason: str
    method_version: str
    catalogue_version: str
    content_hash: str
    changes: list[LevelChangeItem]
    replies: list[str]


@dataclass(frozen=True, kw_only=True)
class RevisionList:
    """What has been published of a round, newest first."""

    round: str
    items: list[RevisionItem]
    next: str | None


@bp.get("/rounds")
@public
@describe("Rounds that have been opened, newest first", RoundList)
def rounds() -> Response:
    """Answer with every round that has been opened."""
    return _json(RoundList(items=[published.round_item(*found) for found in pages.list_rounds()], next=None))


@bp.get("/indicators")
@public
@describe("The 39 indicators as they are now", IndicatorList)
def indicators() -> Response:
    """Answer with the catalogue."""
    found = catalogue()
    items = [_indicator(each) for each in found.indicators]
    return _json(IndicatorList(catalogue_version=found.version, licence=published.LICENCE, items=items, next=None))


@bp.get("/results")
@public
@describe(
    "The published results of a round",
    ResultList,
    Parameter("round", "The round's slug, as /rounds gives it.", required=True, example="2026", pattern=".+"),
    Parameter("revision", "An older revision; otherwise the newest.", kind="integer", least=1, most=99_999),
    may_be_missing=True,
)
def results() -> Response:
    """Answer with the results of a published round."""
    slug, revision = request.args.get("round", ""), request.args.get("revision", "")
    if not slug:
        raise Invalid("round", _l("Oppgi hvilken runde, for eksempel ?round=2026."))
    if revision and not (revision.isascii() and revision.isdecimal() and len(revision) < 6):
        raise Invalid("revision", _l("Oppgi revisjonen som et tall."))
    if not slug.isprintable():  # PostgreSQL takes no NUL
        raise NotFound(pages.NO_SUCH_ROUND)
    return _json(published.result_list(slug, int(revision) if revision else None))


@bp.get("/changes")
@public
@describe(
    "What has been published of a round, and what each correction changed",
    RevisionList,
    Parameter("round", "The round's slug, as /rounds gives it.", required=True, example="2026", pattern=".+"),
    may_be_missing=True,
)
def changes() -> Response:
    """Answer with the revisions of a round."""
    slug = request.args.get("round", "")
    if not slug:
        raise Invalid("round", _l("Oppgi hvilken runde, for eksempel ?round=2026."))
    items = [_revision(entry) for entry in change_log(slug).entries]
    return _json(RevisionList(round=slug, items=items, next=None))


def _revision(entry: RevisionEntry) -> RevisionItem:
    told = entry.revision
    return RevisionItem(
        revision=told.number,
        published=published.utc(told.published_at),
        reason=told.reason,
        method_version=told.method_version,
        catalogue_version=told.catalogue_version,
        content_hash=told.content_hash,
        changes=[
            LevelChangeItem(indicator=each.indicator.number, view=each.view, was=each.was, now=each.now)
            for each in entry.changes
        ],
        replies=[indicator.number for indicator in entry.replies],
    )


def _indicator(indicator: Indicator) -> IndicatorItem:
    return IndicatorItem(
        number=indicator.number,
        dimension=indicator.dimension.value,
        name=_text(indicator.name),
        question=_text(indicator.question),
        levels={
            "red": _text(indicator.levels.red),
            "yellow": _text(indicator.levels.yellow),
            "green": _text(indicator.levels.green),
        },
        sdgs=list(indicator.sdgs),
        sdgs_proposed=list(indicator.sdgs_proposed),
        duty=_duty(indicator.duty),
    )


def _duty(duty: Duty) -> DutyItem:
    return DutyItem(
        holder=duty.holder.value,
        shared_with=duty.shared_with.value if duty.shared_with else None,
        note=_text(duty.note) if duty.note else None,
        proposed=duty.proposed,
    )


def _text(text: Text) -> TextItem:
    return TextItem(nb=text.nb, nn=text.nn, en=text.en)


def _json(content: object) -> Response:
    return current_app.response_class(msgspec.json.encode(content), content_type="application/json")
