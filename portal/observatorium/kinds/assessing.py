"""What the self-assessment tells the kernel: its evidence as what files lie on, its list, and who added evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from portal.kernel.content import Card, ContentKind, Ref
from portal.kernel.db import by_ids, db
from portal.kernel.i18n import _, _l
from portal.kernel.identity import Actor, Role
from portal.kernel.personal import NOTHING_LEFT, PersonalData, Terms
from portal.observatorium import policy
from portal.observatorium.events.assessing import ASSESSING, EVIDENCE
from portal.observatorium.models.assessing import Assignment, Evidence, EvidenceKind
from portal.observatorium.models.rounds import Round


def cards(ids: Sequence[int]) -> Mapping[int, Card]:
    """Return how evidence is shown as links: by the page of its indicator."""
    return {
        each.id: Card(
            ref=Ref(EVIDENCE, each.id),
            title=_("Belegg for %(part)s: %(title)s", part=each.key, title=each.title),
            endpoint="observatorium.indicator",
            values={"number": each.indicator},
        )
        for each in by_ids(Evidence, ids).values()
        if each.removed_at is None
    }


def may(actor: Actor, ref: Ref, verb: str) -> bool:
    """Say what somebody may do with evidence.

    `official` says that its file is the municipality's own word and waits for no moderator; `hold` that its file must
    stay, since a published revision points at it.
    """
    evidence = db.session.get(Evidence, ref.id)
    if evidence is None or evidence.removed_at is not None:
        return False
    round_ = db.session.get_one(Round, evidence.round_id)
    if verb == "hold":
        return policy.holds_evidence(round_)
    if verb == "read":
        return policy.may_read_evidence(actor, round_, _areas(evidence))
    if verb == "attach":
        takes_file = evidence.kind is EvidenceKind.FILE and evidence.file_id is None
        return takes_file and policy.may_assess(actor, round_, _areas(evidence))
    return verb == "official" and policy.may_assess(actor, round_, _areas(evidence))


def desk(ids: Sequence[int]) -> Mapping[int, Card]:
    """Return the link to the list of what somebody is to assess; there is one."""
    return {
        each: Card(
            ref=Ref(ASSESSING, each), title=_("Min del av egenvurderingen"), endpoint="observatorium_assessing.mine"
        )
        for each in ids
    }


def may_with_desk(actor: Actor, _ref: Ref, verb: str) -> bool:
    """Say who reads the list: employees and coordinators, each their own."""
    return verb == "read" and actor.has(Role.EMPLOYEE, Role.COORDINATOR)


def export(account_id: int) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Return the evidence that a person has added as an employee."""
    added = db.session.execute(
        sa.select(Round.slug, Evidence.key.label("part"), Evidence.title, Evidence.created_at)
        .join(Round, Round.id == Evidence.round_id)
        .where(Evidence.created_by_id == account_id)
        .order_by(Evidence.id)
    )
    return {"added_evidence": [dict(row) for row in added.mappings()]}


def erase(account_id: int, _terms: Terms = NOTHING_LEFT) -> None:
    """Forget who added evidence; the evidence itself is the municipality's."""
    db.session.execute(sa.update(Evidence).where(Evidence.created_by_id == account_id).values(created_by_id=None))


def _areas(evidence: Evidence) -> Sequence[int]:
    return db.session.scalars(
        sa.select(Assignment.service_area_id).where(
            Assignment.round_id == evidence.round_id, Assignment.indicator == evidence.indicator
        )
    ).all()


EVIDENCES = ContentKind(name=EVIDENCE, label=_l("belegg"), cards=cards, may=may)
DESK = ContentKind(name=ASSESSING, label=_l("egenvurderinger som venter"), cards=desk, may=may_with_desk)
KINDS = (EVIDENCES, DESK)

PERSONAL = PersonalData(
    name="observatorium_assessing", tables=frozenset({"observatory_evidence"}), export=export, erase=erase
)
