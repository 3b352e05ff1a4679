"""The forms for sending a file and for what is said of it."""

from __future__ import annotations

from typing import Any

from portal.files.checking import ACCEPT, DOCUMENT_BYTES, MEGABYTE, PICTURE_BYTES
from portal.files.intake import LONGEST_ALT, FileDraft
from portal.kernel import fields
from portal.kernel.errors import Invalid
from portal.kernel.i18n import LANGUAGES, NATIVE_NAMES, _l, language


class _Said(fields.Form):
    """What is said of a picture, and in which language."""

    alt_text = fields.long_text(
        _l("Hva viser bildet?"),
        longest=LONGEST_ALT,
        optional=True,
        description=_l(
            "Skriv dette når fila er et bilde. Det leses opp for dem som ikke ser det. Det viktigste i én setning er "
            "nok, for eksempel: «En tom lekeplass med en ødelagt huske.»"
        ),
        rows=2,
    )
    is_decoration = fields.checkbox(
        _l("Bildet er bare pynt"), description=_l("Da blir det ikke lest opp. Kryss av bare når det ikke sier noe.")
    )
    language = fields.choice(
        _l("Hvilket språk skriver du på?"), [(code, NATIVE_NAMES[code]) for code in LANGUAGES], optional=True
    )

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.alt_text.flags.required = True  # of pictures: it is not for anybody to leave out as they like

    def draft(self) -> FileDraft:
        return FileDraft(
            alt_text=self.alt_text.data or "",
            is_decoration=self.is_decoration.data,
            language=self.language.data or language(),
        )


class UploadForm(_Said):
    """One file, and what it shows when it is a picture."""

    file = fields.upload(
        _l("Velg en fil"),
        accept=ACCEPT,
        description=_l(
            "Bilde (JPEG, PNG eller WebP, høyst %(picture)d MB), PDF, eller dokument fra Word, Excel, PowerPoint eller "
            "LibreOffice (høyst %(document)d MB).",
            picture=PICTURE_BYTES // MEGABYTE,
            document=DOCUMENT_BYTES // MEGABYTE,
        ),
    )

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.file.flags.required = True

    def sent_file(self) -> tuple[bytes, str]:
        """Return the content and the name of the file that was sent. Invalid at `file` when there is none."""
        if not self.file.data:
            raise Invalid("file", _l("Velg en fil."))
        return self.file.data.read(), self.file.data.filename or ""

    def ask_for_file_again(self) -> None:
        """Say that the file must be chosen once more when it was something else that was wrong: no browser keeps it."""
        if self.file.data and not self.file.errors:
            self.file.errors = [_l("Velg fila en gang til. Nettleseren husker den ikke.")]


class EditForm(_Said):
    """What a picture shows, said again."""


class RemoveForm(fields.Form):
    """A button that removes a file."""
