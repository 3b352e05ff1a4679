"""A small host for the look alone: no database, a page for each thing to try, and a browser to try it in."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from flask import Flask, Response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf import CSRFProtect
from jinja2 import StrictUndefined
from werkzeug.serving import make_server

from portal.kernel import headers, i18n
from portal.kernel.access import public
from portal.ui.blueprint import bp


def _entry(label: str, *, active: bool = False) -> SimpleNamespace:
    return SimpleNamespace(label=label, endpoint="ui.gallery", url=f"#{label.lower()}", active=active)


def _context() -> dict[str, object]:
    """What the application gives the layout; the address says who is reading and in which theme."""
    signed_in = "inn" in request.args
    return {
        "lang": i18n.language(),
        "demo": True,
        "branding": SimpleNamespace(
            name="Asker innbyggerportal",
            logo_url=None,
            contact_email="portal@asker.example",
            contact_text="Asker kommune",
            theme=request.args.get("tema", "asker"),
            footer_links=[],
        ),
        "actor": SimpleNamespace(is_signed_in=signed_in, name="Kari Nordmann"),
        "navigation": [
            _entry("Observatorium", active=True),
            *(_entry(name) for name in ("Ideer", "Samskaping", "Løsninger", "Kart")),
        ],
        "staff_links": [_entry("Runder"), _entry("Moderering")] if signed_in else [],
        "footer_navigation": [_entry("Personvern"), _entry("Regler")],
        "search_url": "/sok",
        "sign_in_url": "/konto/logg-inn",
        "sign_out_url": "/konto/logg-ut",
        "account_url": "/konto/",
        "session_expires_in": 1200 if signed_in else None,
        "session_extend_url": "/konto/fortsett",
    }


@pytest.fixture(scope="session")
def host() -> Flask:
    """An application that has nothing but the look."""
    app = Flask("portal", static_folder=None)
    app.config.update(SECRET_KEY="only for tests", TESTING=True, answers=[], received=[])
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension("jinja2.ext.do")
    CSRFProtect(app)
    i18n.init(app)
    app.register_blueprint(bp)
    app.context_processor(_context)

    @app.get("/feil")
    @public
    def fault() -> str:
        words = {"status": 404, "title": "Vi finner ikke siden", "message": "Adressen kan være feil."}
        return render_template("ui/page/error.html", advice="Gå til forsiden.", error_id="a1b2c3", **words)

    @app.before_request
    def answer_in_the_background() -> ResponseReturnValue | None:
        """Answer what script sends as the test says; what people send goes on."""
        if request.headers.get("X-Requested-With") != "fetch":
            return None
        app.config["received"].append(request.form.to_dict())
        status = app.config["answers"].pop(0) if app.config["answers"] else 204
        return redirect("/feil", 303) if status == 303 else Response(status=status)

    @app.after_request
    def careful(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = headers.CONTENT_SECURITY_POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return app


@pytest.fixture(scope="session")
def site(host: Flask) -> Iterator[str]:
    """The host on a port of its own; gives its address."""
    server = make_server("127.0.0.1", 0, host, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()
