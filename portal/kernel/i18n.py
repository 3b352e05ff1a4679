"""Languages: bokmål is the source text, nynorsk and English are complete translations."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from flask import Flask, Request, Response, after_this_request, current_app, g, has_request_context, request
from flask_babel import Babel, force_locale, get_locale, gettext, lazy_gettext, ngettext

_ = gettext
_l = lazy_gettext

LANGUAGES = ("nb", "nn", "en")
NATIVE_NAMES = {"nb": "Bokmål", "nn": "Nynorsk", "en": "English"}
COOKIE = "sprak"
COOKIE_KEPT = timedelta(days=365)

__all__ = [
    "COOKIE",
    "COOKIE_KEPT",
    "LANGUAGES",
    "NATIVE_NAMES",
    "_",
    "_l",
    "in_language",
    "init",
    "language",
    "ngettext",
    "select_language",
]

_root = Path(__file__).parent.parent
TRANSLATIONS = _root / "_translations" if (_root / "_translations").is_dir() else _root.parent / "translations"


def language() -> str:
    """Return the code of the language in use: nb, nn or en."""
    locale = get_locale()
    return str(locale.language) if locale is not None and locale.language in LANGUAGES else "nb"


@contextmanager
def in_language(code: str) -> Iterator[None]:
    """Write in a given language for the length of a with block: mail, exports."""
    with force_locale(code if code in LANGUAGES else "nb"):
        yield


def select_language() -> str:
    """Choose: the address (`?sprak=`), then the cookie, the account, and what the browser asks for."""
    if not has_request_context():
        return "nb"
    wanted = (request.args.get("sprak"), request.cookies.get(COOKIE), getattr(g, "account_language", None))
    return next((code for code in wanted if code in LANGUAGES), None) or browser_language(request)


def browser_language(asking: Request) -> str:
    """Read Accept-Language; `no` means bokmål, which the standard matching doesn't know."""
    for code, _quality in asking.accept_languages:
        primary = code.lower().split("-")[0].split("_")[0]
        if primary in {"no", "nb", "da", "sv"}:
            return "nb"
        if primary in {"nn", "en"}:
            return primary
    return "nb"


def keep_choice() -> None:
    """Remember the language that an address asks for, so that the next page is in it too."""
    code = request.args.get("sprak")
    if code not in LANGUAGES or code == request.cookies.get(COOKIE):
        return

    @after_this_request
    def remember(response: Response) -> Response:
        secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
        response.set_cookie(COOKIE, code, max_age=COOKIE_KEPT, samesite="Lax", httponly=True, secure=secure)
        return response


def init(app: Flask) -> None:
    """Connect the languages to the application."""
    app.before_request(keep_choice)
    app.config["BABEL_DEFAULT_LOCALE"] = "nb"
    app.config["BABEL_DEFAULT_TIMEZONE"] = "Europe/Oslo"
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(TRANSLATIONS)
    Babel(app, locale_selector=select_language)
