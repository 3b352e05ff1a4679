"""How the self-assessment of a round stands: its parts, what is said of each, the evidence, and what it comes to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from portal.files.models import File
from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.errors import NotFound
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor
from portal.observatorium import colour_rule, policy
from portal.observatorium.catalogue import Indicator, Level, Text, sort_key
from portal.observatorium.colour_rule import PartLevel
from portal.observatorium.models.assessing import Assignment, Evidence, Origin, Part, PartAssessment
from portal.observatorium.models.rounds import OwnAssessment, Round, RoundState
from portal.observatorium.queries.rounds import catalogue_of


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A piece of evidence, with its file, and whether it is valid on the closing day."""

    evidence: Evidence
    file: File | None
    valid: bool


@dataclass(frozen=True, kw_only=True)
class PartState:
    """A sub-indicator as it is in a round, and how its assessment stands."""

    indicator: str
    key: str
    name: Text
    origin: Origin
    hidden: bool
    assessment: PartAssessment | None = None
    pieces: Sequence[Piece] = ()

    @property
    def level(self) -> PartLevel:
        """What the municipality says."""
        return self.assessment.level if self.assessment else PartLevel.NOT_ASSESSED

    @property
    def counted_as(self) -> PartLevel:
        """What it counts as by the colour rule."""
        confirmed = self.assessment is None or self.assessment.is_confirmed
        evidence = [piece.valid for piece in self.pieces]
        return colour_rule.counted_as(self.level, evidence=evidence, is_confirmed=confirmed)

    @property
    def is_unconfirmed(self) -> bool:
        return self.assessment is not None and not self.assessment.is_confirmed

    @property
    def is_missing(self) -> bool:
        """Say whether somebody still has something to do here."""
        return self.counted_as is PartLevel.NOT_ASSESSED


@dataclass(frozen=True, kw_only=True)
class IndicatorState:
    """An indicator as the municipality has assessed it."""

    indicator: Indicator
    own: OwnAssessment | None
    parts: Sequence[PartState]
    """Those that are shown, in order."""
    hidden: Sequence[PartState]

    @property
    def level(self) -> Level | None:
        """The level that stands: what the rule made of the parts, or what was set for the whole."""
        return self.own.level if self.own else None

    @property
    def is_by_parts(self) -> bool:
        return any(part.assessment for part in self.parts)

    @property
    def counts(self) -> Mapping[PartLevel, int]:
        return colour_rule.counts(part.counted_as for part in self.parts)

    @property
    def why(self) -> colour_rule.Why:
        return colour_rule.why(part.counted_as for part in self.parts)

    @property
    def done(self) -> int:
        """How many parts need nothing more."""
        return sum(not part.is_missing for part in self.parts)


@dataclass(frozen=True)
class _Changed:
    """A sub-indicator that the municipality has added, reworded or hidden."""

    indicator: str
    key: str
    name: Text
    origin: Origin
    hidden: bool


def closing_day(round_: Round) -> date:
    """Return the day that evidence must be valid on: the last of the round, or the earlier day on which it closed."""
    closed = clock.local(round_.closed_at).date() if round_.closed_at else round_.last_day
    return min(closed, round_.last_day)


def find_round(actor: Actor, slug: str) -> Round:
    """Return a round that somebody may have something to assess in; raises NotFound."""
    return _one(sa.select(Round).where(Round.slug == slug, policy.assessable(actor)))


def lock_assessed(actor: Actor, slug: str) -> Round:
    """Return such a round to change its assessment in the running transaction; raises NotFound."""
    statement = sa.select(Round).where(Round.slug == slug, policy.assessable(actor)).with_for_update()
    return _one(statement.execution_options(populate_existing=True))


def states(round_: Round, indicators: Collection[str] | None = None) -> dict[str, IndicatorState]:
    """Return how indicators stand, all 39 unless some are named: two statements, and one for the parts of a draft."""
    wanted = [each for each in catalogue_of(round_).indicators if indicators is None or each.number in indicators]
    own, assessments = _said(round_, [each.number for each in wanted])
    parts = _parts(round_, wanted, assessments)
    return {
        each.number: IndicatorState(
            indicator=each,
            own=own.get(each.number),
            parts=[part for part in parts[each.number] if not part.hidden],
            hidden=[part for part in parts[each.number] if part.hidden],
        )
        for each in wanted
    }


def parts_of(round_: Round, indicator: str) -> list[PartState]:
    """Return the sub-indicators of an indicator as they are in a round, hidden ones too; raises NotFound."""
    found = find_indicator(round_, indicator)
    _own, assessments = _said(round_, [indicator])
    return _parts(round_, [found], assessments)[indicator]


def find_indicator(round_: Round, number: str) -> Indicator:
    """Return one of the 39 as it is in a round; raises NotFound."""
    found = catalogue_of(round_).indicator(number)
    if found is None:
        raise NotFound(_l("Vi finner ikke denne indikatoren."))
    return found


def find_part(round_: Round, key: str) -> PartState:
    """Return one sub-indicator, hidden or not; raises NotFound."""
    for part in parts_of(round_, key.rpartition(".")[0]):
        if part.key == key:
            return part
    raise NotFound(_l("Vi finner ikke denne delindikatoren."))


def areas_of(round_: Round, indicator: str) -> list[int]:
    """Return the service areas that an indicator is assigned to."""
    return list(
        db.session.scalars(
            sa.select(Assignment.service_area_id).where(
                Assignment.round_id == round_.id, Assignment.indicator == indicator
            )
        )
    )


def missing(round_id: int) -> list[str]:
    """Return the indicators whose parts aren't all assessed, for those that are assessed part by part."""
    round_ = db.session.get_one(Round, round_id)
    return [number for number, each in states(round_).items() if each.is_by_parts and each.done < len(each.parts)]


def unfinished(round_: Round) -> set[str]:
    """Return the indicators where somebody still has a sub-indicator to assess or confirm."""
    if round_.state in {RoundState.PUBLISHED, RoundState.WITHDRAWN} or round_.publishing_since is not None:
        return set()
    return {number for number, each in states(round_).items() if each.done < len(each.parts)}


def assessing_record(round_id: int) -> dict[str, dict[str, Any]]:
    """Return what a revision keeps of the self-assessment, by indicator, as plain values: never who wrote it.

    An indicator that has a level and nothing else has no record.
    """
    found = states(db.session.get_one(Round, round_id))
    return {
        number: {"own": _own(each), "evidence": _evidence(each)}
        for number, each in found.items()
        if each.is_by_parts or any(part.pieces for part in each.parts) or (each.own and each.own.justification)
    }


def _own(state: IndicatorState) -> dict[str, Any]:
    own = state.own
    return {
        "level": own.level.value if own and own.level else None,
        "counts": {level.value: count for level, count in state.counts.items()} if state.is_by_parts else {},
        "summary": own.justification if own else "",
        "signed_by": (own.signed_by_title or "") if own else "",
        "signed_at": own.signed_at.isoformat() if own and own.signed_at else None,
        "parts": [_part(part) for part in state.parts] if state.is_by_parts else [],
    }


def _part(part: PartState) -> dict[str, Any]:
    said = part.assessment
    return {
        "key": part.key,
        "name": {"nb": part.name.nb, "nn": part.name.nn, "en": part.name.en},
        "level": (part.level if not part.is_unconfirmed else PartLevel.NOT_ASSESSED).value,
        "counted_as": part.counted_as.value,
        "justification": said.justification if said and said.is_confirmed else "",
        "responsible": said.responsible if said and said.is_confirmed else "",
        "evidence": [] if part.is_unconfirmed else [piece.evidence.id for piece in part.pieces],
    }


def _evidence(state: IndicatorState) -> list[dict[str, Any]]:
    return [_piece(piece) for part in state.parts if not part.is_unconfirmed for piece in part.pieces]


def _piece(piece: Piece) -> dict[str, Any]:
    evidence, file = piece.evidence, piece.file
    figure = {
        "value": evidence.figure_value,
        "unit": evidence.figure_unit,
        "source": evidence.figure_source,
    }
    return {
        "id": evidence.id,
        "part": evidence.key,
        "kind": evidence.kind.value,
        "title": evidence.title,
        "url": evidence.url,
        "file": {"id": file.id, "name": file.name, "sha256": file.sha256, "size": file.size} if file else None,
        "figure": figure if evidence.figure_value is not None else None,
        "date": evidence.dated_on.isoformat(),
        "valid_from": evidence.valid_from.isoformat() if evidence.valid_from else None,
        "valid_to": evidence.valid_to.isoformat() if evidence.valid_to else None,
        "valid": piece.valid,
        "verdicts": [],
    }


def _pieces(round_: Round, numbers: Sequence[str]) -> Mapping[str, list[Piece]]:
    day = closing_day(round_)
    rows = db.session.execute(
        sa.select(Evidence, File)
        .outerjoin(File, File.id == Evidence.file_id)
        .where(Evidence.round_id == round_.id, Evidence.indicator.in_(numbers), Evidence.removed_at.is_(None))
        .order_by(Evidence.id)
    )
    found: dict[str, list[Piece]] = defaultdict(list)
    for evidence, file in rows:
        found[evidence.key].append(Piece(evidence=evidence, file=file, valid=evidence.is_valid_on(day)))
    return found


def _changed(round_: Round) -> tuple[_Changed, ...]:
    """Return what this municipality has changed in the catalogue's sub-indicators: frozen when the round opened."""
    if round_.opened_at is None:
        return _read_changed(round_.id)
    return _frozen(round_.id, round_.opened_at)


@lru_cache(maxsize=32)
def _frozen(round_id: int, _opened_at: datetime) -> tuple[_Changed, ...]:
    return _read_changed(round_id)


def _read_changed(round_id: int) -> tuple[_Changed, ...]:
    return tuple(
        _Changed(part.indicator, part.key, Text(part.name_nb, part.name_nn, part.name_en), part.origin, part.hidden)
        for part in db.session.scalars(sa.select(Part).where(Part.round_id == round_id))
    )


def _said(round_: Round, numbers: Sequence[str]) -> tuple[dict[str, OwnAssessment], dict[str, PartAssessment]]:
    """Return what is said of indicators, and of their parts by key: an indicator with one has the other."""
    parts = sa.and_(
        PartAssessment.round_id == OwnAssessment.round_id, PartAssessment.indicator == OwnAssessment.indicator
    )
    rows: Sequence[Any] = db.session.execute(
        sa.select(OwnAssessment, PartAssessment)
        .outerjoin(PartAssessment, parts)
        .where(OwnAssessment.round_id == round_.id, OwnAssessment.indicator.in_(numbers))
    ).all()
    return {row[0].indicator: row[0] for row in rows}, {row[1].key: row[1] for row in rows if row[1] is not None}


def _parts(
    round_: Round, indicators: Sequence[Indicator], assessments: Mapping[str, PartAssessment]
) -> dict[str, list[PartState]]:
    pieces = _pieces(round_, [each.number for each in indicators])
    found: dict[str, list[PartState]] = {}
    changed = _changed(round_)
    for each in indicators:
        names = {part.key: part.name for part in each.sub_indicators}
        mine = {part.key: part for part in changed if part.indicator == each.number}
        names |= {key: part.name for key, part in mine.items()}
        found[each.number] = [
            PartState(
                indicator=each.number,
                key=key,
                name=names[key],
                origin=mine[key].origin if key in mine else Origin.STANDARD,
                hidden=key in mine and mine[key].hidden,
                assessment=assessments.get(key),
                pieces=pieces.get(key, ()),
            )
            for key in sorted(names, key=sort_key)
        ]
    return found


def _one(statement: sa.Select[Round]) -> Round:
    found = db.session.scalar(statement)
    if found is None:
        raise NotFound(_l("Vi finner ikke denne runden."))
    return found
