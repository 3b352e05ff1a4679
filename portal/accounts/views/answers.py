"""How the administration answers a form: done, to be mended, or changed by somebody else meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from flask import flash, redirect, render_template, url_for
from werkzeug import Response

from portal.kernel.errors import Conflict, Invalid
from portal.kernel.fields import Form

SHOWN, DONE, MEND, STALE = HTTPStatus.OK, HTTPStatus.SEE_OTHER, HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.CONFLICT

Answer = Response | tuple[str, int]


def attempt(form: Form, work: Callable[[], object]) -> HTTPStatus:
    """Do the work of a form that was sent and is well filled in; what an action refuses is put in the form.

    Returns SHOWN when nothing was sent, DONE, MEND or STALE. A refusal keeps what the person wrote.
    """
    if not form.is_submitted():
        return SHOWN
    if not form.validate():
        return MEND
    try:
        work()
    except Invalid as refusal:
        form.refuse(refusal)
        return MEND
    except Conflict as refusal:
        form.form_errors.append(refusal.message)
        return STALE
    return DONE


def fill(form: Form, status: HTTPStatus, **values: Any) -> None:
    """Fill in a form that is shown for the first time; one that came too late gets the version that stands now."""
    if status is SHOWN:
        form.process(data=values)
    elif status is STALE and "version" in values:
        form["version"].data = values["version"]


def done(message: str, endpoint: str, **values: Any) -> Response:
    """Say that it is done, on the page where it shows."""
    flash(message, "success")
    return redirect(url_for(endpoint, **values), DONE)


def shown(template: str, status: HTTPStatus, **values: Any) -> Answer:
    """Show the page, with the status of what was tried."""
    return render_template(f"accounts/administration/{template}", stale=status is STALE, **values), status
