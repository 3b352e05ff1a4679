"""The front door of the API: its description, a page about it, and what every answer of it carries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, jsonify, render_template, request

from portal import config
from portal.kernel import asking, openapi
from portal.kernel.access import public
from portal.kernel.municipalities import all_municipalities
from portal.observatorium.models.rounds import RoundState
from portal.observatorium.queries import pages
from portal.solutions.queries import country

bp = Blueprint("api", __name__, template_folder="templates")

OPEN = ("/api/v1/", "/apne-data/")
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "If-None-Match",
    "Access-Control-Expose-Headers": ", ".join(("ETag", "Link", "Retry-After", *openapi.LIMITS)),
    "Access-Control-Max-Age": "86400",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
"""Pages from anywhere may read what is open: nothing in it is secret, and no cookie is sent along."""


@dataclass(frozen=True, kw_only=True)
class MunicipalityItem:
    """A municipality, with what it shares in this portal and what it has taken in use from others."""

    number: str
    name: str
    county_number: str
    county_name: str
    latitude: float
    longitude: float
    home: bool
    """It is this portal's own."""
    solutions_shared: int
    solutions_in_use: int
    """Of others'."""


@dataclass(frozen=True, kw_only=True)
class MunicipalityList:
    """All of them, in the order of their numbers."""

    items: list[MunicipalityItem]
    next: str | None


@dataclass(frozen=True, kw_only=True)
class Resource:
    """One address of the API, for people to read about."""

    path: str
    operation: Mapping[str, Any]
    example: str
    fields: Mapping[str, Any]
    """What each item of the list has, by name."""


@bp.get("/api/v1/municipalities")
@public
@openapi.describe("The municipalities of Norway, and how solutions spread among them", MunicipalityList)
def municipalities() -> Response:
    """Answer with every municipality."""
    return asking.answer(MunicipalityList(items=_municipalities(), next=None))


@bp.get("/api/v1/openapi.json")
@public
def description() -> Response:
    """Send the OpenAPI description."""
    return jsonify(_document())


@bp.get("/api/docs")
@public
def docs() -> str:
    """Show the API to people, without a request to anywhere else."""
    newest = next((each.slug for each, _ in pages.list_rounds() if each.state is RoundState.PUBLISHED), None)
    examples = {"round": newest} if newest else {}
    return render_template("home/api_docs.html", resources=list(_resources(_document(), examples)))


@bp.after_app_request
def open_to_all(response: Response) -> Response:
    """Let pages from anywhere read the API and the open data."""
    if request.path.startswith(OPEN) and request.method in {"GET", "HEAD", "OPTIONS"}:
        response.headers.update(CORS)
    return response


def _municipalities() -> list[MunicipalityItem]:
    spread, own = country.spread(), config.current().municipality_number
    return [
        MunicipalityItem(
            **asdict(each),
            home=each.number == own,
            solutions_shared=spread.shared.get(each.number, 0),
            solutions_in_use=spread.used.get(each.number, 0),
        )
        for each in all_municipalities()
    ]


def _document() -> dict[str, Any]:
    return openapi.document(current_app, title="Innbyggerportalen", address=config.current().base_url)


def _resources(document: Mapping[str, Any], examples: Mapping[str, str]) -> Iterator[Resource]:
    schemas = document["components"]["schemas"]
    for path, operations in document["paths"].items():
        operation = operations["get"]
        answer = _schema(schemas, operation["responses"]["200"]["content"]["application/json"]["schema"])
        item = _schema(schemas, answer["properties"].get("items", {}).get("items", {}))
        asked = {each["name"]: each["example"] for each in operation["parameters"] if "example" in each}
        asked |= {name: value for name, value in examples.items() if name in asked}
        example = path + (f"?{urlencode(asked)}" if asked else "")
        yield Resource(
            path=path,
            operation=operation,
            example="" if "{" in path else example,  # nobody knows the number of one that is there
            fields=item.get("properties", answer["properties"]),
        )


def _schema(schemas: Mapping[str, Any], found: Mapping[str, Any]) -> Mapping[str, Any]:
    """Follow a reference to what it points at."""
    reference = found.get("$ref")
    target: Mapping[str, Any] = schemas[reference.rsplit("/", 1)[-1]] if reference else found
    return target
