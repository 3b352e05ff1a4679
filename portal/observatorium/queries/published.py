"""Published results as others may take them: JSON and CSV, with method, catalogue and licence on every copy."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec

from portal.observatorium.models import Revision, Round
from portal.observatorium.queries import pages
from portal.observatorium.results import GroupResult, IndicatorResult, Overall

LICENCE = "NLOD-2.0"
"""Norwegian Licence for Open Government Data 2.0, https://data.norge.no/nlod/no/2.0."""
LICENCE_URL = "https://data.norge.no/nlod/no/2.0"
CAVEAT = "Svarene er fra dem som selv valgte å delta, og kan ikke uten videre gjelde for alle innbyggere."
COLUMNS = (
    "runde", "revisjon", "indikator", "egenvurdering", "verifisert", "niva", "gap", "uenighet", "gruppe", "skjult", "n",
    "n_fra", "n_til", "n_eff", "rod", "gul", "gronn", "minst_90_prosent", "vet_ikke", "rod_fra", "rod_til", "gul_fra",
    "gul_til", "gronn_fra", "gronn_til", "gruppens_niva", "metode", "katalog", "lisens",
)  # fmt: skip
RISKY = ("=", "+", "-", "@", "\t", "\r", "\x00")
"""A cell that begins with one of these may be run as a formula by a spreadsheet (OWASP: CSV injection)."""


@dataclass(frozen=True, kw_only=True)
class RoundItem:
    """A round, as the API and the downloads tell it."""

    slug: str
    title: str
    state: str
    opens: str
    closes: str
    published: str | None
    catalogue_version: str | None
    method_version: str | None
    revision: int | None
    content_hash: str | None
    sign_in_methods: list[str]


def round_item(round_: Round, revision: Revision | None) -> RoundItem:
    """Return a round in the shape of the API."""
    return RoundItem(
        slug=round_.slug,
        title=round_.title,
        state=round_.state.value,
        opens=utc(round_.opens_at),
        closes=utc(round_.closes_at),
        published=utc(round_.published_at) if round_.published_at else None,
        catalogue_version=round_.catalogue_version,
        method_version=revision.method_version if revision else None,
        revision=revision.number if revision else None,
        content_hash=revision.content_hash if revision else None,
        sign_in_methods=list(round_.sign_in_methods),
    )


def as_json(slug: str, revision_number: int | None = None) -> str:
    """Return a published round as a JSON document that stands by itself; raises NotFound."""
    round_, revision, results = pages.results_of(slug, revision_number)
    document = {
        "round": asdict(round_item(round_, revision)),
        "licence": LICENCE,
        "licence_url": LICENCE_URL,
        "note": CAVEAT,
        "participation": revision.summary,
        "items": [result_item(result) for result in results],
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=1).decode()


def as_csv(slug: str, revision_number: int | None = None) -> str:
    """Return a published round as CSV, one row per indicator and group, safe to open in a spreadsheet."""
    round_, revision, results = pages.results_of(slug, revision_number)
    target = io.StringIO()
    target.write("\ufeff")  # so that spreadsheets read æ, ø and å
    writer = csv.writer(target)
    writer.writerow(COLUMNS)
    for result in results:
        for group in (*result.groups, result.overall):
            row = _csv_row(round_, revision, result, group)
            writer.writerow([safe_cell(row.get(column)) for column in COLUMNS])
    return target.getvalue()


def result_item(result: IndicatorResult) -> dict[str, Any]:
    """Return an indicator's result in the shape of the API: what is hidden says only that it is."""
    item: dict[str, Any] = msgspec.to_builtins(result)
    item["groups"] = [
        _hidden(group) if group["suppressed"] and group["n"] is None else group for group in item["groups"]
    ]
    return item


def utc(moment: datetime) -> str:
    """Return a time in UTC with Z, to the second."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def safe_cell(value: object) -> object:
    """Keep a spreadsheet from running a text as a formula: a leading sign gets an apostrophe before it."""
    if isinstance(value, str) and value.startswith(RISKY):
        return f"'{value}"
    return value


def _hidden(group: Mapping[str, Any]) -> dict[str, Any]:
    return {"group": group["group"], "suppressed": True, "n": None}


def _csv_row(round_: Round, revision: Revision, result: IndicatorResult, told: GroupResult | Overall) -> dict[str, Any]:
    row: dict[str, Any] = {
        "runde": round_.slug,
        "revisjon": revision.number,
        "indikator": result.indicator,
        "egenvurdering": result.own,
        "verifisert": result.verified,
        "niva": result.level,
        "gap": result.gap,
        "uenighet": result.disagreement,
        "n": told.n,
        "n_eff": told.n_eff,
        "vet_ikke": told.unknown,
        "gruppens_niva": told.level,
        "metode": revision.method_version,
        "katalog": revision.catalogue_version,
        "lisens": LICENCE,
    }
    if isinstance(told, GroupResult):
        row |= {"gruppe": told.group, "skjult": "ja" if told.suppressed else "nei", "minst_90_prosent": told.dominated}
        row |= dict(zip(("n_fra", "n_til"), told.band or (), strict=False))
    else:
        row |= {"gruppe": "samlet", "skjult": "nei" if told.shares else "ja"}
    if told.shares and told.interval:
        for name, colour in (("rod", "red"), ("gul", "yellow"), ("gronn", "green")):
            low, high = getattr(told.interval, colour)
            row |= {name: getattr(told.shares, colour), f"{name}_fra": low, f"{name}_til": high}
    return row


def result_items(results: Iterable[IndicatorResult]) -> list[dict[str, Any]]:
    """Return many results in the shape of the API."""
    return [result_item(result) for result in results]
