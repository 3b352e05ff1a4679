"""One answer to every refusal and fault: a page for people, problem+json for programs."""

from __future__ import annotations

import logging
import secrets
from http import HTTPStatus
from typing import Any

from flask import Flask, current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, OperationalError
from werkzeug.exceptions import BadHost, HTTPException

from portal.kernel.access import written
from portal.kernel.db import db
from portal.kernel.errors import DomainError
from portal.kernel.i18n import _, language

log = logging.getLogger(__name__)


def init(app: Flask) -> None:
    """Register the answers."""
    app.register_error_handler(DomainError, refused)
    app.register_error_handler(CSRFError, expired_form)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(DBAPIError, database_away)
    app.register_error_handler(Exception, fault)


def refused(error: DomainError) -> ResponseReturnValue:
    """Answer what an action or a query refused."""
    return answer(error.status, str(error.message) or None)


def expired_form(_error: CSRFError) -> ResponseReturnValue:
    """Answer a form that was open too long or came from somewhere else."""
    return answer(
        400,
        _("Siden hadde stått åpen for lenge, så vi turte ikke å ta imot skjemaet."),
        advice=_("Gå tilbake i nettleseren: det du skrev, står der ennå. Last siden på nytt og send en gang til."),
    )


def http_error(error: HTTPException) -> ResponseReturnValue:
    """Answer what the framework refused, like an unknown address."""
    response = error.get_response()
    if response.status_code < 400:
        return error
    return answer(
        response.status_code, None, headers={k: v for k, v in response.headers if k in {"Allow", "Retry-After"}}
    )


def database_away(error: DBAPIError) -> ResponseReturnValue:
    """Answer when the database can't be reached or can't write: reading may still work, so say what to do."""
    if not isinstance(error, OperationalError):
        return fault(error)
    db.session.rollback()
    log.error("The database did not do it: %s", error.orig)
    return answer(
        503,
        _("Vi fikk ikke lagret eller hentet dette akkurat nå."),
        advice=_("Det du skrev, er ikke mistet i nettleseren. Vent litt og prøv en gang til."),
        headers={"Retry-After": "10"},
    )


def fault(error: Exception) -> ResponseReturnValue:
    """Answer a fault of ours: log it under a number that the person can tell us, and show no trace."""
    db.session.rollback()
    error_id = secrets.token_hex(4)
    log.error("Fault %s at %s %s", error_id, request.method, request.path, exc_info=error)
    if current_app.debug or current_app.config.get("PROPAGATE_EXCEPTIONS"):
        raise error
    return answer(500, None, error_id=error_id)


def answer(
    status: int,
    message: str | None,
    *,
    advice: str | None = None,
    error_id: str | None = None,
    headers: dict[str, str] | None = None,
) -> ResponseReturnValue:
    """Build the page, or the problem document under /api/."""
    title, standard_message, standard_advice = _words(status)
    text = message or standard_message
    if request.path.startswith("/api/"):
        problem: dict[str, Any] = {
            "type": "about:blank",
            "title": HTTPStatus(status).phrase,
            "status": status,
            "detail": text,
        }
        if error_id:
            problem["id"] = error_id
        response = make_response(problem, status)
        response.content_type = "application/problem+json"
    else:
        values = {"status": status, "title": title, "message": text, "advice": advice or standard_advice}
        values |= {"written": written(), "sign_in_again": status == HTTPStatus.UNAUTHORIZED}
        page = _page({**values, "error_id": error_id})
        response = make_response(page, status)
    response.headers.update(headers or {})
    response.headers["Cache-Control"] = "no-store"
    return response


def _page(values: dict[str, Any]) -> str:
    """Render the page; when the frame around it can't be made either, as when the database is away, a bare one."""
    if not isinstance(request.routing_exception, BadHost):  # else no address can be made for the frame
        try:
            return render_template("ui/page/error.html", **values)
        except (DBAPIError, RuntimeError):
            db.session.rollback()
    return current_app.jinja_env.get_template("ui/page/bare.html").render(lang=language(), **values)


def _words(status: int) -> tuple[str, str, str]:
    """Return title, what happened and what to do, in the reader's language."""
    known = {
        400: (
            _("Vi forstod ikke det du sendte"),
            _("Noe ved adressen eller skjemaet var galt."),
            _("Gå tilbake og prøv en gang til."),
        ),
        401: (
            _("Du er logget ut"),
            _("Du må være logget inn for å gjøre dette."),
            _("Ta vare på det du skrev, logg inn igjen og lim det inn."),
        ),
        403: (
            _("Du har ikke tilgang"),
            _("Denne siden er ikke åpen for deg."),
            _("Logg inn med en annen bruker, eller spør oss om du mener dette er feil."),
        ),
        404: (
            _("Vi finner ikke siden"),
            _("Adressen kan være feil, eller siden kan være flyttet eller fjernet."),
            _("Gå til forsiden og finn veien derfra."),
        ),
        409: (
            _("Det gikk ikke likevel"),
            _("Noe har endret seg siden du åpnet siden."),
            _("Gå tilbake, last siden på nytt og se over."),
        ),
        413: (
            _("Dette ble for stort"),
            _("Filen eller teksten er større enn vi kan ta imot."),
            _("Gjør den mindre og prøv en gang til."),
        ),
        422: (
            _("Noe må rettes"),
            _("Det du sendte, stemmer ikke med reglene."),
            _("Gå tilbake og rett det som er feil."),
        ),
        429: (
            _("Litt for mange forsøk"),
            _("Vi har fått mange forsøk på kort tid."),
            _("Vent noen minutter og prøv en gang til."),
        ),
        503: (_("Portalen tar en pause"), _("Vi er straks tilbake."), _("Vent litt og prøv en gang til.")),
    }
    if status in known:
        return known[status]
    if status >= 500:
        return (
            _("Noe gikk galt hos oss"),
            _("Feilen er vår, og vi har fått beskjed."),
            _("Prøv en gang til om litt. Oppgi nummeret under hvis du kontakter oss."),
        )
    return (_("Det gikk ikke"), _("Vi kunne ikke gjøre det du ba om."), _("Gå tilbake og prøv på en annen måte."))
