"""The staff's overview of all projects: by type, phase and party, the quiet ones, and where the type drifted."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, current_app, render_template, request, url_for

from portal.cocreation.models.projects import PartyKind
from portal.cocreation.phases import PHASES, Phase
from portal.cocreation.queries import overview as queries
from portal.cocreation.queries.overview import Filters, OverviewRow, Sort
from portal.cocreation.queries.words import PARTY_KINDS
from portal.cocreation.typology import ProjectType
from portal.cocreation.typology_words import OPEN, TYPES
from portal.cocreation.views.asking import CURSOR
from portal.kernel.access import current_actor, requires
from portal.kernel.i18n import _
from portal.kernel.identity import Role
from portal.kernel.narrowing import one_of

bp = Blueprint("cocreation_overview", __name__, url_prefix="/samskaping/styring", template_folder="../templates")

OPEN_TYPE = "apen"
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for a formula."""


@dataclass(frozen=True)
class Pick:
    """One select of the form: what can be chosen, and what is."""

    name: str
    label: Any
    options: list[tuple[str, Any]]
    chosen: str


@bp.get("/")
@requires(Role.IDEA_MANAGER, Role.EMPLOYEE)
def index() -> str:
    """Show all projects to those who follow them up."""
    asked, cursor = _filters(), request.args.get(CURSOR)
    page, now = queries.overview_page(current_actor(), asked, cursor), _values(asked)
    return render_template(
        "cocreation/overview.html",
        page=page,
        asked=asked,
        now=now,
        picks=_picks(now),
        types=TYPES,
        phases=PHASES,
        open_type=OPEN,
        quiet_days=queries.QUIET_DAYS,
        next=url_for(".index", **now, side=page.next) if page.next else None,
        first=url_for(".index", **now) if cursor else None,
    )


@bp.get("/prosjekter.csv")
@requires(Role.IDEA_MANAGER, Role.EMPLOYEE)
def file() -> Response:
    """Give what is asked for as a file."""
    made = io.StringIO()
    writer = csv.writer(made, delimiter=";", lineterminator="\r\n")
    headings = _("Nummer"), _("Navn"), _("Type"), _("Første type"), _("Fase"), _("Tjenesteområde"), _("Parter")
    writer.writerow([*headings, _("Siste livstegn"), _("Startet"), _("Avsluttet")])
    for row in queries.all_rows(current_actor(), _filters()):
        writer.writerow([_cell(each) for each in _line(row)])
    answer = current_app.response_class("\ufeff" + made.getvalue(), mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="samskaping.csv"'
    return answer


def _filters() -> Filters:
    """Read what is asked for; anything unknown is as if it weren't there."""
    asked = request.args
    return Filters(
        type=one_of(ProjectType, asked.get("type")),
        is_open=asked.get("type") == OPEN_TYPE,
        phase=one_of(Phase, asked.get("fase")),
        party=one_of(PartyKind, asked.get("part")),
        mine="mine" in asked,
        drifted="endret" in asked,
        sort=one_of(Sort, asked.get("sorter")) or Sort.NEWEST,
    )


def _values(asked: Filters) -> dict[str, Any]:
    """Return what stands after the question mark for this list, without what is as it is anyway."""
    every = {
        "type": OPEN_TYPE if asked.is_open else asked.type or "",
        "fase": asked.phase or "",
        "part": asked.party or "",
        "mine": "1" if asked.mine else "",
        "endret": "1" if asked.drifted else "",
        "sorter": "" if asked.sort is Sort.NEWEST else asked.sort,
    }
    return {name: str(value) for name, value in every.items() if value}


def _picks(now: dict[str, Any]) -> list[Pick]:
    types = [(each.value, TYPES[each].name) for each in ProjectType]
    return [
        Pick("type", _("Type"), [*types, (OPEN_TYPE, OPEN)], now.get("type", "")),
        Pick("fase", _("Fase"), [(each.value, PHASES[each]) for each in Phase], now.get("fase", "")),
        Pick(
            "part", _("Har en part fra"), [(each.value, PARTY_KINDS[each]) for each in PartyKind], now.get("part", "")
        ),
    ]


def _line(row: OverviewRow) -> list[Any]:
    project = row.project
    return [
        project.id,
        project.title,
        TYPES[project.type].name if project.type else "",
        TYPES[row.first_type].name if row.first_type else "",
        PHASES[project.phase],
        row.area,
        ", ".join(row.parties),
        project.alive_at.date().isoformat(),
        project.shown_at.date().isoformat(),
        project.ended_at.date().isoformat() if project.ended_at else "",
    ]


def _cell(value: Any) -> str:
    """Write a value so that a spreadsheet takes no words for a formula."""
    written = str(value)
    return f"'{written}" if written.startswith(FORMULA) else written
