"""How far the verification of each indicator has come, and what may be seen of it.

Verifiers answer blind: what one has said is shown to nobody else before all who are appointed without a conflict of
interest, and at least two, have judged the evidence as it is and set a level. From then on it is shown, and stands.
When evidence comes or is changed afterwards, it is hidden again until they have judged that too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy import orm

from portal.accounts.models import Account, Grant
from portal.kernel.db import db
from portal.kernel.identity import STAFF, Role
from portal.observatorium.catalogue import Level
from portal.observatorium.models.assessing import Evidence, Part, PartAssessment
from portal.observatorium.models.verifying import Appointment, EvidenceVerdict, Reply, Verdict

ENOUGH = 2
"""Verifiers without a conflict of interest; under it an indicator isn't verified."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One indicator in one round: its verifiers, the evidence they judge, and the municipality's reply."""

    appointments: Sequence[Appointment] = ()
    """In the order of appointment, with their verdicts and colours."""
    names: Mapping[int, str] = field(default_factory=dict)
    """The verifiers' names by appointment, for the coordinator alone."""
    evidence: Mapping[int, int]
    """The version of each piece of evidence there is now, by its number."""
    reply: Reply | None = None

    @property
    def active(self) -> list[Appointment]:
        """Those who haven't said that they have a conflict of interest."""
        return [each for each in self.appointments if not each.has_conflict]

    @property
    def answered(self) -> list[Appointment]:
        """Those who have set a level."""
        return [each for each in self.active if each.colour is not None]

    @property
    def has_enough(self) -> bool:
        return len(self.active) >= ENOUGH

    @property
    def is_revealed(self) -> bool:
        return self.has_enough and all(self.is_complete(each) for each in self.active)

    @property
    def is_verified(self) -> bool:
        """Say whether enough have answered, also when evidence has come since: that can't undo an answer."""
        return len(self.answered) >= ENOUGH

    @property
    def level(self) -> Level | None:
        """The level they agree on."""
        levels = {each.colour.level for each in self.answered if each.colour}
        return levels.pop() if self.is_verified and len(levels) == 1 else None

    @property
    def state(self) -> str:
        """Return none, not_verified, agreed or differing."""
        if not self.active:
            return "none"
        if not self.is_verified:
            return "not_verified"
        return "agreed" if self.level else "differing"

    @property
    def is_contested(self) -> bool:
        return self.is_verified and any(
            each.verdict is Verdict.CONTESTED for one in self.answered for each in self.current(one).values()
        )

    def current(self, appointment: Appointment) -> dict[int, EvidenceVerdict]:
        """Return the verdicts on evidence that is as it was when it was judged, by its number."""
        return {
            each.evidence_id: each
            for each in appointment.verdicts
            if self.evidence.get(each.evidence_id) == each.seen_version
        }

    def outdated(self, appointment: Appointment) -> dict[int, EvidenceVerdict]:
        """Return the verdicts on evidence that has been changed since."""
        return {
            each.evidence_id: each
            for each in appointment.verdicts
            if self.evidence.get(each.evidence_id, each.seen_version) != each.seen_version
        }

    def is_complete(self, appointment: Appointment) -> bool:
        """Say whether somebody has judged every piece of evidence as it is now, and set a level."""
        return appointment.colour is not None and len(self.current(appointment)) == len(self.evidence)


def standing(round_id: int, indicator: str, *, lock: bool = False) -> Standing:
    """Return how the verification of one indicator stands; with `lock`, nobody else changes it meanwhile."""
    found = standings(round_id, indicator=indicator, lock=lock)
    return found.get(indicator, Standing(evidence={}))


def standings(round_id: int, *, indicator: str | None = None, lock: bool = False) -> dict[str, Standing]:
    """Return how the verification stands, by indicator, in three statements."""
    appointed = appointments(round_id, indicator, lock=lock)
    evidence = _evidence(round_id, indicator)
    replies = {each.indicator: each for each in _replies(round_id, indicator)}
    return {
        each: Standing(
            appointments=list(appointed.get(each, {})),
            names={one.id: name for one, name in appointed.get(each, {}).items()},
            evidence=evidence.get(each, {}),
            reply=replies.get(each),
        )
        for each in sorted({*appointed, *evidence, *replies})
    }


def appointments(
    round_id: int, indicator: str | None = None, *, account_id: int | None = None, lock: bool = False
) -> Mapping[str, Mapping[Appointment, str]]:
    """Return the appointments with all that was said, and the verifiers' names, by indicator: one statement.

    With `account_id`, those of that account to other indicators come along.
    """
    wanted = (
        sa.select(Appointment, Account.name)
        .outerjoin(Account, Account.id == Appointment.account_id)
        .where(Appointment.round_id == round_id)
        .order_by(Appointment.id)
        .options(orm.joinedload(Appointment.colour), orm.joinedload(Appointment.verdicts))
    )
    if indicator is not None:
        wanted = wanted.where(sa.or_(Appointment.indicator == indicator, Appointment.account_id == account_id))
    if lock:
        wanted = wanted.with_for_update(of=Appointment).execution_options(populate_existing=True)
    found: dict[str, dict[Appointment, str]] = defaultdict(dict)
    for each, name in db.session.execute(wanted).unique():
        found[each.indicator][each] = name or ""
    return found


def counts_as_evidence() -> sa.ColumnElement[bool]:
    """Return the condition for the evidence that verifiers judge: of parts that are shown and confirmed."""
    hidden = sa.select(Part.id).where(Part.round_id == Evidence.round_id, Part.key == Evidence.key, Part.hidden)
    unconfirmed = sa.select(PartAssessment.id).where(
        PartAssessment.round_id == Evidence.round_id,
        PartAssessment.key == Evidence.key,
        ~PartAssessment.is_confirmed,
    )
    return sa.and_(Evidence.removed_at.is_(None), ~hidden.exists(), ~unconfirmed.exists())


def candidates() -> dict[int, str]:
    """Return the names of those who can be appointed, by account: verifiers who don't work for the municipality."""
    staff = sa.select(Grant.account_id).where(Grant.role.in_(STAFF))
    rows = db.session.execute(
        sa.select(Account.id, Account.name)
        .where(
            Account.id.in_(sa.select(Grant.account_id).where(Grant.role == Role.VERIFIER)),
            Account.id.not_in(staff),
            Account.deactivated_at.is_(None),
            Account.erased_at.is_(None),
        )
        .order_by(Account.name, Account.id)
    )
    return dict(rows.all())


def _evidence(round_id: int, indicator: str | None) -> Mapping[str, dict[int, int]]:
    wanted = (
        sa.select(Evidence.indicator, Evidence.id, Evidence.version)
        .where(Evidence.round_id == round_id, counts_as_evidence())
        .order_by(Evidence.id)
    )
    if indicator is not None:
        wanted = wanted.where(Evidence.indicator == indicator)
    found: dict[str, dict[int, int]] = defaultdict(dict)
    for each, id_, version in db.session.execute(wanted):
        found[each][id_] = version
    return found


def _replies(round_id: int, indicator: str | None) -> Sequence[Reply]:
    wanted = sa.select(Reply).where(Reply.round_id == round_id)
    if indicator is not None:
        wanted = wanted.where(Reply.indicator == indicator)
    return db.session.scalars(wanted).all()
