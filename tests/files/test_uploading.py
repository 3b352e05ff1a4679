"""The page for sending files: what a person meets, with and without a scanner, and what it costs the portal."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from portal.accounts.actions.settings import SettingDraft, change_setting
from portal.files import store as stores
from portal.files.models import File
from portal.files.queries import MOST_ON_A_THING
from portal.files.views import MOST_SENT
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import db
from portal.moderation.models import Case
from tests.files import clamd, made
from tests.support.cast import Cast
from tests.support.page import Page, Visitor, forget_request

Open = Callable[..., Visitor]
ALT = "En tom lekeplass med en ødelagt huske."


def send(person: Visitor, to: Ref, content: bytes, name: str = "bilde.png", status: int = 303, **said: Any) -> Page:
    """Send a file as the form does."""
    data = {"alt_text": ALT, "language": "nb", "csrf_token": person.token(), **said}
    file = FileStorage(io.BytesIO(content), name, "file", "application/octet-stream")
    boundary, body = encode_multipart({**data, "file": file})  # in memory: the test client leaves files of its own open
    forget_request()
    answer = person.client.post(
        f"/filer/last-opp?til={to}", data=body, content_type=f"multipart/form-data; boundary={boundary}"
    )
    return person._page(answer, status)


def all_files() -> list[File]:
    return list(db.session.scalars(sa.select(File).order_by(File.id)))


def only_file() -> File:
    (found,) = all_files()
    return found


def in_store(app: Flask) -> list[Path]:
    return [path for path in (app.config["PORTAL"].data_dir / "files").rglob("*") if path.is_file()]


def test_a_picture_is_sent_described_and_waits(app: Flask, visitor: Open, cast: Cast, thing: Ref) -> None:
    person = visitor("resident")
    page = person.get("files.upload", til=thing)
    assert page.heading == "Legg ved en fil"
    assert page.one("form[enctype]")["enctype"] == "multipart/form-data"
    answer = person.follow(send(person, thing, made.taken_somewhere(), "Huska.jpg"))
    assert "En moderator ser på den før andre får se den" in answer.words
    file = only_file()
    assert (file.name, file.media_type, file.alt_text, file.language) == ("Huska.jpg", "image/jpeg", ALT, "nb")
    assert (file.uploader_id, file.target, file.state) == (cast.resident.id, thing, PublicationState.PENDING)
    assert (file.width, file.height) == (40, 60)
    assert file.unattached_since is None
    assert len(in_store(app)) == 3
    picture = answer.one(".own-files img")
    assert picture["alt"] == ALT
    assert "Venter på godkjenning" in answer.words
    case = db.session.scalars(sa.select(Case)).one()
    assert (case.kind, case.target_id, case.author_id) == ("file", file.id, cast.resident.id)


def test_where_files_are_moderated_afterwards_they_are_shown_at_once(visitor: Open, cast: Cast, thing: Ref) -> None:
    change_setting(cast.actor("admin"), "moderation_of_file", SettingDraft(value="post", version=0))
    person = visitor("resident")
    answer = person.follow(send(person, thing, made.pdf(), "Kart.pdf"))
    assert only_file().state is PublicationState.PUBLISHED
    assert "Fila er lagt ved" in answer.words


def test_a_picture_without_words_is_asked_about_and_the_rest_is_kept(app: Flask, visitor: Open, thing: Ref) -> None:
    page = send(visitor("resident"), thing, made.picture(), status=422, alt_text="", language="nn")
    assert "Skriv hva bildet viser, eller kryss av for at det bare er pynt." in page.words
    assert "Velg fila en gang til" in page.words
    assert page.one("#language option[selected]")["value"] == "nn"
    assert all_files() == []
    assert in_store(app) == []


def test_a_picture_that_says_nothing_is_decoration_by_choice(visitor: Open, thing: Ref) -> None:
    person = visitor("resident")
    page = person.follow(send(person, thing, made.picture(), is_decoration="y"))
    file = only_file()
    assert (file.is_decoration, file.alt_text) == (True, "")
    assert page.one(".own-files img")["alt"] == ""


def test_a_document_needs_no_words(visitor: Open, thing: Ref) -> None:
    send(visitor("resident"), thing, made.office(), "Søknad.docx", alt_text="")
    assert (only_file().name, only_file().alt_text) == ("Søknad.docx", "")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "Fila er tom"),
        (b"<svg onload=alert(1)>", "Denne typen fil tar vi ikke imot"),
        (made.office(more={"word/vbaProject.bin": b"x"}), "makroer"),
        (made.png_of_size(60_000, 60_000), "for mange bildepunkter"),
        (b"%PDF-" + b"\0" * 20_500_000, "for stor"),
    ],
    ids=["empty", "svg", "macro", "bomb", "large"],
)
def test_a_file_that_is_not_taken_is_told_why_and_the_words_are_kept(
    app: Flask, visitor: Open, thing: Ref, content: bytes, told: str
) -> None:
    page = send(visitor("resident"), thing, content, status=422)
    assert told in page.words
    assert page.one("#alt_text").get_text().strip() == ALT
    assert page.one("#file")["aria-invalid"] == "true"
    assert all_files() == []
    assert in_store(app) == []


def test_a_form_without_a_file_asks_for_one(visitor: Open, thing: Ref) -> None:
    person = visitor("resident")
    for nothing in (None, (io.BytesIO(b""), "")):
        page = person.post("files.upload", {"alt_text": ALT, **({"file": nothing} if nothing else {})}, 422, til=thing)
        assert "Velg en fil." in page.words


def test_what_is_far_too_large_is_not_even_read(visitor: Open, thing: Ref) -> None:
    page = send(visitor("resident"), thing, b"\0" * (MOST_SENT + 1), status=413)
    assert page.heading == "Dette ble for stort"


def test_other_forms_stay_small(visitor: Open, thing: Ref) -> None:
    person = visitor("resident")
    send(person, thing, made.picture())
    person.post("files.edit", {"alt_text": "x" * 1_000_001}, 413, file_id=only_file().id)


def test_a_form_in_a_thousand_pieces_is_refused(visitor: Open, thing: Ref) -> None:
    send(visitor("resident"), thing, made.picture(), status=413, **{f"x{number}": "y" for number in range(40)})


def test_a_full_thing_takes_no_more(visitor: Open, cast: Cast, thing: Ref) -> None:
    person = visitor("resident")
    send(person, thing, made.pdf(), "en.pdf")
    file = only_file()
    columns = {column.name: getattr(file, column.name) for column in File.__table__.columns if column.name != "id"}
    for number in range(MOST_ON_A_THING - 1):
        db.session.execute(sa.insert(File).values(columns | {"address": str(number)}))
    db.session.commit()
    assert "så mange filer som det er plass til" in person.get("files.upload", til=thing).words
    page = send(person, thing, made.pdf(), "en til.pdf", status=409)
    assert "det er fullt" in page.words
    assert len(all_files()) == MOST_ON_A_THING


# --- who may ----------------------------------------------------------------------------------------------------------


def test_signed_out_one_is_led_to_the_door(visitor: Open, thing: Ref) -> None:
    person = visitor()
    assert "/konto/logg-inn" in person.get("files.upload", 303, til=thing).response.headers["Location"]
    send(person, thing, made.picture(), status=401)
    assert all_files() == []


@pytest.mark.parametrize(
    "til",
    [
        "",
        "x",
        "organisation_page",
        "organisation_page:0",
        "organisation_page:999999",
        "nothing:1",
        "organisation_page:1:2",
        "organisation_page:99999999999999999999",
        "file:1",
    ],
)
def test_nothing_can_be_sent_to_what_is_not_there(visitor: Open, thing: Ref, til: str) -> None:
    person = visitor("resident")
    person.get("files.upload", 404, til=til)
    person.post("files.upload", {"file": (io.BytesIO(made.picture()), "a.png")}, 404, til=til)


def test_the_things_own_kind_decides_who_may_attach(app: Flask, visitor: Open, thing: Ref) -> None:
    page = visitor("partner").get("files.upload", 403, til=thing)
    assert "Du kan ikke legge ved filer her." in page.words
    send(visitor("partner"), thing, made.picture(), status=403)
    assert in_store(app) == []


# --- the scanner ------------------------------------------------------------------------------------------------------


def test_a_virus_is_refused_and_a_clean_file_is_taken(app: Flask, visitor: Open, thing: Ref, scanner: Any) -> None:
    person = visitor("resident")
    with clamd.listening(clamd.clamd) as (url, seen):
        scanner(url)
        page = send(person, thing, made.pdf(more=b"% " + clamd.EICAR + b"\n"), "rapport.pdf", status=422)
        assert "Virusskanneren vår sier at fila kan gjøre skade" in page.words
        assert in_store(app) == []
        send(person, thing, made.pdf(), "rapport.pdf")
    assert only_file().name == "rapport.pdf"
    assert seen[-1] == made.pdf()


def test_without_a_word_from_the_scanner_no_file_is_taken_and_nothing_written_is_lost(
    app: Flask, visitor: Open, thing: Ref, scanner: Any, caplog: pytest.LogCaptureFixture
) -> None:
    person = visitor("resident")
    with clamd.listening(clamd.saying(b"HTTP/1.1 200 OK\0")) as (url, _seen):
        scanner(url)
        garbage = send(person, thing, made.picture(), status=422)
    away = send(person, thing, made.picture(), status=422)
    for page in (garbage, away):
        assert "Vi får ikke tatt imot filer akkurat nå" in page.words
        assert page.one("#alt_text").get_text().strip() == ALT
    assert all_files() == []
    assert in_store(app) == []
    assert "virus scanner" in caplog.text


def test_when_the_store_is_away_people_are_asked_to_try_later(
    app: Flask, visitor: Open, thing: Ref, caplog: pytest.LogCaptureFixture
) -> None:
    folder = app.config["PORTAL"].data_dir / "files"
    folder.write_text("a file stands where the folder should be")
    try:
        page = send(visitor("resident"), thing, made.picture(), status=422)
    finally:
        folder.unlink()
    assert "Vi får ikke tatt imot filer akkurat nå" in page.words
    assert "could not be written" in caplog.text
    assert all_files() == []


def test_files_can_lie_in_another_store(app: Flask, visitor: Open, thing: Ref) -> None:
    settings = app.config["PORTAL"]
    elsewhere = stores.open_store(replace(settings, files_url="memory://another/place"))
    app.extensions["portal_files"], before = elsewhere, app.extensions["portal_files"]
    try:
        person = visitor("resident")
        send(person, thing, made.pdf(), "rapport.pdf")
        sent = person.client.get(f"/filer/{only_file().id}/rapport.pdf")
        assert sent.data == made.pdf()
        assert in_store(app) == []
    finally:
        app.extensions["portal_files"] = before


# --- afterwards -------------------------------------------------------------------------------------------------------


def test_what_is_said_can_be_changed_and_waits_again(visitor: Open, cast: Cast, thing: Ref) -> None:
    change_setting(cast.actor("admin"), "moderation_of_file", SettingDraft(value="post", version=0))
    person = visitor("resident")
    send(person, thing, made.picture())
    change_setting(cast.actor("admin"), "moderation_of_file", SettingDraft(value="pre", version=1))
    page = person.get("files.edit", file_id=only_file().id)
    form = page.form()
    assert form["alt_text"].strip() == ALT
    person.post("files.edit", {**form, "alt_text": "En huske."}, file_id=only_file().id)
    assert (only_file().alt_text, only_file().state) == ("En huske.", PublicationState.PENDING)
    person.post("files.edit", {**form, "alt_text": " "}, 422, file_id=only_file().id)


def test_a_file_is_removed_after_a_word_of_warning(
    app: Flask, visitor: Open, thing: Ref, run_worker: Callable[[], None]
) -> None:
    person = visitor("resident")
    send(person, thing, made.picture())
    assert len(in_store(app)) == 3
    page = person.get("files.remove", file_id=only_file().id)
    assert "kan ikke hente den fram igjen" in page.words
    person.post("files.remove", file_id=only_file().id)
    assert all_files() == []
    assert len(in_store(app)) == 3, "the store is told when the transaction is over"
    run_worker()
    assert in_store(app) == []
    assert db.session.scalars(sa.select(Case)).one().closed_at is not None


def test_nobody_changes_or_removes_what_is_not_theirs(visitor: Open, thing: Ref) -> None:
    send(visitor("resident"), thing, made.picture())
    for name in ("resident2", "moderator", "admin"):
        for endpoint in ("files.edit", "files.remove"):
            visitor(name).get(endpoint, 404, file_id=only_file().id)
            visitor(name).post(endpoint, {"alt_text": "x"}, 404, file_id=only_file().id)
    assert only_file().alt_text == ALT
