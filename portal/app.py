"""The application: settings, extensions and wiring, and the `portal` command."""

from __future__ import annotations

import hashlib
import json
import logging
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
from flask import Flask
from flask.cli import FlaskGroup
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map, UnicodeConverter

from portal import config
from portal.kernel import db as database
from portal.kernel import headers, i18n, outgoing
from portal.kernel.extensions import csrf, limiter, login_manager, migrate
from portal.kernel.identity import Role
from portal.ui import errors
from portal.wiring import whole as wiring

_root = Path(__file__).parent
MIGRATIONS = _root / "_migrations" if (_root / "_migrations").is_dir() else _root.parent / "migrations"


class RowNumber(IntegerConverter):
    """The number of a row in an address: one that no database has is an unknown address, not a fault."""

    def __init__(self, url_map: Map, *args: Any, **kwargs: Any) -> None:
        super().__init__(url_map, *args, **{"max": 2**31 - 1, **kwargs})


class Word(UnicodeConverter):
    """A word in an address: one with a control character is unknown, as PostgreSQL has no place for NUL."""

    def __init__(self, url_map: Map, *args: Any, **kwargs: Any) -> None:
        super().__init__(url_map, *args, **kwargs)
        self.regex = self.regex.replace("[^/]", r"[^/\x00-\x1f\x7f]")


def create_app(settings: config.Settings | None = None, *, testing: bool = False) -> Flask:
    """Build the application from its settings; without any, from the environment."""
    settings = settings or config.from_environment()
    app = Flask("portal", static_folder=None)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # the default provider has it
    _check(settings, debug=app.debug)
    app.config.update(_flask_settings(settings), TESTING=testing, RATELIMIT_ENABLED=not testing)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension("jinja2.ext.do")
    app.url_map.converters |= {"int": RowNumber, "string": Word, "default": Word}
    _logging(settings)
    _database(app, settings)
    csrf.init_app(app)
    limiter.init_app(app)
    login_manager.init_app(app, add_context_processor=False)
    i18n.init(app)
    errors.init(app)
    headers.init(app)
    wiring.wire(app)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


def main() -> None:
    """Run the `portal` command; a wrong setting is one line, never a trace."""
    group = FlaskGroup(create_app=create_app, add_default_commands=False, load_dotenv=False, help="Innbyggerportalen.")
    try:
        config.from_environment()  # before the list of commands is made, which would answer a wrong setting by a trace
        group.main(prog_name="portal")
    except config.SettingsError as error:
        click.echo(f"portal: {error}", err=True)
        sys.exit(2)


def _check(settings: config.Settings, *, debug: bool) -> None:
    """Refuse what `config`, which knows no other module, can't see is wrong."""
    if settings.production and debug:
        raise config.SettingsError("FLASK_DEBUG must be off when PORTAL_PRODUCTION is on.")
    try:
        outgoing.check_list((*settings.outgoing_allow, *settings.figures_hosts))
    except outgoing.OutgoingRefused as error:
        raise config.SettingsError(f"PORTAL_OUTGOING_ALLOW or PORTAL_FIGURES_HOSTS: {error}") from error
    for issuer in settings.oidc:
        unknown = sorted(set(issuer.role_mapping.values()) - set(Role))
        if unknown:
            name = f"PORTAL_OIDC_{issuer.name.upper().replace('-', '_')}_ROLES"
            raise config.SettingsError(f"{name} names {unknown[0]!r}; the roles are {', '.join(Role)}.")


def _flask_settings(settings: config.Settings) -> dict[str, object]:
    return {
        "PORTAL": settings,
        "PORTAL_BUILD": _build(),
        "PORTAL_SIGN_IN_ENDPOINT": "accounts.sign_in",
        "SECRET_KEY": settings.secret_key,
        "SESSION_COOKIE_NAME": "__Host-portal" if settings.https else "portal",
        "SESSION_COOKIE_SECURE": settings.https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": timedelta(days=30),
        "SESSION_REFRESH_EACH_REQUEST": False,
        "MAX_CONTENT_LENGTH": 1_000_000,
        "MAX_FORM_MEMORY_SIZE": 1_000_000,
        "MAX_FORM_PARTS": 1000,
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": settings.https,
        "RATELIMIT_STORAGE_URI": settings.redis_url or "memory://",
        "RATELIMIT_ENABLED": True,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": _engine_options(settings),
        "TRAP_HTTP_EXCEPTIONS": False,
    }


def _engine_options(settings: config.Settings) -> dict[str, object]:
    """Return the engine's options; `hide_parameters` keeps answers and names out of logs and of errors' texts."""
    if settings.is_sqlite:
        return {"hide_parameters": True}
    limits = "-c statement_timeout=30000 -c lock_timeout=5000 -c idle_in_transaction_session_timeout=60000"
    arguments = {"options": limits, "connect_timeout": 5}
    return {"hide_parameters": True, "pool_pre_ping": True, "connect_args": arguments}


def _database(app: Flask, settings: config.Settings) -> None:
    if settings.database_url.startswith("sqlite:///"):
        Path(settings.database_url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    database.db.init_app(app)
    migrate.init_app(app, database.db, directory=str(MIGRATIONS))
    with app.app_context():
        database.tune(database.db.engine, synchronous=settings.sqlite_synchronous)


def _logging(settings: config.Settings) -> None:
    handler = logging.StreamHandler(sys.stderr)
    plain = logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s")
    handler.setFormatter(_JsonLines() if settings.log_format == "json" else plain)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    logging.basicConfig(level=logging.INFO, handlers=[handler])


class _JsonLines(logging.Formatter):
    """One JSON object a line, also for a message of several lines and for a trace."""

    def format(self, record: logging.LogRecord) -> str:
        told = {"time": self.formatTime(record), "level": record.levelname, "logger": record.name}
        told["message"] = record.getMessage()
        if record.exc_info:
            told["trace"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=False)


def _build() -> str:
    """Return what changes when the templates, the code or the assets do: a part of every ETag."""
    digest = hashlib.sha256()
    for path in sorted(_root.rglob("*")):
        if path.suffix in {".py", ".html", ".json", ".mo"} and path.is_file():
            digest.update(f"{path.name}{path.stat().st_size}{path.stat().st_mtime_ns}".encode())
    return digest.hexdigest()[:12]


if __name__ == "__main__":
    main()
