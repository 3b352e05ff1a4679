"""The rows of a published round's tables: the figures, and what the revision keeps of how the colours were set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

import sqlalchemy as sa

from portal.kernel.db import db
from portal.observatorium.catalogue import sort_key
from portal.observatorium.models.measures import IndicatorMeasure
from portal.observatorium.models.rounds import Revision, Round
from portal.observatorium.queries import published
from portal.observatorium.queries.pages import results_of
from portal.observatorium.queries.published import HIDDEN, utc
from portal.observatorium.queries.rounds import catalogue_of
from portal.observatorium.queries.series import every_series
from portal.observatorium.results import GroupResult, IndicatorResult

Row = Mapping[str, Any]
WEIGHTED = ("vektet_rod", "vektet_gul", "vektet_gronn", "vektet_n_eff")


@dataclass(frozen=True, kw_only=True)
class Source:
    """What was published, to be told as tables."""

    round: Round
    revision: Revision
    results: Sequence[IndicatorResult]

    @property
    def which(self) -> Row:
        return {"runde": self.round.slug, "revisjon": self.revision.number}

    def records(self) -> Iterator[tuple[dict[str, Any], Mapping[str, Any]]]:
        """Give, by indicator, the cells that say which it is, and what the revision keeps of it."""
        records = published.records_of(self.revision.id)
        for number in sorted(records, key=sort_key):
            yield {**self.which, "indikator": number}, records[number]


def source(slug: str, revision_number: int | None = None) -> Source:
    """Return a published round's newest revision, or an older one; raises NotFound."""
    round_, revision, results = results_of(slug, revision_number)
    return Source(round=round_, revision=revision, results=results)


def groups(told: Source) -> Iterator[Row]:
    """Give a row for each indicator and group: the cells of the file with everything, and the weighted figures."""
    by_group = {(each.indicator, group.group): group for each in told.results for group in each.groups}
    for row in _cells(told):
        if row["gruppe"] != published.OVERALL:
            yield {**row, **_weighted(by_group[row["indikator"], row["gruppe"]])}


def overall(told: Source) -> Iterator[Row]:
    """Give a row for each indicator, with the three views."""
    covers = {each.indicator: " ".join(each.overall.covers) for each in told.results}
    for row in _cells(told):
        if row["gruppe"] == published.OVERALL:
            yield {**row, "grupper": covers[row["indikator"]]}


def own(told: Source) -> Iterator[Row]:
    """Give a row for each sub-indicator that the municipality has assessed."""
    for which, record in told.records():
        assessed = record["own"]
        for part in assessed["parts"]:
            yield {
                **which,
                "delindikator": part["key"],
                **{f"navn_{code}": part["name"][code] for code in ("nb", "nn", "en")},
                "vurdering": part["level"],
                "teller_som": part["counted_as"],
                "begrunnelse": part["justification"],
                "ansvarlig": part["responsible"],
                "belegg": " ".join(map(str, part["evidence"])),
                "signert_av": assessed["signed_by"],
                "signert": assessed["signed_at"],
            }


def evidence(told: Source) -> Iterator[Row]:
    """Give a row for each piece of evidence."""
    for which, record in told.records():
        for piece in record["evidence"]:
            file, figure = piece["file"] or {}, piece["figure"] or {}
            contested = [each for each in piece["verdicts"] if each["verdict"] == "contested"]
            yield {
                **which,
                "delindikator": piece["part"],
                "belegg": piece["id"],
                "slag": piece["kind"],
                "tittel": piece["title"],
                "adresse": piece["url"],
                "fil": file.get("name"),
                "sha256": file.get("sha256"),
                "storrelse": file.get("size"),
                "verdi": _figure(figure.get("value")),
                "enhet": figure.get("unit"),
                "kilde": figure.get("source"),
                "dato": piece["date"],
                "gyldig_fra": piece["valid_from"],
                "gyldig_til": piece["valid_to"],
                "gyldig": "ja" if piece["valid"] else "nei",
                "godtatt": len(piece["verdicts"]) - len(contested),
                "bestridt": len(contested),
                "begrunnelser": " | ".join(each["reason"] for each in contested),
            }


def verification(told: Source) -> Iterator[Row]:
    """Give a row for each colour that was set; one without a colour where there are none to tell."""
    for which, record in told.records():
        found = record["verification"]
        about = {**which, "tilstand": found["state"], "niva": found["level"]}
        if not found["colours"]:
            yield {**about, "farge": None, "begrunnelse": ""}
        for colour in found["colours"]:
            yield {**about, "farge": colour["level"], "begrunnelse": colour["reason"]}


def replies(told: Source) -> Iterator[Row]:
    """Give a row for each reply."""
    for which, record in told.records():
        for reply in record["replies"]:
            yield {**which, "tekst": reply["text"], "dato": reply["date"], "av": reply["by"]}


def series(_told: Source) -> Iterator[Row]:
    """Give a row for each point of the figures over time, as they stand now."""
    for each in every_series():
        for point in each.points:
            yield {
                "indikator": each.indicator,
                "tallrekke": each.id,
                "tittel": each.title,
                "enhet": each.unit,
                "kilde": each.source,
                "adresse": each.source_url,
                "periode": point.period,
                "verdi": point.value,
                "tegn": point.status,
                "verdi_for": point.previous,
                "hentet": utc(each.fetched_at) if each.fetched_at else None,
            }


def measures(told: Source) -> Iterator[Row]:
    """Give a row for each measure that answers the round, as they stand now."""
    found = db.session.scalars(
        sa.select(IndicatorMeasure).where(IndicatorMeasure.round_id == told.round.id).order_by(IndicatorMeasure.id)
    )
    for each in sorted(found, key=lambda each: (sort_key(each.indicator), each.id)):
        yield {
            "runde": told.round.slug,
            "indikator": each.indicator,
            "tiltak": each.id,
            "tittel": each.title,
            "beskrivelse": each.description,
            "ansvarlig": each.responsible,
            "frist": each.deadline,
            "status": each.status.value,
            "laget": utc(each.created_at),
            "sist_fortalt": utc(each.told_at),
        }


def _cells(told: Source) -> Iterator[Row]:
    names = {indicator.number: indicator.name.nb for indicator in catalogue_of(told.round).indicators}
    return published.rows_of(told.round, told.revision, told.results, names)


def _weighted(group: GroupResult) -> Row:
    """Return a group's weighted figures: hidden as the plain ones are, and empty where there are none."""
    if group.shares is None:
        return dict.fromkeys(WEIGHTED, HIDDEN)
    if group.weighted is None:
        return dict.fromkeys(WEIGHTED)
    shares = group.weighted.shares
    return dict(zip(WEIGHTED, (shares.red, shares.yellow, shares.green, group.weighted.n_eff), strict=True))


def _figure(value: Any) -> Any:
    """Return a figure as a number, so that a minus before it isn't taken for a formula."""
    if not isinstance(value, str):
        return value
    try:
        return Decimal(value)
    except InvalidOperation:
        return value
