"""The forms for reading delmål in from a file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from wtforms import HiddenField

from portal.goals import subgoal_file
from portal.kernel import fields
from portal.kernel.errors import Invalid
from portal.kernel.i18n import _l

T = TypeVar("T")
LARGEST = 300_000
"""Bytes: what the form after it carries on is a third larger, and a form holds a million."""


class UploadForm(fields.Form):
    """A file to look at."""

    file = fields.upload(
        _l("Velg en CSV-fil"),
        accept=".csv,.txt,text/csv",
        description=_l("Første linje: kode;mål;nb;nn;en. Du ser hva fila vil gjøre før noe blir endret."),
    )

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.file.flags.required = True  # told by `contents`, with the other faults a file can have

    def contents(self) -> subgoal_file.Contents:
        """Return what the file holds; raises Invalid."""
        data = self.file.data.read(LARGEST + 1) if self.file.data else b""
        if not data:
            raise Invalid("file", _l("Velg en fil."))
        if len(data) > LARGEST:
            raise Invalid("file", _l("Fila er større enn %(size)d kB. Del den i flere.", size=LARGEST // 1000))
        return _read(subgoal_file.read, data)


class ConfirmForm(fields.Form):
    """The rows that were looked at."""

    file = HiddenField(validators=[fields.required()])

    def contents(self) -> subgoal_file.Contents:
        """Return the rows; raises Invalid when they have been tampered with."""
        return _read(subgoal_file.unpacked, self.file.data)


def _read(read: Callable[[T], subgoal_file.Contents], given: T) -> subgoal_file.Contents:
    try:
        return read(given)
    except subgoal_file.UnreadableError as error:
        raise Invalid("file", error.args[0]) from error
