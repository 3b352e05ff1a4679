"""Schemathesis asks the API what nobody thought of, right and wrong, and holds every answer to its description."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import load_all_checks

from tests.home.opened import one_of_everything
from tests.support.cast import Cast
from tests.support.page import forget_request

EXAMPLES = 15
"""Made up for each address, right and wrong, beside every edge of each parameter."""
MANY = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]


@pytest.fixture
def api(app: Flask, cast: Cast) -> Any:
    """What the application says of itself, and the application to ask, with something of everything in it."""
    one_of_everything(cast)
    load_all_checks()

    def asked(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        forget_request()
        return app(environ, start_response)

    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", asked)


def operations(api: Any) -> list[Any]:
    found = [each.ok() for each in api.get_all_operations()]
    assert len(found) > 12
    return found


def ask(case: schemathesis.Case) -> None:
    if case.meta and case.meta.generation.mode.is_positive and isinstance(case.query, dict):
        case.query.pop("cursor", None)  # any text is one to the description, but only those that a list gave are
    case.call_and_validate()


def test_at_every_edge_of_every_parameter_the_answer_is_what_the_description_says(api: Any) -> None:
    asked = 0
    for operation in operations(api):
        config = api.config.generation_for(operation=operation, phase="coverage")
        for case in api.iter_coverage_cases(operation, generation_modes=list(GenerationMode), generation_config=config):
            ask(case)
            asked += 1
    assert asked > 300


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_whatever_is_asked_the_answer_is_what_the_description_says(api: Any, mode: GenerationMode) -> None:
    for operation in operations(api):
        if mode.is_negative and not list(operation.iter_parameters()):
            continue  # there is nothing to say wrong

        @given(case=operation.as_strategy(generation_mode=mode))
        @settings(max_examples=EXAMPLES, derandomize=True, database=None, suppress_health_check=MANY)
        def each(case: schemathesis.Case) -> None:
            ask(case)

        each()
