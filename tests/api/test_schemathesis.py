"""Schemathesis asks the API what nobody thought of, right and wrong, and holds every answer to its description."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, settings
from schemathesis.checks import load_all_checks

from tests.home.opened import one_of_everything
from tests.support.cast import Cast
from tests.support.page import forget_request

EXAMPLES = 15
"""Made up for each address, beside every edge of each parameter."""


@pytest.fixture
def described(app: Flask, cast: Cast) -> schemathesis.BaseSchema:
    """What the application says of itself, and the application to ask, with something of everything in it."""
    one_of_everything(cast)
    load_all_checks()

    def asked(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        forget_request()
        return app(environ, start_response)

    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", asked)


api = schemathesis.pytest.from_fixture("described")


@api.parametrize()
@settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much],
)
def test_whatever_is_asked_the_answer_is_what_the_description_says(case: schemathesis.Case) -> None:
    if case.meta and case.meta.generation.mode.is_positive:
        case.query.pop("cursor", None)  # any text is one to the description, but only those that a list gave are
    case.call_and_validate()
