"""The way back to the page that somebody came from, and what an address asks for."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from flask import request, url_for

from portal.kernel.content import Card, Ref
from portal.kernel.extensions import content
from portal.participation.models import Form


def card_url(card: Card) -> str:
    """Return the address of a thing."""
    return url_for(card.endpoint, **card.values)


def back(ref: Ref, card: Card | None = None) -> str:
    """Return where to go when something is done: the page it was done from, or the thing's own; else the front page."""
    asked = own_path(request.values.get("tilbake"))
    if asked:
        return asked
    card = card or content().cards([ref]).get(ref)
    return card_url(card) if card else url_for("home.front")


def own_path(wanted: str | None) -> str:
    """Return an address when it is a path of this portal, else nothing.

    Browsers read a backslash as a slash and skip control characters, so neither may stand in it.
    """
    if not wanted or not wanted.startswith("/") or wanted.startswith("//") or "\\" in wanted:
        return ""
    if any(ord(character) < 32 or ord(character) == 127 for character in wanted):
        return ""
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return ""
    return "" if parts.scheme or parts.netloc else wanted


def asked_source() -> Ref | None:
    """Return the thing of one's own whose text the address asks to begin with."""
    found = re.fullmatch(r"([a-z_]{1,40}):([1-9][0-9]{0,8})", request.args.get("tekst", ""))
    return Ref(found[1], int(found[2])) if found else None


def asked_form() -> Form | None:
    """Return the form that the address asks for; anything unknown is as if it weren't there."""
    return next((form for form in Form if form.value == request.args.get("form")), None)
