"""The store: on a local disk and elsewhere, what is swept and what a backup takes along."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path

import fsspec
import pytest

from portal.config import SettingsError
from portal.files.store import Store, StoreAway, open_store, pieces
from portal.kernel import clock
from tests.support import databases


@pytest.fixture(params=["local", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    url = str(tmp_path / "a" / "files") if request.param == "local" else f"memory://{tmp_path.name}/files"
    return open_store(databases.settings("sqlite://", tmp_path, files_url=url))


def content(store: Store, address: str, name: str = "whole") -> bytes:
    with store.open(address, name) as file:
        return b"".join(pieces(file))


def test_what_is_put_there_is_read_again_with_its_copies(store: Store) -> None:
    address = store.put(b"x" * 600_000, {"liten": b"y"})
    assert content(store, address) == b"x" * 600_000
    assert content(store, address, "liten") == b"y"
    assert hashlib.sha256(b"x" * 600_000).hexdigest() in address


def test_taking_one_away_leaves_another_with_the_same_content(store: Store) -> None:
    first, second = store.put(b"samme", {}), store.put(b"samme", {})
    assert first != second
    store.remove(first)
    store.remove(first)
    with pytest.raises(FileNotFoundError):
        store.open(first)
    assert content(store, second) == b"samme"


def test_only_what_is_older_than_a_day_is_swept(store: Store) -> None:
    address = store.put(b"x", {})
    assert list(store.old_addresses()) == []
    with clock.moved(timedelta(days=2)):
        fresh = store.put(b"y", {})
        assert list(store.old_addresses()) == [address]
    with clock.moved(timedelta(days=400)):
        assert list(store.old_addresses()) == []
    assert content(store, fresh) == b"y"


def test_the_probe_leaves_nothing(store: Store) -> None:
    store.probe()
    with clock.moved(timedelta(days=2)):
        assert list(store.old_addresses()) == []


def test_everything_can_be_copied_out_and_put_back(store: Store, tmp_path: Path) -> None:
    address = store.put(b"x", {"liten": b"y"})
    store.copy_to(tmp_path / "copy")
    late = store.put(b"senere", {})
    assert (tmp_path / "copy" / address / "liten").read_bytes() == b"y"
    store.replace_by(tmp_path / "copy")
    assert (content(store, address), content(store, address, "liten")) == (b"x", b"y")
    with pytest.raises(FileNotFoundError):
        store.open(late)
    store.replace_by(tmp_path / "nothing")
    with pytest.raises(FileNotFoundError):
        store.open(address)


def test_an_empty_store_can_be_copied(store: Store, tmp_path: Path) -> None:
    store.copy_to(tmp_path / "copy")
    assert list((tmp_path / "copy").iterdir()) == []


def test_a_store_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "files").write_text("a file stands where the folder should be")
    blocked = open_store(databases.settings("sqlite://", tmp_path))
    with pytest.raises(StoreAway):
        blocked.put(b"x", {})
    with pytest.raises(StoreAway):
        blocked.probe()


def test_without_a_setting_the_files_lie_in_the_data_folder(tmp_path: Path) -> None:
    address = open_store(databases.settings("sqlite://", tmp_path)).put(b"x", {})
    assert (tmp_path / "files" / address / "whole").read_bytes() == b"x"


def test_a_store_whose_package_is_missing_is_named_at_the_start(tmp_path: Path) -> None:
    missing = next(name for name in ("s3", "gs", "abfs", "oss") if not available(name))
    with pytest.raises(SettingsError, match=rf"PORTAL_FILES_URL: {missing}:// needs a package more"):
        open_store(databases.settings("sqlite://", tmp_path, files_url=f"{missing}://bucket/prefix"))


def available(protocol: str) -> bool:
    try:
        return bool(fsspec.get_filesystem_class(protocol))
    except ImportError:
        return False


def test_a_store_nobody_knows_is_refused_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="PORTAL_FILES_URL"):
        open_store(databases.settings("sqlite://", tmp_path, files_url="ingenting://x"))
