"""Assessing sub-indicators with evidence; the own level of the indicator follows by the colour rule."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa

from portal.files import actions as files
from portal.files.intake import Received
from portal.kernel import clock
from portal.kernel.content import Ref
from portal.kernel.db import atomic, db
from portal.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from portal.kernel.events import publish
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor
from portal.observatorium import colour_rule, policy
from portal.observatorium.actions.own_levels import begin_own
from portal.observatorium.colour_rule import PartLevel
from portal.observatorium.events.assessing import (
    EVIDENCE,
    EvidenceAdded,
    EvidenceRemoved,
    OwnAssessmentSigned,
    OwnSummaryWritten,
    PartAssessed,
)
from portal.observatorium.events.rounds import OwnLevelSet
from portal.observatorium.models.assessing import Evidence, EvidenceKind, PartAssessment
from portal.observatorium.models.rounds import OwnAssessment, Round
from portal.observatorium.queries.assessing import (
    PartState,
    Piece,
    areas_of,
    closing_day,
    find_part,
    lock_assessed,
    states,
)

STALE = _l("Noen andre har endret denne mens du skrev. Lagre en gang til hvis det er ditt som skal gjelde.")
LONGEST_ADDRESS = 2000


@dataclass(frozen=True, kw_only=True)
class AssessmentDraft:
    """What the municipality says of a sub-indicator."""

    level: PartLevel
    justification: str = ""
    responsible: str = ""
    version: int = 0
    """Of the copy that was seen; 0 when there was none."""


@dataclass(frozen=True, kw_only=True)
class EvidenceDraft:
    """A piece of evidence; a file has been received before."""

    kind: EvidenceKind
    title: str
    dated_on: date
    url: str = ""
    file: Received | None = None
    figure_value: float | None = None
    figure_unit: str = ""
    figure_source: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, kw_only=True)
class SummaryDraft:
    """What the municipality says of an indicator as a whole, and the title that signs it, if any does."""

    text: str
    signed_by_title: str = ""
    version: int = 0


@atomic
def assess(actor: Actor, slug: str, key: str, draft: AssessmentDraft, evidence: EvidenceDraft | None = None) -> None:
    """Say where a sub-indicator stands, and add a piece of evidence when one comes along.

    Raises Invalid: at its field for what is wrong, at no field when somebody else has changed it since it was seen.
    """
    round_, state = _open_part(actor, slug, key)
    if evidence is not None:
        _add(actor, round_, state, evidence)
        state = find_part(round_, key)
    _check(round_, state, draft)
    changed = _write(actor, round_, state, draft)
    if changed:
        publish(
            PartAssessed(actor=actor, round_id=round_.id, slug=slug, part=state.key, part_level=draft.level),
        )
    if changed or evidence is not None:
        judge(actor, round_, [state.indicator])


@atomic
def add_evidence(actor: Actor, slug: str, key: str, draft: EvidenceDraft) -> Evidence:
    """Add a piece of evidence to a sub-indicator."""
    round_, state = _open_part(actor, slug, key)
    made = _add(actor, round_, state, draft)
    judge(actor, round_, [state.indicator])
    return made


@atomic
def remove_evidence(actor: Actor, slug: str, evidence_id: int) -> None:
    """Take back a piece of evidence before publishing. Conflict when a green sub-indicator would stand without."""
    evidence = db.session.get(Evidence, evidence_id)
    if evidence is None or evidence.removed_at is not None:
        raise NotFound(_l("Vi finner ikke dette belegget. Det kan være fjernet."))
    round_, state = _open_part(actor, slug, evidence.key)
    if evidence.round_id != round_.id:
        raise NotFound(_l("Vi finner ikke dette belegget. Det kan være fjernet."))
    others = [piece for piece in state.pieces if piece.evidence.id != evidence_id and piece.valid]
    if state.level is PartLevel.GREEN and not state.is_unconfirmed and not others:
        raise Conflict(_l("Delindikatoren er grønn og har ikke annet gyldig belegg. Sett en annen farge først."))
    _let_go_of_file(actor, evidence)
    evidence.removed_at = clock.now()
    db.session.flush()
    publish(
        EvidenceRemoved(actor=actor, round_id=round_.id, slug=slug, part=evidence.key, evidence_id=evidence.id),
    )
    judge(actor, round_, [evidence.indicator])


@atomic
def confirm(actor: Actor, slug: str, indicator: str) -> int:
    """Confirm what was copied from an earlier round to an indicator; return how many sub-indicators were.

    A green one whose evidence isn't valid any more stays unconfirmed: somebody must look at it.
    """
    round_ = lock_assessed(actor, slug)
    _require(actor, round_, areas_of(round_, indicator))
    found = states(round_, [indicator]).get(indicator)
    waiting = [part for part in found.parts if part.is_unconfirmed] if found else []
    confirmed = [part for part in waiting if part.level is not PartLevel.GREEN or _has_valid(part)]
    for part in confirmed:
        if part.assessment is not None:
            part.assessment.is_confirmed = True
            publish(PartAssessed(actor=actor, round_id=round_.id, slug=slug, part=part.key, part_level=part.level))
    db.session.flush()
    if confirmed:
        judge(actor, round_, [indicator])
    return len(confirmed)


@atomic
def sum_up(actor: Actor, slug: str, indicator: str, draft: SummaryDraft) -> None:
    """Write the summary of an indicator; with a title, a coordinator signs it too."""
    round_ = lock_assessed(actor, slug)
    _require(actor, round_, areas_of(round_, indicator))
    state = states(round_, [indicator]).get(indicator)
    if state is None:
        raise NotFound(_l("Vi finner ikke denne indikatoren."))
    own = state.own
    if draft.version != (own.version if own else 0) and draft.text != (own.justification if own else ""):
        raise Invalid("", STALE)
    own = own or begin_own(actor, round_, indicator)
    if own.justification != draft.text:
        own.justification, own.signed_by_title, own.signed_at = draft.text, None, None
        db.session.flush()
        publish(OwnSummaryWritten(actor=actor, round_id=round_.id, slug=slug, indicator=indicator))
    if draft.signed_by_title:
        _sign(actor, round_, own, draft.signed_by_title, is_ready=not any(part.is_unconfirmed for part in state.parts))


@atomic
def judge_round(actor: Actor, slug: str) -> None:
    """Let the rule judge a whole round again: when its closing day has moved, other evidence is valid."""
    round_ = lock_assessed(actor, slug)
    if not (actor.is_system or policy.may_run_rounds(actor)):
        raise Forbidden(_l("Bare en koordinator for observatoriet kan gjøre dette."))
    judge(actor, round_)


@atomic
def judge(actor: Actor, round_: Round, indicators: Collection[str] | None = None) -> None:
    """Put the level that follows from the parts on the indicators that are assessed by parts; a signature is gone."""
    for number, state in states(round_, indicators).items():
        if not state.is_by_parts:
            continue
        level = colour_rule.colour(part.counted_as for part in state.parts)
        own = state.own or begin_own(actor, round_, number)
        differs = own.level is not level
        own.level = level
        if indicators is not None or differs:
            own.signed_by_title = own.signed_at = None
        db.session.flush()
        if differs:
            publish(OwnLevelSet(actor=actor, round_id=round_.id, slug=round_.slug, indicator=number, level=level))


def _open_part(actor: Actor, slug: str, key: str) -> tuple[Round, PartState]:
    round_ = lock_assessed(actor, slug)
    state = find_part(round_, key)
    _require(actor, round_, areas_of(round_, state.indicator))
    if state.hidden:
        raise Conflict(_l("Delindikatoren er skjult i denne runden."))
    return round_, state


def _require(actor: Actor, round_: Round, assigned: Collection[int]) -> None:
    if policy.may_assess(actor, round_, assigned):
        return
    if policy.holds_evidence(round_):
        raise Conflict(_l("Egenvurderingen er publisert og kan bare endres med en retting."))
    raise Forbidden(_l("Denne indikatoren er ikke fordelt til ditt tjenesteområde."))


def _check(round_: Round, state: PartState, draft: AssessmentDraft) -> None:
    if draft.level is PartLevel.NOT_RELEVANT and not draft.justification:
        raise Invalid("justification", _l("Skriv hvorfor delindikatoren ikke er relevant."))
    if draft.level is not PartLevel.NOT_ASSESSED and not draft.justification:
        raise Invalid("justification", _l("Skriv hvorfor dere setter denne fargen."))
    if draft.level is not PartLevel.GREEN or _has_valid(state):
        return
    if not state.pieces:
        raise Invalid("level", _l("Grønt krever belegg. Legg til belegg nedenfor, eller velg en annen farge."))
    raise Invalid(
        "level",
        _l(
            "Grønt krever belegg som gjelder den %(date)s, når runden lukker. Legg til et som gjelder da, eller velg "
            "en annen farge.",
            date=f"{closing_day(round_):%d.%m.%Y}",
        ),
    )


def _write(actor: Actor, round_: Round, state: PartState, draft: AssessmentDraft) -> bool:
    before = state.assessment
    said = (draft.level, draft.justification, draft.responsible)
    if before is None and draft.level is PartLevel.NOT_ASSESSED and not (draft.justification or draft.responsible):
        return False
    if before and before.is_confirmed and said == (before.level, before.justification, before.responsible):
        return False
    if draft.version != (before.version if before else 0):
        raise Invalid("", STALE)
    if before is None:
        begin_own(actor, round_, state.indicator)
        before = PartAssessment(round_id=round_.id, indicator=state.indicator, key=state.key)
        db.session.add(before)
    before.level, before.justification, before.responsible = said
    before.is_confirmed = True
    db.session.flush()
    return True


def _add(actor: Actor, round_: Round, state: PartState, draft: EvidenceDraft) -> Evidence:
    _check_evidence(draft)
    told = _told(draft)
    again = next((piece.evidence for piece in state.pieces if _is_same(piece, told, draft)), None)
    if again is not None:  # the form was sent twice
        return again
    made = Evidence(
        round_id=round_.id,
        indicator=state.indicator,
        key=state.key,
        created_at=clock.now(),
        created_by_id=actor.id,
        **told,
    )
    db.session.add(made)
    db.session.flush()
    if draft.file is not None and draft.kind is EvidenceKind.FILE:
        made.file_id = files.upload(actor, draft.file, Ref(EVIDENCE, made.id)).id
        db.session.flush()
    publish(
        EvidenceAdded(actor=actor, round_id=round_.id, slug=round_.slug, part=state.key, evidence_id=made.id),
    )
    return made


def _told(draft: EvidenceDraft) -> dict[str, Any]:
    """Return what a piece says, without what belongs to another kind."""
    is_figure = draft.kind is EvidenceKind.FIGURE
    return {
        "kind": draft.kind,
        "title": draft.title,
        "url": draft.url if draft.kind is EvidenceKind.LINK else None,
        "figure_value": draft.figure_value if is_figure else None,
        "figure_unit": draft.figure_unit if is_figure else "",
        "figure_source": draft.figure_source if is_figure else "",
        "dated_on": draft.dated_on,
        "valid_from": draft.valid_from,
        "valid_to": draft.valid_to,
    }


def _is_same(piece: Piece, told: Mapping[str, Any], draft: EvidenceDraft) -> bool:
    """Say whether a piece that stands says all that another does, with the same file."""
    file = draft.file if draft.kind is EvidenceKind.FILE else None
    same_file = (piece.file.sha256 if piece.file else None) == (file.sha256 if file else None)
    return same_file and all(getattr(piece.evidence, name) == value for name, value in told.items())


def _check_evidence(draft: EvidenceDraft) -> None:
    if not draft.title:
        raise Invalid("title", _l("Skriv hva belegget heter."))
    if draft.dated_on > clock.today():
        raise Invalid("dated_on", _l("Datoen er fram i tid. Skriv datoen som står på belegget."))
    if draft.valid_from and draft.valid_to and draft.valid_to < draft.valid_from:
        raise Invalid("valid_to", _l("Siste dag må komme etter første dag."))
    _check_kind(draft)


def _check_kind(draft: EvidenceDraft) -> None:
    """Ask for what belongs to a link, a file or a figure."""
    match draft.kind:
        case EvidenceKind.LINK if not _is_address(draft.url):
            raise Invalid("url", _l("Skriv hele adressen, for eksempel https://www.asker.kommune.no/arsrapport."))
        case EvidenceKind.FILE if draft.file is None:
            raise Invalid("file", _l("Velg en fil."))
        case EvidenceKind.FIGURE if draft.figure_value is None:
            raise Invalid("figure_value", _l("Skriv tallet."))
        case EvidenceKind.FIGURE if not draft.figure_unit:
            raise Invalid("figure_unit", _l("Skriv hva tallet måles i, for eksempel prosent."))
        case EvidenceKind.FIGURE if not draft.figure_source:
            raise Invalid("figure_source", _l("Skriv hvor tallet kommer fra, for eksempel SSB tabell 12362."))
        case _:
            return


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    host_is_whole = bool(parts.hostname) and "." in (parts.hostname or "") and " " not in text
    return parts.scheme in {"https", "http"} and host_is_whole and len(text) <= LONGEST_ADDRESS


def _let_go_of_file(actor: Actor, evidence: Evidence) -> None:
    """Remove the file of evidence that is taken back, unless it is evidence in another round as well."""
    if evidence.file_id is None:
        return
    file_id, evidence.file_id = evidence.file_id, None
    db.session.flush()
    if db.session.scalar(sa.select(sa.func.count()).where(Evidence.file_id == file_id)) == 0:
        files.remove_all(actor, Ref(EVIDENCE, evidence.id))


def _has_valid(state: PartState) -> bool:
    return any(piece.valid for piece in state.pieces)


def _sign(actor: Actor, round_: Round, own: OwnAssessment, title: str, *, is_ready: bool) -> None:
    if not policy.may_set_own_levels(actor, round_):
        raise Forbidden(_l("Bare en koordinator for observatoriet kan signere."))
    if not is_ready:
        raise Invalid("signed_by_title", _l("Bekreft det som er kopiert, før du signerer."))
    if own.level is None and not own.justification:
        raise Invalid(
            "signed_by_title", _l("Vurder minst én delindikator, eller skriv en oppsummering, før du signerer.")
        )
    own.signed_by_title, own.signed_at = title, clock.now()
    db.session.flush()
    publish(OwnAssessmentSigned(actor=actor, round_id=round_.id, slug=round_.slug, indicator=own.indicator))
