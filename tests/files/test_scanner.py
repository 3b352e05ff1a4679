"""The virus scanner: found, clean, and every way of giving no answer that counts."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from flask import Flask

from portal.config import SettingsError, check
from portal.files.scanner import Scanner, ScannerAway
from portal.operations import checks
from tests.files import clamd
from tests.support import databases


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def test_a_clean_file_is_clean_and_all_of_it_was_looked_at() -> None:
    content = bytes(range(256)) * 4000
    with clamd.listening(clamd.clamd) as (url, seen):
        assert Scanner(url).scan(content) == ""
        assert seen == [content]


@pytest.mark.parametrize("before", [0, 262_140, 1_000_000])
def test_a_virus_is_found_by_name_wherever_it_lies(before: int) -> None:
    with clamd.listening(clamd.clamd) as (url, _seen):
        assert Scanner(url).scan(b"x" * before + clamd.EICAR) == "Eicar-Test-Signature"


def test_a_scanner_on_the_same_machine_is_asked_by_its_socket(tmp_path: Path) -> None:
    with clamd.listening(clamd.clamd, tmp_path / "clamd.ctl") as (url, _seen):
        assert Scanner(url).scan(clamd.EICAR) == "Eicar-Test-Signature"
        assert Scanner(url).answers()


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"stream: OK",
        b"HTTP/1.1 200 OK\r\n\r\n\0",
        b"INSTREAM size limit exceeded. ERROR\0",
        b"stream: OK FOUND ERROR\0",
        b"OK\0",
        b"\0",
        b"\xff\xfe\0",
    ],
)
def test_no_strange_answer_counts_as_clean(answer: bytes) -> None:
    with clamd.listening(clamd.saying(answer)) as (url, _seen), pytest.raises(ScannerAway):
        Scanner(url).scan(b"en fil")


@pytest.mark.parametrize("scanner", [clamd.hanging, clamd.hanging_up, clamd.talking_for_ever])
def test_a_scanner_that_hangs_or_rambles_is_given_up(scanner: clamd.Callable) -> None:  # type: ignore[type-arg]
    with clamd.listening(scanner, timeout=1) as (url, _seen), pytest.raises(ScannerAway):
        Scanner(url).scan(b"en fil" * 1_000_000)


def test_a_scanner_that_is_not_there_is_away(tmp_path: Path) -> None:
    for url in (f"clamd://127.0.0.1:{free_port()}", f"clamd://{tmp_path}/none.ctl"):
        with pytest.raises(ScannerAway):
            Scanner(url).scan(b"en fil")


@pytest.mark.parametrize(
    "url", ["http://host", "clamd://", "clamd://host/path", "clamd://host:x", "clamd://h?timeout=0"]
)
def test_an_address_that_cannot_be_a_scanners_is_refused_at_the_start(url: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="PORTAL_VIRUS_SCANNER"):
        check(databases.settings("sqlite://", tmp_path, virus_scanner=url))


@pytest.mark.parametrize("url", ["", "clamd://host", "clamd://host:3310?timeout=60", "clamd:///run/clamav/clamd.ctl"])
def test_the_addresses_in_the_documentation_are_taken(url: str, tmp_path: Path) -> None:
    check(databases.settings("sqlite://", tmp_path, virus_scanner=url))


def scanner_check() -> checks.Check:
    return next(each for each in checks.run_all() if each.name == "scanner")


def test_portal_check_tells_how_the_scanner_is(app: Flask, scanner: clamd.Callable) -> None:  # type: ignore[type-arg]
    assert scanner_check().ok
    with clamd.listening(clamd.clamd) as (url, _seen):
        scanner(url)
        assert scanner_check().ok
    assert not scanner_check().ok
    with clamd.listening(clamd.saying(b"HELLO\0")) as (url, _seen):
        scanner(url)
        assert not scanner_check().ok
