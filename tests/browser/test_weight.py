"""What a first visit costs to fetch, measured on the wire."""

from __future__ import annotations

import gzip
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Response

pytestmark = pytest.mark.browser

VISIT = 160_000
SCRIPT = 40_000
"""Bytes, compressed, as design/quality.md has them."""


def weight(response: Response) -> int:
    """Return the bytes of an answer as they travel; the page itself as a proxy in front packs it."""
    if response.request.is_navigation_request() and "content-encoding" not in response.headers:
        return len(gzip.compress(response.body(), 6))
    return int(response.request.sizes()["responseBodySize"])


@pytest.mark.parametrize("path", ["/", "/observatorium/", "/observatorium/vurder/", "/observatorium/indikatorer/1.8/"])
def test_a_first_visit_is_light(visit: Callable[..., Page], path: str) -> None:
    page = visit()
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 - Playwright refuses a built-in
    page.goto(path, wait_until="networkidle")
    page.evaluate("document.fonts.ready.then(() => 0)")
    weights = {answer.url: weight(answer) for answer in answers}
    scripts = sum(size for url, size in weights.items() if url.endswith(".js"))
    assert any(url.endswith(".woff2") for url in weights)
    assert sum(weights.values()) <= VISIT, weights
    assert 0 < scripts <= SCRIPT, weights
    assert not any(size == 0 for url, size in weights.items() if "/static/" in url), weights
