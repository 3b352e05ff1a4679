"""What programs ask of a list in the API: read in one way, told in one way, and answered page by page."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Protocol, TypeVar
from urllib.parse import urlencode

import msgspec
from flask import Response, current_app, request

from portal import config
from portal.kernel.errors import Invalid
from portal.kernel.extensions import content
from portal.kernel.i18n import _l
from portal.kernel.openapi import Parameter
from portal.kernel.richtext import clean_line

E = TypeVar("E", bound=StrEnum)

LIMIT, MOST = 50, 100
LARGEST = 2**31 - 1
"""The largest number that a row can have."""
LONGEST_WORDS = 200
WORD = "[a-z0-9-]{1,80}"
"""What stands in an address for a name."""
YES_OR_NO = ("true", "false")
INDICATOR = "indicator"


class Listing(Protocol):
    """One page of a list: `items`, and the cursor of the next page or None."""

    @property
    def next(self) -> str | None: ...


def indicator_numbers() -> list[str]:
    """Return «1.1» … «4.9», as the kind of content that has them tells."""
    return [label.split(" ", 1)[0] for _id, label in _indicators()]


WORDS = Parameter("q", f"Words to look for; the first {LONGEST_WORDS} letters are read.")
SERVICE_AREA = Parameter("service_area", "The number of a service area.", kind="integer", least=1, most=LARGEST)
NEIGHBOURHOOD = Parameter("neighbourhood", "The slug of a lokalsamfunn.", pattern=WORD)
GOAL = Parameter("goal", "One of the 17 goals.", kind="integer", least=1, most=17)
INDICATORS = Parameter("indicator", "One of the 39 indicators.", example="1.8", values=indicator_numbers)
PAGING = (
    Parameter("limit", f"How many on a page: {LIMIT}, at most {MOST}.", kind="integer", least=1, most=MOST),
    Parameter("cursor", "Where the page begins: `next` of the page before."),
)


def since_parameter(description: str) -> Parameter:
    """Return the parameter for asking only for what is new."""
    return Parameter("updated_since", description, example="2026-01-01T00:00:00Z", format="date-time")


def words() -> str:
    """Return the words to look for."""
    return clean_line(request.args.get("q", "")[:LONGEST_WORDS])


def one_of(kind: type[E], name: str) -> E | None:
    """Return the member of a kind that is asked for; raises Invalid, since a program wants to know."""
    value = request.args.get(name)
    if value is None:
        return None
    found = next((each for each in kind if each.value == value), None)
    if found is None:
        raise Invalid(name, _l("Oppgi en av disse: %(values)s", values=", ".join(each.value for each in kind)))
    return found


def flag(name: str) -> bool | None:
    """Return whether something is asked to be so; raises Invalid."""
    value = request.args.get(name)
    if value is not None and value not in YES_OR_NO:
        raise Invalid(name, _l("Oppgi true eller false."))
    return None if value is None else value == "true"


def number(name: str, most: int = LARGEST) -> int | None:
    """Return a number from 1; raises Invalid."""
    value = request.args.get(name)
    if value is None:
        return None
    found = int(value) if value.isascii() and value.isdecimal() and len(value) <= len(str(most)) else 0
    if not 1 <= found <= most:
        raise Invalid(name, _l("Oppgi et tall fra 1 til %(most)d.", most=most))
    return found


def word(name: str) -> str:
    """Return a short name as it stands in an address, empty when none is asked for; raises Invalid."""
    value = request.args.get(name)
    if value is not None and not re.fullmatch(WORD, value):
        raise Invalid(name, _l("Oppgi et kort navn, slik det står i adressen."))
    return value or ""


def limit() -> int:
    """Return how many are asked for on a page; raises Invalid."""
    return number("limit", MOST) or LIMIT


def cursor() -> str | None:
    """Return where the page begins; `paginate` refuses one that it hasn't made."""
    return request.args.get("cursor")


def since() -> datetime | None:
    """Return the time that only what is newer is asked for; without a zone it is UTC. Raises Invalid."""
    value = request.args.get("updated_since")
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:  # a time that isn't, or so near the year 1 that it has none in UTC
        raise Invalid("updated_since", _l("Oppgi tiden slik: 2026-01-01T00:00:00Z.")) from error


def indicator() -> int | None:
    """Return the row number of the indicator that is asked for by its number, as «1.8»; raises Invalid."""
    asked = request.args.get("indicator")
    if asked is None:
        return None
    found = next((id_ for id_, label in _indicators() if label.split(" ", 1)[0] == asked), None)
    if found is None:
        raise Invalid("indicator", _l("Oppgi nummeret på en av de 39, for eksempel 1.8."))
    return found


def answer(told: object) -> Response:
    """Answer with JSON."""
    return current_app.response_class(msgspec.json.encode(told), content_type="application/json")


def page(told: Listing) -> Response:
    """Answer with one page of a list, and the address of the next one (RFC 8288)."""
    response = answer(told)
    if told.next:
        kept: dict[str, Any] = {**request.args.to_dict(), "cursor": told.next}
        response.headers["Link"] = f'<{config.current().base_url}{request.path}?{urlencode(kept)}>; rel="next"'
    return response


def _indicators() -> list[tuple[int, str]]:
    kind = content().find(INDICATOR)
    return [(each.id, each.label) for each in kind.options("nb")] if kind and kind.options else []
