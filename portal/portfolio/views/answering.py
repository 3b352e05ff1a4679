"""What the pages share: trying what a form asks for, reading what an address says, and the way back to a thing."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from flask import url_for

from portal.kernel.content import Card, Ref
from portal.kernel.errors import Conflict, Invalid, NotFound
from portal.kernel.fields import Form

NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
REF = re.compile(r"([a-z_]{1,40}):([1-9][0-9]{0,8})")


def attempt(form: Form, work: Callable[[], object]) -> int:
    """Do the work of a form that was sent: 200 when nothing was, 303 when done, 409 or 422 with the refusal in it."""
    if not form.is_submitted():
        return 200
    if not form.validate():
        return 422
    try:
        work()
    except Invalid as refusal:
        form.refuse(refusal)
        return 422
    except Conflict as refusal:
        form.form_errors.append(refusal.message)
        return 409
    return 303


def ref_in(text: str) -> Ref:
    """Return the thing that an address names as `kind:number`. NotFound."""
    found = REF.fullmatch(text)
    if found is None:
        raise NotFound
    return Ref(found[1], int(found[2]))


def card_url(card: Card | None) -> str:
    """Return the address of a thing; of one that isn't there the overview's."""
    return url_for(card.endpoint, **card.values) if card else url_for("portfolio.index")


def csv_cell(value: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula; numbers are left as they are."""
    if not isinstance(value, str) or NUMBER.fullmatch(value):
        return value
    return f"'{value}" if value[:1] in {"=", "+", "-", "@", "\t", "\r"} else value
