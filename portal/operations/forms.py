"""The form where an administrator gives up a sending."""

from __future__ import annotations

from portal.kernel import fields
from portal.kernel.fields import Form
from portal.kernel.i18n import _l


class GiveUpForm(Form):
    """Why it is never to be sent."""

    reason = fields.text(
        _l("Hvorfor skal den ikke sendes?"), longest=300, description=_l("Begrunnelsen står i hendelsesloggen.")
    )
