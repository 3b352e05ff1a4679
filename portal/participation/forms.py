"""What people fill in when they write or change a contribution."""

from __future__ import annotations

import re
import uuid
from typing import Any

from wtforms import HiddenField

from portal.accounts.models import Byline
from portal.kernel import fields
from portal.kernel.i18n import NATIVE_NAMES, _, _l, language
from portal.participation.actions.writing import LONGEST, ContributionDraft, EditDraft
from portal.participation.queries.pages import WritePage

KEY_LONGEST = 36
VERSION = re.compile(r"[0-9]{1,9}")


class WriteForm(fields.Form):
    """A new contribution: the text, its language, and the name it is shown under."""

    text = fields.long_text(_l("Teksten din"), longest=LONGEST)
    signed = fields.choice(_l("Hvilket navn skal stå over innlegget?"), [], radio=True)
    language = fields.choice(_l("Språket du skriver på"), list(NATIVE_NAMES.items()))
    official = fields.checkbox(_l("Dette er kommunens svar"))
    key = HiddenField()

    def __init__(self, page: WritePage, name: str, **values: Any) -> None:
        super().__init__(**values)
        self._form = page.form
        names = {str(voice.id): voice.name for voice in page.organisations}
        self.signed.choices = [
            (Byline.NAME.value, _("Ditt eget navn: %(name)s", name=name)),
            *((number, _("%(organisation)s, som du taler for", organisation=each)) for number, each in names.items()),
            (
                Byline.PSEUDONYM.value,
                _("Dekknavnet ditt her: %(name)s", name=page.pseudonym) if page.pseudonym else _("Et dekknavn"),
            ),
        ]
        if not page.may_answer:
            del self.official
        if not self.is_submitted():
            self.text.data = page.text
            self.signed.data = Byline.NAME.value
            self.language.data = language()
            self.key.data = uuid.uuid4().hex

    def draft(self) -> ContributionDraft:
        """Return what was written."""
        chosen = self.signed.data
        plain = chosen in {Byline.NAME.value, Byline.PSEUDONYM.value}
        return ContributionDraft(
            text=self.text.data,
            form=self._form,
            language=self.language.data,
            byline=Byline(chosen) if plain else Byline.ORGANISATION,
            organisation_id=None if plain else int(chosen),
            is_official="official" in self and bool(self.official.data),
            key=str(self.key.data or "")[:KEY_LONGEST],
        )


class EditForm(fields.Form):
    """A new wording of one's own contribution."""

    text = fields.long_text(_l("Teksten din"), longest=LONGEST)
    language = fields.choice(_l("Språket du skriver på"), list(NATIVE_NAMES.items()))
    version = HiddenField(filters=[lambda value: int(value) if VERSION.fullmatch(str(value)) else -1])
    """Which version the form was made from; nonsense is a version nothing has."""

    def draft(self) -> EditDraft:
        """Return the new wording."""
        return EditDraft(text=self.text.data, language=self.language.data, version=self.version.data)


class ButtonForm(fields.Form):
    """A button that does something at once."""
