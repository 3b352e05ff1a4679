"""Backup and restore of what people have sent in, from a folder and from another store, into either."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask

from portal.files import actions, store
from portal.files.models import File
from portal.kernel import audit
from portal.kernel.db import db
from portal.operations import backup, checks
from portal.operations.archive import BackupError
from tests.files import made
from tests.files.sending import put
from tests.support.cast import Cast, make_cast


def use(app: Flask, url: str) -> None:
    """Let the files of an installation lie somewhere else."""
    settings = replace(app.config["PORTAL"], files_url=url)
    app.config["PORTAL"] = settings
    app.extensions["portal_files"] = store.open_store(settings)


@pytest.fixture(params=["folder", "memory"])
def installation(request: pytest.FixtureRequest, own_app: Flask) -> Iterator[Cast]:
    """A portal with people, whose files lie in a folder or in another store."""
    with own_app.app_context():
        if request.param == "memory":
            use(own_app, f"memory://{uuid4().hex}/files")
        yield make_cast()


def content(file: File, name: str = "whole") -> bytes:
    with store.store().open(file.address, name) as opened:
        return opened.read()


@pytest.mark.parametrize("elsewhere", [False, True])
def test_files_come_back_as_they_were(own_app: Flask, installation: Cast, tmp_path: Path, elsewhere: bool) -> None:
    resident = installation.actor("resident")
    kept, removed = put(resident, None, made.picture(), "huska.png"), put(resident, None)
    small = content(kept, "liten")
    audit.seal()
    manifest = backup.create(tmp_path / "backup.zip")
    assert manifest.files == 4
    actions.remove(resident, removed.id)
    store.store().remove(removed.address)
    late = put(resident, None, made.office(), "senere.docx")
    gone = late.address
    audit.seal()
    if elsewhere:
        use(own_app, f"memory://{uuid4().hex}/other")
    backup.restore(tmp_path / "backup.zip")
    db.session.remove()
    files = {file.name: file for file in db.session.query(File)}
    assert set(files) == {"huska.png", "fil.pdf"}
    assert content(files["fil.pdf"]) == made.pdf()
    assert content(files["huska.png"], "liten") == small
    with pytest.raises(FileNotFoundError):
        store.store().open(gone)


def test_every_file_is_in_the_manifest_by_its_hash(installation: Cast, tmp_path: Path) -> None:
    file = put(installation.actor("resident"), None)
    audit.seal()
    manifest = backup.create(tmp_path / "backup.zip")
    assert manifest.hashes[f"data/files/{file.address}/whole"] == file.sha256
    with zipfile.ZipFile(tmp_path / "backup.zip") as opened:
        assert opened.read(f"data/files/{file.address}/whole") == made.pdf()


def test_a_file_spoiled_in_the_archive_stops_the_restore_and_nothing_is_replaced(
    installation: Cast, tmp_path: Path
) -> None:
    file = put(installation.actor("resident"), None)
    audit.seal()
    backup.create(tmp_path / "backup.zip")
    member = f"data/files/{file.address}/whole"
    with zipfile.ZipFile(tmp_path / "backup.zip") as good, zipfile.ZipFile(tmp_path / "bad.zip", "w") as bad:
        for name in good.namelist():
            bad.writestr(name, b"another file" if name == member else good.read(name))
    with pytest.raises(BackupError, match="hash differs"):
        backup.restore(tmp_path / "bad.zip")
    assert content(file) == made.pdf()


def test_a_backup_of_before_there_were_files_can_be_restored(installation: Cast, tmp_path: Path) -> None:
    audit.seal()
    assert backup.create(tmp_path / "backup.zip").files == 0
    address = put(installation.actor("resident"), None).address
    backup.restore(tmp_path / "backup.zip")
    with pytest.raises(FileNotFoundError):
        store.store().open(address)


def found(name: str) -> checks.Check:
    return next(each for each in checks.run_all() if each.name == name)


def test_portal_check_says_whether_files_can_be_kept(own_app: Flask, installation: Cast, tmp_path: Path) -> None:
    assert found("files").ok
    blocked = tmp_path / "blocked"
    blocked.write_text("a file stands where the folder should be")
    use(own_app, str(blocked))
    assert not found("files").ok
