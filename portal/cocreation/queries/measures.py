"""The kinds of needs in words, and so much of each: «12 timer», «1 500 kroner»."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.cocreation.models.together import NeedKind
from portal.kernel.i18n import _l, ngettext
from portal.ui.filters import number

NEED_KINDS: Mapping[NeedKind, Any] = {
    NeedKind.HOURS: _l("Timer"),
    NeedKind.SKILLS: _l("Kompetanse"),
    NeedKind.ROOMS: _l("Rom"),
    NeedKind.EQUIPMENT: _l("Utstyr"),
    NeedKind.MONEY: _l("Penger"),
}


def measured(kind: NeedKind | None, amount: int) -> str:
    """Return an amount with its unit, as the reader's language writes it; without a kind the number alone."""
    count = number(amount)
    words = {
        NeedKind.HOURS: ngettext("%(count)s time", "%(count)s timer", amount, count=count),
        NeedKind.SKILLS: ngettext("%(count)s person", "%(count)s personer", amount, count=count),
        NeedKind.ROOMS: ngettext("%(count)s rom", "%(count)s rom", amount, count=count),
        NeedKind.EQUIPMENT: ngettext("%(count)s ting", "%(count)s ting", amount, count=count),
        NeedKind.MONEY: ngettext("%(count)s krone", "%(count)s kroner", amount, count=count),
    }
    return str(words[kind]) if kind else count
