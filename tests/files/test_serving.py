"""Files as they are sent: to whom, with which headers, and gone at once when they are hidden."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from portal.accounts.actions.organisations import close_organisation
from portal.files.actions import remove
from portal.files.models import File
from portal.files.views import PICTURE_SANDBOX, SANDBOX
from portal.kernel.content import PublicationState, Ref
from tests.files import made
from tests.files.sending import decide, put
from tests.support.cast import Cast
from tests.support.page import Visitor, forget_request

Open = Callable[..., Visitor]
EVERYBODY = (
    None,
    "resident",
    "resident2",
    "employee",
    "adviser",
    "moderator",
    "coordinator",
    "verifier",
    "partner",
    "admin",
)
STATES = list(PublicationState)


def fetch(person: Visitor, file: File, size: str = "", status: int = 200, **headers: str) -> TestResponse:
    forget_request()
    path = f"/filer/{file.id}/{size}{'/' if size else ''}{file.name}"
    answer = person.client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    assert answer.status_code == status, f"{path}: {answer.status_code}"
    return answer


def test_a_picture_is_sent_inline_and_can_do_nothing(visitor: Open, cast: Cast, thing: Ref) -> None:
    file = put(cast.actor("resident"), thing, made.taken_somewhere(), "Blåbær på øya.jpg")
    decide(file, PublicationState.PUBLISHED)
    answer = fetch(visitor(), file)
    sent = dict(answer.headers)
    sent.pop("Date", None)
    assert sent == {
        "Content-Type": "image/jpeg",
        "Content-Length": str(file.size),
        "Content-Disposition": (
            "inline; filename=\"Blabaer pa oya.jpg\"; filename*=UTF-8''Bl%C3%A5b%C3%A6r%20p%C3%A5%20%C3%B8ya.jpg"
        ),
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=(self), browsing-topics=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "public, no-cache",
        "X-Accel-Expires": "1",
        "ETag": f'"{file.sha256}-whole"',
        "Vary": "Cookie",
    }
    assert hashlib.sha256(answer.data).hexdigest() == file.sha256
    assert len(answer.data) == file.size


@pytest.mark.parametrize(
    ("content", "media_type"), [(made.pdf(), "application/pdf"), (made.office(), made.WORD.removesuffix(".main+xml"))]
)
def test_a_document_is_always_for_keeping_never_shown(
    visitor: Open, cast: Cast, thing: Ref, content: bytes, media_type: str
) -> None:
    file = put(cast.actor("resident"), thing, content, "brev")
    decide(file, PublicationState.PUBLISHED)
    answer = fetch(visitor(), file)
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert answer.headers["Content-Type"] == media_type
    assert answer.headers["Content-Security-Policy"] == SANDBOX
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.data == content


@pytest.mark.parametrize("size", ["liten", "middels"])
def test_a_picture_has_smaller_copies(visitor: Open, cast: Cast, thing: Ref, size: str) -> None:
    file = put(cast.actor("resident"), thing, made.picture("PNG", (1500, 1000)), "x.png")
    decide(file, PublicationState.PUBLISHED)
    answer = fetch(visitor(), file, size)
    assert answer.headers["ETag"] == f'"{file.sha256}-{size}"'
    assert answer.headers["Content-Security-Policy"] == PICTURE_SANDBOX
    assert 0 < len(answer.data) != file.size


def test_a_document_has_no_smaller_copies(visitor: Open, cast: Cast, thing: Ref) -> None:
    file = put(cast.actor("resident"), thing)
    fetch(visitor("resident"), file, "liten", 404)


@pytest.mark.parametrize("state", STATES)
def test_what_is_not_published_is_for_its_uploader_and_moderators_and_nobody_keeps_it(
    visitor: Open, cast: Cast, thing: Ref, state: PublicationState
) -> None:
    file = put(cast.actor("resident"), thing)
    decide(file, state)
    allowed = {PublicationState.PUBLISHED: set(EVERYBODY), PublicationState.DRAFT: {"resident"}}.get(
        state, {"resident", "moderator"}
    )
    for name in EVERYBODY:
        answer = fetch(visitor(name), file, status=200 if name in allowed else 404)
        if state is not PublicationState.PUBLISHED:
            assert answer.headers["Cache-Control"] in {"private, no-store", "no-store"}, name
            assert "ETag" not in answer.headers


def test_a_file_on_nothing_is_for_its_uploader_alone(visitor: Open, cast: Cast, thing: Ref) -> None:
    file = put(cast.actor("resident"), None)
    for name in EVERYBODY:
        fetch(visitor(name), file, status=200 if name == "resident" else 404)


def test_a_file_on_what_not_everybody_may_read_follows_it(visitor: Open, cast: Cast, thing: Ref) -> None:
    file = put(cast.actor("resident2"), thing)
    decide(file, PublicationState.PUBLISHED)
    fetch(visitor(), file)
    close_organisation(cast.actor("admin"), thing.id)
    for name in EVERYBODY:
        staff = {"resident2", "employee", "adviser", "moderator", "coordinator", "admin"}
        answer = fetch(visitor(name), file, status=200 if name in staff else 404)
        assert "public" not in answer.headers["Cache-Control"]


def test_a_file_is_asked_about_each_time_and_not_sent_again(visitor: Open, cast: Cast, thing: Ref) -> None:
    file = put(cast.actor("resident"), thing)
    decide(file, PublicationState.PUBLISHED)
    person = visitor()
    mark = fetch(person, file).headers["ETag"]
    again = fetch(person, file, status=304, If_None_Match=mark)
    assert again.data == b""
    fetch(person, file, status=200, If_None_Match='"another"')


def test_what_is_hidden_is_gone_at_once_also_for_who_has_a_copy(visitor: Open, cast: Cast, thing: Ref) -> None:
    file = put(cast.actor("resident"), thing, made.picture(), "x.png")
    decide(file, PublicationState.PUBLISHED)
    person = visitor()
    mark = fetch(person, file).headers["ETag"]
    decide(file, PublicationState.HIDDEN)
    for size in ("", "liten", "middels"):
        answer = fetch(person, file, size, 404, If_None_Match=mark)
        assert answer.headers["Cache-Control"] == "no-store"
    decide(file, PublicationState.PUBLISHED)
    fetch(person, file)


def test_a_removed_file_is_gone_at_once(visitor: Open, cast: Cast, thing: Ref) -> None:
    file = put(cast.actor("resident"), thing)
    decide(file, PublicationState.PUBLISHED)
    path = f"/filer/{file.id}/{file.name}"
    remove(cast.actor("resident"), file.id)
    assert visitor().client.get(path).status_code == 404


def test_a_file_answers_to_its_own_name_only(visitor: Open, cast: Cast, thing: Ref) -> None:
    file = put(cast.actor("resident"), thing, name="brev.pdf")
    decide(file, PublicationState.PUBLISHED)
    for name in ("faktura.pdf", "brev.PDF", "brev.pdf.exe", "%2e%2e%2fbrev.pdf", "x"):
        forget_request()
        assert visitor().client.get(f"/filer/{file.id}/{name}").status_code == 404


def test_masking_a_name_keeps_what_the_file_is(visitor: Open, cast: Cast, thing: Ref) -> None:
    file = put(cast.actor("resident"), thing, made.picture(), "Kari Nordmann.png")
    decide(file, PublicationState.PUBLISHED, name="████ ████.html", alt_text="████ sitter på en benk.")
    assert file.name.endswith(".png")
    assert "Kari" not in file.name
    assert fetch(visitor(), file).content_type == "image/png"


def test_a_file_whose_content_is_lost_is_not_found_and_no_fault(
    app: Flask, visitor: Open, cast: Cast, thing: Ref
) -> None:
    file = put(cast.actor("resident"), thing)
    app.extensions["portal_files"].remove(file.address)
    fetch(visitor("resident"), file, status=404)


def test_sending_a_file_costs_few_statements(
    visitor: Open, cast: Cast, thing: Ref, count_queries: Callable[..., object]
) -> None:
    file = put(cast.actor("resident"), thing)
    decide(file, PublicationState.PUBLISHED)
    person = visitor()
    with count_queries(at_most=4):  # type: ignore[attr-defined]  # a context manager
        fetch(person, file)
