"""Moderation in the public API: what was done, month by month, and the published heads of the audit trail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec
from flask import Blueprint, Response, current_app

from portal.kernel.access import public
from portal.kernel.openapi import describe
from portal.moderation.queries import figures

bp = Blueprint("moderation_api", __name__, url_prefix="/api/v1")

LICENCE = "NLOD-2.0"
NOTE = (
    "Counts of 1-4 are hidden (null), and so are larger ones that would tell them by subtraction. Times are told from "
    "ten decisions. Only months that are over are told."
)


@dataclass(frozen=True, kw_only=True)
class ModerationMonth:
    """One month. null: hidden, because few cases point at people. Times are minutes from case opened to decided."""

    month: str
    cases: int | None
    reports: int | None
    shown_by_machine: int | None
    shown_by_people: int | None
    restricted: int | None
    restricted_by: Mapping[str, int | None]
    kinds: Mapping[str, int | None]
    rules: Mapping[str, int | None]
    median_minutes: int | None
    nine_of_ten_minutes: int | None
    appeals: int | None
    upheld: int | None
    dismissed: int | None


@dataclass(frozen=True, kw_only=True)
class AuditHead:
    """The newest link of the chain of the audit trail on a day: its number and its hash."""

    day: str
    number: int
    hash: str


@dataclass(frozen=True, kw_only=True)
class ModerationFigures:
    """The months, newest first, and the heads of the audit trail, newest first."""

    licence: str
    note: str
    items: list[ModerationMonth]
    audit_heads: list[AuditHead]
    next: str | None


@bp.get("/moderation-figures", endpoint="figures")
@public
@describe("What moderation did, month by month", ModerationFigures)
def moderation_figures() -> Response:
    """Answer with the figures of every month that is over."""
    answer = ModerationFigures(
        licence=LICENCE,
        note=NOTE,
        items=[_month(each) for each in figures.months()],
        audit_heads=[
            AuditHead(day=head.day.isoformat(), number=head.number, hash=head.hash) for head in figures.heads()
        ],
        next=None,
    )
    return current_app.response_class(msgspec.json.encode(answer), content_type="application/json")


def _month(found: figures.MonthFigures) -> ModerationMonth:
    names = set(ModerationMonth.__dataclass_fields__) - {"month"}
    return ModerationMonth(month=found.name, **{name: getattr(found, name) for name in names})
