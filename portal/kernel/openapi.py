"""The API's description, made from the code: what views say of themselves, and the dataclasses they answer with."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

import msgspec
from apispec import APISpec
from flask import Flask
from werkzeug.routing import Rule

P = ParamSpec("P")
R = TypeVar("R")

VERSION = "1.0.0"
REFERENCE = "#/components/schemas/{name}"
INFO = {
    "description": "What is open in the portal, for programs to read. No key is needed.",
    "license": {"name": "NLOD 2.0", "url": "https://data.norge.no/nlod/no/2.0"},
}
NUMBER = {"type": "integer", "minimum": 0, "maximum": 2**31 - 1}
LIMITS = {
    "X-RateLimit-Limit": "How many requests are allowed in the period.",
    "X-RateLimit-Remaining": "How many are left.",
    "X-RateLimit-Reset": "When the period is over, in seconds since 1970.",
}


@dataclass(frozen=True)
class Parameter:
    """A parameter in the query."""

    name: str
    description: str
    required: bool = False
    kind: str = "string"
    example: str | None = None
    values: Sequence[str] | Callable[[], Sequence[str]] = ()
    """The only ones there are."""
    format: str | None = None
    least: int | None = None
    most: int | None = None
    pattern: str | None = None
    """A regular expression that is all of it."""

    def schema(self) -> dict[str, Any]:
        """Return what a value can be, as JSON Schema says it."""
        values = self.values() if callable(self.values) else self.values
        said = {
            "type": self.kind,
            "enum": list(values) or None,
            "format": self.format,
            "minimum": self.least,
            "maximum": self.most,
            "pattern": self.pattern and f"^{self.pattern}$",
        }
        return {name: value for name, value in said.items() if value is not None}


@dataclass(frozen=True)
class Operation:
    """What a view of the API says of itself."""

    summary: str
    answer: type
    parameters: tuple[Parameter, ...] = ()
    may_be_missing: bool = False
    gone: str = ""


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Every error of the API (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str


def describe(
    summary: str, answer: type, *parameters: Parameter, may_be_missing: bool = False, gone: str = ""
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Mark a view as part of the public API: what it does and the dataclass it answers with.

    `gone`: what no longer is when it answers 410; empty when it never does.
    """

    def mark(view: Callable[P, R]) -> Callable[P, R]:
        view.__operation__ = Operation(summary, answer, parameters, may_be_missing, gone)  # type: ignore[attr-defined]  # read below
        return view

    return mark


def document(app: Flask, *, title: str, address: str) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of every described view."""
    spec = APISpec(title=title, version=VERSION, openapi_version="3.1.0", info=dict(INFO), servers=[{"url": address}])
    operations = {name: getattr(view, "__operation__", None) for name, view in app.view_functions.items()}
    rules = sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule)
    found = [(rule, operation) for rule in rules if (operation := operations[rule.endpoint]) is not None]
    types = [Problem, *(operation.answer for _, operation in found)]
    _, components = msgspec.json.schema_components(types, ref_template=REFERENCE)
    for name, schema in components.items():
        spec.components.schema(name, _plain(schema))
    for rule, operation in found:
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        spec.path(path, operations={"get": _operation(rule, operation)})
    return dict(spec.to_dict())


def _plain(schema: Any) -> Any:
    """Leave out `items: false`, which apispec takes for a name; beside it stands `maxItems`, which says the same."""
    if isinstance(schema, dict):
        return {key: _plain(value) for key, value in schema.items() if not (key == "items" and value is False)}
    return [_plain(each) for each in schema] if isinstance(schema, list) else schema


def _operation(rule: Rule, operation: Operation) -> dict[str, Any]:
    parameters = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "description": "A part of the address.",
            "schema": NUMBER if f"<int:{name}>" in rule.rule else {"type": "string"},
        }
        for name in sorted(rule.arguments)
    ]
    parameters += [
        {
            "name": each.name,
            "in": "query",
            "required": each.required,
            "description": each.description,
            "schema": each.schema(),
            **({"example": each.example} if each.example else {}),
        }
        for each in operation.parameters
    ]
    is_paged = any(each.name == "cursor" for each in operation.parameters)
    more = {"Link": "The address of the next page, rel=next, when there is one."} if is_paged else {}
    responses: dict[str, Any] = {
        "200": {
            "description": operation.summary,
            "headers": _headers({"ETag": "Send it as If-None-Match the next time.", **more, **LIMITS}),
            "content": _content(operation.answer, "application/json"),
        },
        "304": {"description": "Not changed since the ETag that was sent.", "headers": _headers(LIMITS)},
        "429": {
            **_problem("Too many requests."),
            "headers": _headers({"Retry-After": "How many seconds to wait.", **LIMITS}),
        },
    }
    if operation.may_be_missing:
        responses["404"] = _problem("There is no such thing.")
    if operation.gone:
        responses["410"] = _problem(operation.gone)
    if operation.parameters:
        responses["422"] = _problem("A parameter is not right.")
    return {
        "operationId": rule.endpoint.replace(".", "_"),
        "summary": operation.summary,
        "parameters": parameters,
        "responses": responses,
    }


def _headers(told: Mapping[str, str]) -> dict[str, Any]:
    return {name: {"description": what, "schema": {"type": "string"}} for name, what in told.items()}


def _problem(description: str) -> dict[str, Any]:
    return {"description": description, "content": _content(Problem, "application/problem+json")}


def _content(kind: type, media: str) -> dict[str, Any]:
    return {media: {"schema": {"$ref": REFERENCE.format(name=kind.__name__)}}}
