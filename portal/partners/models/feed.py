"""What we tell partners: our own keys, and which solutions changed in which order; and the nonces we have seen."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.db import Base, Pk


class OwnKey(Base):
    """A key this portal signs with: here the public part; the private one lies in a file in the keys' folder.

    A new key is announced before it is used, and the key before it vouches for it.
    """

    __tablename__ = "own_keys"

    id: Mapped[Pk]
    name: Mapped[str] = mapped_column(sa.String(40), unique=True)
    """The first characters of the fingerprint: the name of the file, and the end of the key's id."""
    public_key: Mapped[str] = mapped_column(sa.String(44))
    """32 bytes in base64."""
    made_at: Mapped[datetime]
    begins_at: Mapped[datetime]
    """From then on we sign with it."""
    ends_at: Mapped[datetime | None]
    """From then on we don't: partners no longer believe it."""
    endorsed_by: Mapped[str | None] = mapped_column(sa.String(300))
    """The id of the key before it, which vouches for it."""
    endorsement: Mapped[str | None] = mapped_column(sa.String(88))
    """64 bytes in base64."""


class FeedHead(Base):
    """The one row that counts the feed: locked by whoever adds to it until it commits, so that no number shows early.

    A reader that has seen number n has therefore seen everything before n.
    """

    __tablename__ = "feed_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Always 1."""
    name: Mapped[str] = mapped_column(sa.String(16))
    """Made anew when the numbers begin anew, as after a restore: cursors from before are refused."""
    position: Mapped[int]

    __table_args__ = (sa.CheckConstraint("id = 1", name="one_row"),)


class FeedChange(Base):
    """That one of our solutions changed last at this place in the feed: the newest change replaces older ones."""

    __tablename__ = "feed_changes"

    solution_id: Mapped[int] = mapped_column(sa.ForeignKey("solutions.id"), primary_key=True)
    position: Mapped[int] = mapped_column(unique=True)
    gone: Mapped[bool]
    """It was taken away: a tombstone."""
    at: Mapped[datetime]


class SeenNonce(Base):
    """That a partner has used this nonce: the same message a second time is refused."""

    __tablename__ = "seen_nonces"

    partner_id: Mapped[int] = mapped_column(sa.ForeignKey("partners.id"), primary_key=True)
    nonce: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    """From then on the message is too old by itself."""
