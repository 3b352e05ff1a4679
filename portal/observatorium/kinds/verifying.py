"""What verifying tells the kernel: where notices lead, and what it keeps about verifiers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from portal.kernel.content import Card, ContentKind, Ref
from portal.kernel.db import db, delete_rows
from portal.kernel.i18n import _, _l
from portal.kernel.identity import Actor
from portal.kernel.personal import NOTHING_LEFT, PersonalData, Terms
from portal.observatorium import policy
from portal.observatorium.events.verifying import VERIFYING
from portal.observatorium.models.rounds import Round
from portal.observatorium.models.verifying import Appointment, EvidenceVerdict, VerifierColour


def cards(ids: Sequence[int]) -> Mapping[int, Card]:
    """Return links to what a verifier has before them, by the rounds they are asked about."""
    rounds = db.session.execute(sa.select(Round.id, Round.title).where(Round.id.in_(ids)))
    return {
        id_: Card(
            ref=Ref(VERIFYING, id_),
            title=_("Verifisering: %(round)s", round=title),
            endpoint="observatorium_verifying.index",
            excerpt=_("Svar først på om du er inhabil. Så ser du egenvurderingen og beleggene."),
        )
        for id_, title in rounds
    }


def may(actor: Actor, _ref: Ref, verb: str) -> bool:
    """Say who may open it: verifiers, who see only what is theirs."""
    return verb == "read" and policy.may_see_verifying(actor)


def export(account_id: int) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Return what a person has been asked to verify, and what they said."""
    mine = Appointment.account_id == account_id
    appointments = db.session.execute(
        sa.select(
            *(Round.slug, Appointment.indicator, Appointment.appointed_at, Appointment.has_conflict),
            *(Appointment.statement, Appointment.criteria, Appointment.stated_at),
            *(VerifierColour.level, VerifierColour.reason),
        )
        .join(Round, Round.id == Appointment.round_id)
        .outerjoin(VerifierColour, VerifierColour.appointment_id == Appointment.id)
        .where(mine)
        .order_by(Appointment.id)
    )
    verdicts = db.session.execute(
        sa.select(
            *(Round.slug, Appointment.indicator, EvidenceVerdict.evidence_id),
            *(EvidenceVerdict.verdict, EvidenceVerdict.reason, EvidenceVerdict.given_at),
        )
        .join(Appointment, Appointment.id == EvidenceVerdict.appointment_id)
        .join(Round, Round.id == Appointment.round_id)
        .where(mine)
        .order_by(Appointment.id, EvidenceVerdict.evidence_id)
    )
    given = db.session.execute(
        sa.select(Round.slug, Appointment.indicator, Appointment.appointed_at)
        .join(Round, Round.id == Appointment.round_id)
        .where(Appointment.appointed_by_id == account_id)
        .order_by(Appointment.id)
    )
    return {
        "verifying": [dict(row) for row in appointments.mappings()],
        "evidence_verdicts": [dict(row) for row in verdicts.mappings()],
        "appointed_verifiers": [dict(row) for row in given.mappings()],
    }


def erase(account_id: int, _terms: Terms = NOTHING_LEFT) -> None:
    """Take the name off what a verifier has answered, which stays; what they never answered goes.

    The statement of a conflict of interest goes too: it tells of the person. That there was one, stays.
    """
    answered = sa.select(VerifierColour.appointment_id)
    mine = Appointment.account_id == account_id
    delete_rows(
        sa.delete(Appointment).where(mine, Appointment.id.not_in(answered), Appointment.has_conflict.is_not(True))
    )
    db.session.execute(sa.update(Appointment).where(mine).values(account_id=None, statement=""))
    db.session.execute(
        sa.update(Appointment).where(Appointment.appointed_by_id == account_id).values(appointed_by_id=None)
    )


def stays(account_id: int) -> Sequence[str]:
    """Say what a verifier's answers become."""
    answered = sa.select(sa.func.count()).select_from(VerifierColour).join(Appointment)
    if not db.session.scalar(answered.where(Appointment.account_id == account_id)):
        return []
    return [str(_("Det du har svart som verifikatør, uten navnet ditt."))]


TASKS = ContentKind(name=VERIFYING, label=_l("verifisering"), cards=cards, may=may)

PERSONAL = PersonalData(
    name="verifying",
    tables=frozenset({"observatory_appointments"}),
    export=export,
    erase=erase,
    stays=stays,
)
