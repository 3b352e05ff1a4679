"""The forms for reading lokalsamfunn in from a file, and for taking one out of use."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from wtforms import HiddenField

from portal.kernel import fields
from portal.kernel.errors import Invalid
from portal.kernel.i18n import _l
from portal.places import reading

T = TypeVar("T")
LARGEST = 900_000
"""Bytes: a form holds a million."""


class UploadForm(fields.Form):
    """A file to look at."""

    file = fields.upload(
        _l("Velg en fil"),
        accept=".csv,.txt,.json,.geojson,text/csv,application/geo+json",
        description=_l("CSV eller GeoJSON. Du ser hva fila vil gjøre før noe blir endret."),
    )

    def contents(self) -> reading.Contents:
        """Return what the file holds; raises Invalid."""
        data = self.file.data.read(LARGEST + 1) if self.file.data else b""
        if not data:
            raise Invalid("file", _l("Velg en fil."))
        if len(data) > LARGEST:
            raise Invalid("file", _l("Fila er større enn %(size)d kB. Forenkle omrissene.", size=LARGEST // 1000))
        return _read(reading.read, data)


class ConfirmForm(fields.Form):
    """The lokalsamfunn that were looked at."""

    file = HiddenField(validators=[fields.required()])

    def contents(self) -> reading.Contents:
        """Return them; raises Invalid when they have been tampered with."""
        return _read(reading.unpacked, self.file.data)


class SwitchForm(fields.Form):
    """A button that takes a lokalsamfunn out of use, or into use again."""

    active = HiddenField()


def _read(read: Callable[[T], reading.Contents], given: T) -> reading.Contents:
    try:
        return read(given)
    except reading.UnreadableError as error:
        raise Invalid("file", error.args[0]) from error
