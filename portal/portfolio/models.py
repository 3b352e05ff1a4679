"""Benefits with their measurements, and innovation funds from application to report. Money is whole øre."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.accounts.models import Signed
from portal.kernel.content import Ref
from portal.kernel.db import Base, Pk, ShortText, Versioned, enum_column
from portal.portfolio.realisation import SETTLED, Status, Unit

SCALE = Decimal(10_000)
"""Values are kept as whole ten-thousandths: both databases add them up exactly, and SQLite has no decimals."""


class Exact(sa.types.TypeDecorator[Decimal]):
    """A decimal number with four decimals, kept and added up exactly."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | int | None, dialect: sa.Dialect) -> int | None:
        return None if value is None else int((Decimal(value) * SCALE).to_integral_value())

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> Decimal | None:
        return None if value is None else Decimal(value) / SCALE


class BenefitType(StrEnum):
    """What kind of good it does."""

    EFFICIENCY = "efficiency"
    QUALITY = "quality"
    OTHERS = "others"


class ResultLink(StrEnum):
    """The link of the result chain that it is measured in."""

    INPUTS = "inputs"
    ACTIVITIES = "activities"
    OUTPUTS = "outputs"
    USER_EFFECTS = "user_effects"
    SOCIETY_EFFECTS = "society_effects"


class Purpose(StrEnum):
    """What innovation funds are for: the four that the council has decided."""

    SEED = "seed"
    OWN_SHARE = "own_share"
    COOPERATION = "cooperation"
    COMPETENCE = "competence"


class ApplicationState(StrEnum):
    """Where an application for funds stands."""

    DRAFT = "draft"
    SENT = "sent"
    GRANTED = "granted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Outcome(StrEnum):
    """How it went with what the money was for. Failing is allowed; not telling what was learnt is not."""

    AS_PLANNED = "as_planned"
    PARTLY = "partly"
    FAILED = "failed"


class Benefit(Versioned, Base):
    """Something good that is to come of a thing, with a number to know it by."""

    __tablename__ = "benefits"

    id: Mapped[Pk]
    kind: Mapped[str] = mapped_column(sa.String(40))
    target_id: Mapped[int]
    is_public: Mapped[bool]
    """The thing is public, so everybody may see what is to come of it."""
    title: Mapped[ShortText]
    type: Mapped[BenefitType] = mapped_column(enum_column(BenefitType, "type"))
    link: Mapped[ResultLink] = mapped_column(enum_column(ResultLink, "link"))
    for_whom: Mapped[ShortText]
    responsible: Mapped[ShortText]
    """The title of whoever answers for it in the line; never a person's name."""
    service_area_id: Mapped[int | None] = mapped_column(sa.ForeignKey("service_areas.id"), index=True)
    indicator: Mapped[ShortText]
    """What is measured."""
    unit: Mapped[Unit] = mapped_column(enum_column(Unit, "unit"))
    unit_word: Mapped[ShortText]
    """What another unit than kroner and hours is called; else empty."""
    baseline_value: Mapped[Decimal | None] = mapped_column(Exact)
    baseline_on: Mapped[date | None]
    baseline_source: Mapped[ShortText]
    target_value: Mapped[Decimal] = mapped_column(Exact)
    expected_on: Mapped[date]
    expected_year: Mapped[int]
    """The year of `expected_on`, to group by."""
    assumptions: Mapped[str]
    status: Mapped[Status] = mapped_column(enum_column(Status, "status"))
    learning: Mapped[str]
    """What was learnt: always there when it was not realised."""
    settled_on: Mapped[date | None]
    latest_value: Mapped[Decimal | None] = mapped_column(Exact)
    """Of the newest measurement; so are the next two."""
    measured_on: Mapped[date | None]
    gain: Mapped[Decimal | None] = mapped_column(Exact)
    """Gained so far, in the unit; negative when it went the wrong way."""
    planned_gain: Mapped[Decimal | None] = mapped_column(Exact)
    """From baseline to target; none without a baseline."""
    entered_by_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    key: Mapped[str] = mapped_column(sa.String(36))
    """Of the form it came by: sent twice, it is one benefit all the same."""
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    __table_args__ = (
        sa.UniqueConstraint("entered_by_id", "key"),
        sa.Index("ix_benefits_target", "kind", "target_id", "id"),
        sa.Index("ix_benefits_is_public", "is_public", "expected_year"),
        sa.Index("ix_benefits_status_expected_on", "status", "expected_on"),
        sa.CheckConstraint("status <> 'not_realised' OR learning <> ''", name="learns"),
        sa.CheckConstraint("(unit = 'other') = (unit_word <> '')", name="whole_unit"),
        {"sqlite_autoincrement": True},  # the audit trail names benefits that are gone by their numbers
    )

    @property
    def ref(self) -> Ref:
        return Ref(self.kind, self.target_id)

    @property
    def is_settled(self) -> bool:
        return self.status in SETTLED


class Measurement(Base):
    """What a benefit was measured at, one day."""

    __tablename__ = "benefit_measurements"

    id: Mapped[Pk]
    benefit_id: Mapped[int] = mapped_column(sa.ForeignKey("benefits.id"))
    measured_on: Mapped[date]
    value: Mapped[Decimal] = mapped_column(Exact)
    source: Mapped[ShortText]
    note: Mapped[str]
    entered_by_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    created_at: Mapped[datetime]

    __table_args__ = (sa.UniqueConstraint("benefit_id", "measured_on"),)


class Fund(Base):
    """The innovation funds of one year. More than the frame can never be granted: the database refuses it."""

    __tablename__ = "funds"

    id: Mapped[Pk]
    year: Mapped[int] = mapped_column(unique=True)
    frame_ore: Mapped[int] = mapped_column(sa.BigInteger)
    granted_ore: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    """Changed in the transaction that grants, and nowhere else."""
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    """The last day one may apply."""

    __table_args__ = (
        sa.CheckConstraint("granted_ore BETWEEN 0 AND frame_ore", name="within_frame"),
        sa.CheckConstraint("opens_on <= closes_on", name="opens_first"),
    )

    @property
    def left_ore(self) -> int:
        return self.frame_ore - self.granted_ore

    def is_open(self, day: date) -> bool:
        """Say whether one may apply that day."""
        return self.opens_on <= day <= self.closes_on


class FundPlan(Base):
    """How much of a year's funds is meant for a purpose: a plan, not a limit."""

    __tablename__ = "fund_plans"

    fund_id: Mapped[int] = mapped_column(sa.ForeignKey("funds.id"), primary_key=True)
    purpose: Mapped[Purpose] = mapped_column(enum_column(Purpose, "purpose"), primary_key=True)
    ore: Mapped[int] = mapped_column(sa.BigInteger)

    __table_args__ = (sa.CheckConstraint("ore >= 0", name="not_negative"),)


class Application(Versioned, Signed, Base):
    """Somebody asks for innovation funds to a thing. What they write is read by staff; what is decided is public."""

    __tablename__ = "fund_applications"

    id: Mapped[Pk]
    fund_id: Mapped[int] = mapped_column(sa.ForeignKey("funds.id"))
    kind: Mapped[str] = mapped_column(sa.String(40))
    target_id: Mapped[int]
    is_public: Mapped[bool]
    """The thing is public, so its title may stand beside what was granted."""
    purpose: Mapped[Purpose] = mapped_column(enum_column(Purpose, "purpose"))
    asked_ore: Mapped[int] = mapped_column(sa.BigInteger)
    what_for: Mapped[str]
    other_financing: Mapped[str]
    state: Mapped[ApplicationState] = mapped_column(enum_column(ApplicationState, "state"))
    granted_ore: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    paid_ore: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    """Changed in the transaction that pays, and nowhere else."""
    reason: Mapped[str] = mapped_column(default="")
    """Why it was decided so: public."""
    conditions: Mapped[str] = mapped_column(default="")
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    decided_by_title: Mapped[ShortText] = mapped_column(default="")
    decided_at: Mapped[datetime | None]
    key: Mapped[str] = mapped_column(sa.String(36))
    """Of the form it came by: sent twice, it is one application all the same."""
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]

    __table_args__ = (
        sa.UniqueConstraint("author_id", "key"),
        sa.Index("ix_fund_applications_fund_id", "fund_id", "state", "purpose"),
        sa.Index("ix_fund_applications_target", "kind", "target_id", "id"),
        sa.CheckConstraint("asked_ore > 0", name="asks_for_something"),
        sa.CheckConstraint("(state = 'granted') = (granted_ore > 0)", name="granted_a_sum"),
        sa.CheckConstraint("paid_ore BETWEEN 0 AND granted_ore", name="within_grant"),
        sa.CheckConstraint("state <> 'declined' OR reason <> ''", name="declined_with_reason"),
        {"sqlite_autoincrement": True},  # the audit trail names applications that are gone by their numbers
    )

    @property
    def ref(self) -> Ref:
        return Ref(self.kind, self.target_id)

    @property
    def unpaid_ore(self) -> int:
        return self.granted_ore - self.paid_ore


class Payment(Base):
    """A part of a grant that has been paid out."""

    __tablename__ = "fund_payments"

    id: Mapped[Pk]
    application_id: Mapped[int] = mapped_column(sa.ForeignKey("fund_applications.id"))
    ore: Mapped[int] = mapped_column(sa.BigInteger)
    paid_on: Mapped[date]
    reference: Mapped[ShortText]
    entered_by_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    key: Mapped[str] = mapped_column(sa.String(36))
    """Of the form it came by: sent twice, it is one payment all the same."""
    created_at: Mapped[datetime]

    __table_args__ = (
        sa.UniqueConstraint("application_id", "key"),
        sa.CheckConstraint("ore > 0", name="pays_something"),
    )


class FundReport(Base):
    """What the money was used for and what was learnt, told by whoever got it; the summary is the municipality's."""

    __tablename__ = "fund_reports"

    application_id: Mapped[int] = mapped_column(sa.ForeignKey("fund_applications.id"), primary_key=True)
    outcome: Mapped[Outcome] = mapped_column(enum_column(Outcome, "outcome"))
    done: Mapped[str]
    learnt: Mapped[str]
    spent_ore: Mapped[int] = mapped_column(sa.BigInteger)
    summary: Mapped[str] = mapped_column(default="")
    """What the municipality publishes of it."""
    created_at: Mapped[datetime]

    __table_args__ = (sa.CheckConstraint("spent_ore >= 0", name="not_negative"),)
