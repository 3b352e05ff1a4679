"""What the pages of solutions share: trying what a form asks for."""

from __future__ import annotations

from collections.abc import Callable

from portal.kernel.errors import Conflict, Invalid
from portal.kernel.fields import Form


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
