"""The form where people choose how often they want mail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.kernel import fields
from portal.kernel.fields import Form
from portal.notifications.choices import CHOSEN, allowed
from portal.notifications.models import Frequency, NoticeKind
from portal.notifications.words import FREQUENCIES, KINDS


class ChoicesForm(Form):
    """One choice for each kind of notice."""

    answer = fields.choice(
        KINDS[NoticeKind.ANSWER],
        [(each.value, FREQUENCIES[each]) for each in allowed(NoticeKind.ANSWER)],
        radio=True,
    )
    reply = fields.choice(KINDS[NoticeKind.REPLY], [(each.value, FREQUENCIES[each]) for each in Frequency], radio=True)
    own = fields.choice(KINDS[NoticeKind.OWN], [(each.value, FREQUENCIES[each]) for each in Frequency], radio=True)
    project = fields.choice(
        KINDS[NoticeKind.PROJECT], [(each.value, FREQUENCIES[each]) for each in Frequency], radio=True
    )
    solution = fields.choice(
        KINDS[NoticeKind.SOLUTION], [(each.value, FREQUENCIES[each]) for each in Frequency], radio=True
    )
    followed = fields.choice(
        KINDS[NoticeKind.FOLLOWED], [(each.value, FREQUENCIES[each]) for each in Frequency], radio=True
    )
    work = fields.choice(
        KINDS[NoticeKind.WORK], [(each.value, FREQUENCIES[each]) for each in allowed(NoticeKind.WORK)], radio=True
    )

    def show(self, chosen: Mapping[NoticeKind, Frequency]) -> None:
        """Fill in what stands now."""
        self.process(data={kind.value: frequency.value for kind, frequency in chosen.items()})

    def draft(self) -> dict[NoticeKind, Frequency]:
        """Return what was chosen."""
        fields_: Any = self._fields
        return {kind: Frequency(fields_[kind.value].data) for kind in CHOSEN if kind.value in fields_}


class MarkReadForm(Form):
    """The newest notice that was shown, so that one that came meanwhile stays unread."""

    up_to = fields.number("", lowest=0, highest=2**31 - 1)
