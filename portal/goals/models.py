"""The municipality's delmål, and the links from things to the goals, delmål and indicators they serve."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.db import Base, Pk


class Link(Base):
    """One thing serves another: a goal, a delmål or an indicator."""

    __tablename__ = "goal_links"

    kind: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    target_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    to_kind: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    to_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    is_public: Mapped[bool]
    """Whether everybody can see the thing: kept here, so that a page reads ten of 10,000 and counts the rest."""

    __table_args__ = (
        sa.Index("ix_goal_links_to", "to_kind", "to_id", "kind", "is_public", "target_id"),
        sa.CheckConstraint("to_kind <> kind OR to_id <> target_id", name="serves_another"),
    )


class Subgoal(Base):
    """A delmål of the municipality's plan, under one of the 17; one that isn't active any more can't be chosen."""

    __tablename__ = "subgoals"

    id: Mapped[Pk]
    code: Mapped[str] = mapped_column(sa.String(20), unique=True)
    goal: Mapped[int] = mapped_column(index=True)
    text_nb: Mapped[str]
    text_nn: Mapped[str]
    text_en: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)

    __table_args__ = (sa.CheckConstraint("goal BETWEEN 1 AND 17", name="one_of_the_17"),)

    def text(self, language: str) -> str:
        """Return what it says in a language; in bokmål where the plan says no more."""
        return {"nn": self.text_nn, "en": self.text_en}.get(language) or self.text_nb
