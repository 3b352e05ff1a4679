"""The page of hits."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, current_app, render_template, request, url_for

from portal.kernel.access import public
from portal.kernel.extensions import content
from portal.kernel.richtext import clean_line
from portal.search import asking, queries

AT_ONCE = 7
"""Kinds that are offered at once; the rest are a click away."""

bp = Blueprint("search", __name__, template_folder="templates")


@dataclass(frozen=True)
class Choice:
    """One way to narrow the hits down."""

    label: object
    count: int
    url: str
    chosen: bool


@bp.get("/sok/")
@public
def results() -> str:
    """Show what is found by the words in the address."""
    asked = clean_line(request.args.get("q", "")[: asking.LONGEST])
    kind = content().find(request.args.get("type", ""))
    narrowed = kind.name if kind else None
    found = queries.search(asked, kind=narrowed, cursor=request.args.get("fra"))
    return render_template(
        "search/results.html",
        asked=asked,
        found=found,
        hits=[
            (hit, url_for(hit.endpoint, **hit.values))
            for hit in found.hits
            if hit.endpoint in current_app.view_functions
        ],
        choices=_choices(asked, narrowed, found),
        at_once=AT_ONCE,
        labels={kind.name: kind.label for kind in content()},
        dated={kind.name for kind in content() if kind.written},  # what isn't written by people has no day of its own
        next=url_for("search.results", q=asked, type=narrowed, fra=found.next) if found.next else None,
        first=url_for("search.results", q=asked, type=narrowed) if request.args.get("fra") else None,
        narrowed=kind,
    )


def _choices(asked: str, narrowed: str | None, found: queries.Found) -> list[Choice]:
    """Return the kinds among the hits with their counts, the commonest first; nothing when there is no choice."""
    words = {kind.name: kind.plural or kind.label for kind in content()}
    kinds = sorted((name for name in found.counts if name in words), key=lambda name: (-found.counts[name], name))
    if len(kinds) < 2 and narrowed is None:
        return []
    return [
        Choice(words[name], found.counts[name], url_for("search.results", q=asked, type=name), name == narrowed)
        for name in kinds
    ]
