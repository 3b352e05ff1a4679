"""Forms that are sent: their work is done, or what an action refuses is put where it belongs."""

from __future__ import annotations

from collections.abc import Callable

from portal.kernel.errors import Invalid
from portal.kernel.fields import Form


def did(form: Form, work: Callable[[], object]) -> bool:
    """Do the work of a form that was sent and is well filled in; what an action refuses is put in the form."""
    if not form.validate_on_submit():
        return False
    try:
        work()
    except Invalid as refusal:
        form.refuse(refusal)
        return False
    return True
