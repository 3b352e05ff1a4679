"""The form for telling of a page one can't use."""

from __future__ import annotations

import uuid
from typing import Any

from wtforms import HiddenField

from portal.home.actions import LONGEST, ReportDraft
from portal.kernel import fields
from portal.kernel.i18n import _l, language

KEY_LONGEST = 36


class AccessibilityForm(fields.Form):
    """What is hard, where, and how to answer."""

    text = fields.long_text(
        _l("Hva er vanskelig?"),
        longest=LONGEST,
        description=_l("Skriv gjerne hva du prøvde på, og om du bruker skjermleser eller andre hjelpemidler."),
    )
    page = fields.text(
        _l("Hvilken side gjelder det?"), optional=True, description=_l("Adressen, eller det du var i gang med.")
    )
    email = fields.email(
        _l("E-postadressen din"),
        optional=True,
        description=_l("Bare hvis du vil ha svar. Vi bruker den ikke til noe annet."),
    )
    key = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.key.data:
            self.key.data = uuid.uuid4().hex

    def draft(self) -> ReportDraft:
        return ReportDraft(
            text=self.text.data,
            page=self.page.data or "",
            email=self.email.data or "",
            language=language(),
            key=str(self.key.data)[:KEY_LONGEST],
        )
