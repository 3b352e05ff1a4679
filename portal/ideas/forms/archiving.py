"""The number of a campaign's case in the archive."""

from __future__ import annotations

from portal.ideas.actions.archiving import LONGEST
from portal.kernel import fields
from portal.kernel.i18n import _l


class NumberForm(fields.Form):
    """What the archive calls the case; empty takes it away."""

    journal_number = fields.text(
        _l("Saksnummer i arkivet"), optional=True, longest=LONGEST, description=_l("For eksempel 26/01234.")
    )
