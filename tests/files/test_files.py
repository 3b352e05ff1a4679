"""Files and the things they are on: putting, taking off, editing, cleaning up, and what a person keeps and loses."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask, get_template_attribute

from portal.accounts.actions.erase import erase_account
from portal.accounts.models import Account
from portal.files import actions, kinds, queries
from portal.files.intake import FileDraft, receive
from portal.files.models import File
from portal.files.reactions import clean_up
from portal.kernel import clock
from portal.kernel.audit import AuditEntry
from portal.kernel.content import PublicationState, Ref, Registry
from portal.kernel.db import atomic, db
from portal.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from portal.kernel.identity import ANONYMOUS, SYSTEM
from portal.moderation.models import Case
from portal.observatorium.actions.comments import CommentDraft, comment
from portal.observatorium.kinds.rounds import COMMENTS
from portal.wiring import whole as wiring
from tests.files import made
from tests.files.conftest import THINGS
from tests.files.sending import ALT, decide, put
from tests.observatorium.rounds import an_open_round
from tests.support.cast import Cast
from tests.support.page import Visitor

Open = Callable[..., Visitor]
PUBLISHED = PublicationState.PUBLISHED


def there(file_id: int) -> bool:
    db.session.expire_all()
    return db.session.get(File, file_id) is not None


def events() -> list[str]:
    of_files = sa.select(AuditEntry.name).where(AuditEntry.name.startswith("file.")).order_by(AuditEntry.id)
    return list(db.session.scalars(of_files))


def stored(app: Flask) -> list[Path]:
    return [path for path in (app.config["PORTAL"].data_dir / "files").rglob("*") if path.is_file()]


# --- putting on and taking off ----------------------------------------------------------------------------------------


def test_a_loose_file_is_put_on_a_thing_and_taken_off_again(cast: Cast, thing: Ref) -> None:
    resident = cast.actor("resident")
    file = put(resident, None)
    assert (file.target, file.state, file.unattached_since is None) == (None, PublicationState.DRAFT, False)
    actions.attach(resident, thing, [file.id])
    assert (file.target, file.state, file.unattached_since) == (thing, PublicationState.PENDING, None)
    actions.attach(resident, thing, [file.id])
    actions.detach(resident, file.id)
    assert (file.target, file.state, file.unattached_since is None) == (None, PublicationState.DRAFT, False)
    actions.detach(resident, file.id)
    assert events() == ["file.uploaded", "file.attached", "file.detached"]


def test_a_file_is_on_one_thing_at_a_time(cast: Cast, thing: Ref) -> None:
    resident = cast.actor("resident")
    file = put(resident, thing)
    with pytest.raises(Conflict):
        actions.attach(resident, Ref(thing.kind, cast.business_organisation.id), [file.id])
    assert file.target == thing


def test_nobody_puts_on_or_takes_off_what_is_not_theirs(cast: Cast, thing: Ref) -> None:
    loose, attached = put(cast.actor("resident"), None), put(cast.actor("resident"), thing)
    for name in ("resident2", "moderator", "admin"):
        with pytest.raises(NotFound):
            actions.attach(cast.actor(name), thing, [loose.id])
        with pytest.raises(NotFound):
            actions.detach(cast.actor(name), attached.id)
        with pytest.raises(NotFound):
            actions.edit(cast.actor(name), attached.id, FileDraft())
        with pytest.raises(NotFound):
            actions.remove(cast.actor(name), attached.id)
    assert (loose.target, attached.target) == (None, thing)


def test_where_one_file_of_several_is_refused_none_is_put_on(cast: Cast, thing: Ref) -> None:
    mine, theirs = put(cast.actor("resident"), None), put(cast.actor("resident2"), None)
    with pytest.raises(NotFound):
        actions.attach(cast.actor("resident"), thing, [mine.id, theirs.id])
    db.session.expire_all()
    assert mine.target is None


def test_signed_out_limited_and_those_the_kind_refuses_attach_nothing(cast: Cast, thing: Ref) -> None:
    limited = replace(cast.actor("resident"), limited_until=clock.now() + timedelta(days=1))
    for actor in (ANONYMOUS, limited):
        with pytest.raises(Forbidden):
            receive(actor, made.pdf(), "x", FileDraft())
    file = put(cast.actor("resident"), None)
    with pytest.raises(Forbidden):
        actions.attach(limited, thing, [file.id])
    with pytest.raises(Forbidden):
        put(cast.actor("partner"), thing)
    actions.remove(limited, file.id)


def test_the_number_of_loose_files_is_limited(cast: Cast, thing: Ref) -> None:
    resident = cast.actor("resident")
    received = receive(resident, made.pdf(), "x", FileDraft())
    for number in range(queries.MOST_LOOSE):
        actions.upload(resident, replace(received, address=f"x{number}"))
    with pytest.raises(Conflict):
        actions.upload(resident, replace(received, address="one more"))


def test_words_too_long_to_be_read_aloud_are_refused(cast: Cast, thing: Ref) -> None:
    with pytest.raises(Invalid) as refusal:
        put(cast.actor("resident"), thing, made.picture(), alt_text="x" * 501)
    assert refusal.value.field == "alt_text"


def test_what_moderation_has_hidden_stays_until_the_case_is_over(cast: Cast, thing: Ref) -> None:
    resident = cast.actor("resident")
    file = put(resident, thing, made.picture())
    decide(file, PublicationState.HIDDEN)
    with pytest.raises(Conflict):
        actions.remove(resident, file.id)
    for action in (
        lambda: actions.detach(resident, file.id),
        lambda: actions.edit(resident, file.id, FileDraft(alt_text="ny")),
    ):
        with pytest.raises(Forbidden):
            action()
    decide(file, PUBLISHED)
    actions.remove(resident, file.id)
    assert not there(file.id)


def test_a_thing_that_goes_takes_its_files_along(cast: Cast, thing: Ref) -> None:
    first, second = put(cast.actor("resident"), thing), put(cast.actor("resident2"), thing)
    loose = put(cast.actor("resident"), None)
    with pytest.raises(Forbidden):
        actions.remove_all(cast.actor("partner"), thing)
    assert actions.remove_all(SYSTEM, thing) == 2
    assert [there(file.id) for file in (first, second, loose)] == [False, False, True]


def test_a_refused_upload_leaves_no_row(cast: Cast, thing: Ref) -> None:
    received = receive(cast.actor("resident"), made.pdf(), "x", FileDraft())
    with pytest.raises(Forbidden):
        actions.upload(cast.actor("partner"), received, thing)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(File)) == 0
    assert events() == []


# --- the clean-up -----------------------------------------------------------------------------------------------------


def test_what_is_put_on_nothing_goes_after_a_day_and_what_is_on_something_stays(
    app: Flask, cast: Cast, thing: Ref, run_worker: Callable[[], None]
) -> None:
    resident = cast.actor("resident")
    loose, attached, detached = put(resident, None), put(resident, thing), put(resident, thing)
    with clock.moved(timedelta(hours=23)):
        actions.detach(resident, detached.id)
        clean_up()
    assert all(there(file.id) for file in (loose, attached, detached))
    with clock.moved(timedelta(hours=25)):
        clean_up()
        run_worker()
        assert [there(file.id) for file in (loose, attached, detached)] == [False, True, True]
    assert len(stored(app)) == 2
    with clock.moved(timedelta(days=3)):
        clean_up()
        run_worker()
        assert [there(file.id) for file in (attached, detached)] == [True, False]
    assert len(stored(app)) == 1


def test_content_without_a_row_is_swept_after_a_day(app: Flask, cast: Cast, thing: Ref) -> None:
    """A process may end between writing the file and writing the row."""
    kept = put(cast.actor("resident"), thing)
    receive(cast.actor("resident"), made.picture(), "x.png", FileDraft(alt_text=ALT))
    assert len(stored(app)) == 4
    clean_up()
    assert len(stored(app)) == 4
    with clock.moved(timedelta(days=2)):
        clean_up()
    assert [path.parent.name in kept.address for path in stored(app)] == [True]


def test_the_worker_does_it_each_hour() -> None:
    (job,) = [each for each in wiring.RECURRING if each.name == "files.clean_up"]
    assert job.run is clean_up
    assert job.every == timedelta(hours=1)


def test_a_removal_that_is_rolled_back_takes_nothing_from_the_store(
    app: Flask, cast: Cast, thing: Ref, run_worker: Callable[[], None]
) -> None:
    file = put(cast.actor("resident"), thing)

    @atomic
    def fail() -> None:
        actions.remove(cast.actor("resident"), file.id)
        raise Conflict

    with pytest.raises(Conflict):
        fail()
    run_worker()
    assert there(file.id)
    assert len(stored(app)) == 1


# --- shown on a page --------------------------------------------------------------------------------------------------


def test_a_page_shows_pictures_with_words_and_documents_with_size(app: Flask, cast: Cast, thing: Ref) -> None:
    resident = cast.actor("resident")
    picture = put(resident, thing, made.picture("JPEG", (900, 600)), "Huska.jpg")
    decoration = put(resident, thing, made.picture(), "pynt.png", is_decoration=True)
    document = put(resident, thing, made.office(), "Søknad.docx")
    waiting = put(resident, thing, made.pdf(), "venter.pdf")
    for file in (picture, decoration, document):
        decide(file, PUBLISHED)
    with app.test_request_context():
        attachments = get_template_attribute("files/_parts.html", "attachments")
        html = str(attachments(queries.attachments(ANONYMOUS, thing)))
        mine = str(attachments(queries.attachments(resident, thing)))
    assert (
        f'<a href="/filer/{picture.id}/Huska.jpg"><img src="/filer/{picture.id}/liten/Huska.jpg" alt="{ALT}" lang="nb"'
        in html
    )
    assert f'<img src="/filer/{decoration.id}/liten/pynt.png" alt=""' in html
    assert "Søknad.docx</a>" in html
    assert " kB</span>" in html
    assert "venter.pdf" not in html
    assert "Legg ved bilde eller dokument" not in html
    assert "venter.pdf" in mine
    assert "Venter på godkjenning" in mine
    assert f"/filer/last-opp?til={thing.kind}:{thing.id}" in mine
    assert waiting.state is PublicationState.PENDING


def test_files_of_many_things_are_read_in_one_statement(
    cast: Cast, thing: Ref, count_queries: Callable[..., object]
) -> None:
    others = [Ref(thing.kind, number) for number in range(1000, 1100)]
    put(cast.actor("resident"), thing)
    with count_queries(at_most=1):  # type: ignore[attr-defined]  # a context manager
        found = queries.attachments_of(cast.actor("resident"), [thing, *others])
    assert len(found) == 101


def test_a_thing_without_files_shows_nothing(app: Flask, thing: Ref) -> None:
    with app.test_request_context():
        attachments = get_template_attribute("files/_parts.html", "attachments")
        assert str(attachments(queries.attachments(ANONYMOUS, thing))).strip() == ""


def test_moderators_read_what_is_said_and_where_it_is(cast: Cast, thing: Ref) -> None:
    file = put(cast.actor("resident"), thing, made.picture(), "Huska.png", language="nn")
    written = kinds.written([file.id, 999])[file.id]
    assert written.fields == {"name": "Huska.png", "alt_text": ALT}
    assert (written.author_id, written.byline, written.language, written.on) == (cast.resident.id, "", "nn", thing)
    card = kinds.cards([file.id])[file.id]
    assert (card.title, card.endpoint, card.values["name"]) == ("Huska.png", "files.show", "Huska.png")
    assert list(kinds.all_ids(0, 10)) == [file.id]


# --- what a person keeps and loses ------------------------------------------------------------------------------------


@pytest.fixture
def own_text(app: Flask, cast: Cast, thing: Ref) -> Ref:
    """Something the resident has written, on which files may hang."""
    an_open_round(cast)
    written = comment(cast.actor("resident"), CommentDraft(round="2026", indicator="1.1", text="Hei"))
    mine = replace(COMMENTS, may=lambda _actor, _ref, verb: verb in {"read", "attach"})
    others = [kind for kind in wiring.CONTENT if kind.name != COMMENTS.name]
    app.extensions["portal_content"] = Registry([*others, THINGS, mine])
    return Ref(COMMENTS.name, written.id)


def test_erasing_a_person_takes_their_files_but_not_what_others_build_on(
    app: Flask, cast: Cast, thing: Ref, own_text: Ref, run_worker: Callable[[], None]
) -> None:
    resident, other = cast.actor("resident"), cast.actor("resident2")
    shown, waiting, loose = put(resident, thing), put(resident, thing), put(resident, None)
    on_own, of_another, same = put(resident, own_text), put(other, own_text), put(other, thing)
    for file in (shown, on_own, of_another, same):
        decide(file, PUBLISHED)
    assert shown.sha256 == same.sha256
    erase_account(resident, cast.resident.id)
    run_worker()
    assert [there(file.id) for file in (shown, same)] == [True, True]
    assert [there(file.id) for file in (waiting, loose, on_own)] == [False, False, False]
    assert len(stored(app)) == len(list(db.session.scalars(sa.select(File.id))))
    assert db.session.get_one(Account, cast.resident.id).name != "Randi Innbygger"


def test_erasing_takes_what_moderation_has_hidden_too(cast: Cast, own_text: Ref) -> None:
    file = put(cast.actor("resident"), own_text)
    decide(file, PublicationState.HIDDEN)
    erase_account(cast.actor("resident"), cast.resident.id)
    assert not there(file.id)


def test_one_persons_erasure_never_takes_anothers_file(
    app: Flask, cast: Cast, own_text: Ref, visitor: Open, run_worker: Callable[[], None]
) -> None:
    mine, theirs = put(cast.actor("resident"), own_text), put(cast.actor("resident2"), own_text)
    assert mine.sha256 == theirs.sha256
    erase_account(cast.actor("resident"), cast.resident.id)
    run_worker()
    assert visitor("resident2").client.get(f"/filer/{theirs.id}/{theirs.name}").data == made.pdf()


def test_a_person_takes_their_files_along(visitor: Open, cast: Cast, thing: Ref) -> None:
    resident = cast.actor("resident")
    document = put(resident, thing, made.pdf(), "Kart over øya.pdf")
    picture = put(resident, None, made.picture(), "huska.png")
    put(cast.actor("resident2"), thing)
    assert "Kart over øya.pdf" in visitor("resident").get("profile.my_data").words
    with visitor("resident").client.get("/konto/mine-data/last-ned") as answer:
        content = answer.data
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        told = json.loads(archive.read("files.json"))["files"]
        assert [row["alt_text"] for row in told] == ["", ALT]
        assert told[0]["on"] == str(thing)
        names = [name for name in archive.namelist() if name.startswith("filer/")]
        assert (
            names
            == [row["file"] for row in told]
            == [f"filer/{document.id}/Kart over øya.pdf", f"filer/{picture.id}/huska.png"]
        )
        assert archive.read(names[0]) == made.pdf()


def test_a_moderator_reads_what_is_said_and_opens_the_file_from_the_case(visitor: Open, cast: Cast, thing: Ref) -> None:
    file = put(cast.actor("resident"), thing, made.picture(), "Huska.png")
    case = db.session.scalars(sa.select(Case).where(Case.kind == "file")).one()
    page = visitor("moderator").get_url(f"/moderering/saker/{case.id}/")
    assert ALT in page.words
    assert page.all(f'main a[href="/filer/{file.id}/Huska.png"]')
