"""What search tells the kernel: that it keeps, for each document, whose text it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from portal.kernel.identity import SYSTEM
from portal.kernel.personal import NOTHING_LEFT, PersonalData, Terms
from portal.search import actions
from portal.search.models import Document


def export(_account_id: int) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Return nothing: the index is a copy of public texts, which the packages that hold them export."""
    return {}


def erase(account_id: int, _terms: Terms = NOTHING_LEFT) -> None:
    """Take what somebody wrote out of the index, or the name off it, as the packages that hold it have done before."""
    actions.forget_author(SYSTEM, account_id)


PERSONAL = PersonalData(name="search", tables=frozenset({Document.__tablename__}), export=export, erase=erase)
"""Must stand last in the wiring's list: it asks the others what is still public."""
