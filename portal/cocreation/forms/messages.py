"""The form in which a message is written."""

from __future__ import annotations

from portal.cocreation.actions.messages import LONGEST
from portal.cocreation.forms.needs import SentOnce
from portal.kernel import fields
from portal.kernel.i18n import _l


class MessageForm(SentOnce):
    """A message."""

    text = fields.long_text(_l("Meldingen din"), longest=LONGEST, rows=6)
