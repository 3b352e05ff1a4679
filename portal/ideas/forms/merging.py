"""Which idea is the same as this, and why."""

from __future__ import annotations

import re
from typing import Any

from portal.kernel.fields import Form, long_text, text
from portal.kernel.i18n import _l

NUMBER = re.compile(r"(?:^|/ideer/)\s*#?(\d{1,9})(?:-[^/]*)?/?\s*$")


class OtherForm(Form):
    """The number or the address of another idea; asked for by GET."""

    class Meta(Form.Meta):
        csrf = False

    other = text(
        _l("Nummeret eller adressen til den andre ideen"),
        description=_l("For eksempel 17, eller adressen du kopierer fra nettleseren."),
    )

    def number(self) -> int | None:
        """Return the other idea's number, when that is what was written."""
        found = NUMBER.search((self.other.data or "").split("?")[0].split("#")[0])
        return int(found[1]) if found else None


class MergeForm(Form):
    """Why they are the same."""

    reason: Any = long_text(
        _l("Hvorfor er de samme idé?"),
        longest=1000,
        description=_l("Står på begge sidene. Begge forfatterne får lese det."),
    )
