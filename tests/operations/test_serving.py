"""Serving behind a proxy: the portal sees the visitor's address, and believes only as many proxies as it is told of."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.support import databases
from tests.support.mailbox import free_port

PATIENCE = 60
Ask = Callable[[str], int]


@contextmanager
def served(own: databases.Own, proxies: int) -> Iterator[Ask]:
    """Run `portal serve`; give what asks the API with an X-Forwarded-For and says how many requests are left."""
    address = f"http://127.0.0.1:{free_port()}"
    others = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    ours = {
        "PORTAL_DATA": str(own.folder),
        "PORTAL_DATABASE_URL": own.url,
        "PORTAL_BASE_URL": address,
        "PORTAL_TRUSTED_PROXIES": str(proxies),
        "PYTHONPATH": str(databases.ROOT),
    }

    def ask(forwarded_for: str) -> int:
        request = urllib.request.Request(f"{address}/api/v1/indicators", headers={"X-Forwarded-For": forwarded_for})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return int(answer.headers["X-RateLimit-Remaining"])

    with subprocess.Popen(
        [sys.executable, "-m", "portal.app", "serve"], env={**others, **ours}, cwd=own.folder
    ) as process:
        try:
            _wait_until_it_answers(address)
            yield ask
        finally:
            process.terminate()


def _wait_until_it_answers(address: str) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"{address}/helse", timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail("the portal did not start")


def test_behind_a_proxy_each_visitor_is_counted_alone() -> None:
    with databases.own_database() as own, served(own, proxies=1) as ask:
        first = ask("203.0.113.7")
        assert ask("203.0.113.7") == first - 1
        assert ask("198.51.100.9") == first, "another visitor's requests are not this one's"
        assert ask("192.0.2.1, 203.0.113.7") == first - 2, (
            "what the visitor wrote before the proxy's word is not believed"
        )


def test_without_a_proxy_nobody_says_who_they_are() -> None:
    with databases.own_database() as own, served(own, proxies=0) as ask:
        assert ask("203.0.113.7") == ask("198.51.100.9") + 1
