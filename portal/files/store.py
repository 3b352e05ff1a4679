"""Where the files lie: a local folder, or any store that fsspec knows, by an address made of their content."""

from __future__ import annotations

import logging
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

import fsspec
from flask import current_app
from fsspec.implementations.local import LocalFileSystem

from portal.config import Settings, SettingsError
from portal.kernel import clock

log = logging.getLogger(__name__)

WHOLE = "whole"
"""The name of the file itself; its smaller copies lie beside it."""
PIECE = 1 << 18
SWEPT = timedelta(days=31)
"""How far back the sweep looks: it runs each hour, so older ones have been seen many times."""


class StoreAway(Exception):
    """The store can't be read or written now."""


class Store:
    """The files of one installation.

    An address is a day, the hash of the content and something random: the same content sent twice lies there twice,
    so that taking away one person's file never takes another's, not even in the moment when both happen.
    """

    def __init__(self, filesystem: Any, root: str) -> None:
        self._fs = filesystem
        self._root = root.rstrip("/")

    def put(self, content: bytes, smaller: Mapping[str, bytes]) -> str:
        """Keep a file and its smaller copies; return the address. Raises StoreAway."""
        address = f"{clock.today().isoformat()}/{sha256(content).hexdigest()}-{secrets.token_hex(8)}"
        try:
            self._fs.makedirs(self._path(address), exist_ok=True)
            for name, each in {WHOLE: content, **smaller}.items():
                self._fs.pipe_file(f"{self._path(address)}/{name}", each)
        except Exception as error:  # each store has its own kinds of failure
            with suppress(Exception):  # half a file may be there; the sweep takes what is left
                self.remove(address)
            raise StoreAway(str(error)) from error
        return address

    def open(self, address: str, name: str = WHOLE) -> IO[bytes]:
        """Return a file or a smaller copy, to be read and closed. Raises FileNotFoundError."""
        opened: IO[bytes] = self._fs.open(f"{self._path(address)}/{name}", "rb")
        return opened

    def remove(self, address: str) -> None:
        """Take a file and its copies away; it is no fault that they are gone already."""
        with suppress(FileNotFoundError):
            self._fs.rm(self._path(address), recursive=True)

    def old_addresses(self) -> Iterator[str]:
        """Return the addresses that are older than a day and newer than a month."""
        self._fs.invalidate_cache()
        oldest, newest = clock.today() - SWEPT, clock.today() - timedelta(days=2)
        for day in self._names(""):
            if oldest <= _day(day) <= newest:
                yield from (f"{day}/{name}" for name in self._names(day))

    def probe(self) -> None:
        """Write, read and remove a small file. Raises StoreAway."""
        address = self.put(b"probe", {})
        try:
            with self.open(address) as file:
                same = file.read() == b"probe"
            if not same:
                raise StoreAway("what was written could not be read again")
        except OSError as error:
            raise StoreAway(str(error)) from error
        finally:
            self.remove(address)

    def copy_to(self, folder: Path) -> None:
        """Copy everything to a folder that isn't there, for a backup: what goes meanwhile is left out."""
        self._fs.invalidate_cache()
        folder.mkdir(parents=True)
        for path in self._fs.find(self._root):
            target = folder / path.removeprefix(f"{self._root}/")
            target.parent.mkdir(parents=True, exist_ok=True)
            with suppress(FileNotFoundError):
                self._copy(path, target)

    def _copy(self, path: str, target: Path) -> None:
        if isinstance(self._fs, LocalFileSystem):
            try:
                target.hardlink_to(path)  # the same bytes under another name: takes no time and no room
                return
            except FileNotFoundError:
                raise
            except OSError:  # on another disk
                pass
        self._fs.get_file(path, str(target))

    def replace_by(self, folder: Path) -> None:
        """Let the files of a folder take the place of everything there is; the folder need not be there."""
        if self._fs.exists(self._root):
            self._fs.rm(self._root, recursive=True)
        if isinstance(self._fs, LocalFileSystem):
            if folder.is_dir():
                Path(self._root).parent.mkdir(parents=True, exist_ok=True)
                shutil.move(folder, self._root)
            return
        for path in sorted(each for each in folder.rglob("*") if each.is_file()):
            self._fs.put_file(str(path), f"{self._root}/{path.relative_to(folder).as_posix()}")

    def _path(self, address: str) -> str:
        return f"{self._root}/{address}"

    def _names(self, folder: str) -> list[str]:
        try:
            found = self._fs.ls(self._path(folder).rstrip("/"), detail=False)
        except FileNotFoundError:
            return []
        return sorted(str(path).rstrip("/").rsplit("/", 1)[-1] for path in found)


def pieces(file: IO[bytes]) -> Iterator[bytes]:
    """Return the content of an open file piece by piece, so that it never lies in memory whole."""
    return iter(partial(file.read, PIECE), b"")


def open_store(settings: Settings) -> Store:
    """Return the store that the settings name. Raises SettingsError when it can't be used at all."""
    url = settings.files_url or str(settings.data_dir / "files")
    try:
        filesystem, root = fsspec.url_to_fs(url, use_listings_cache=False)
    except ImportError as error:
        raise SettingsError(f"PORTAL_FILES_URL: {url.split('://')[0]}:// needs a package more. {error}") from error
    except (ValueError, OSError) as error:
        raise SettingsError(f"PORTAL_FILES_URL: {error}") from error
    return Store(filesystem, root)


def store() -> Store:
    """Return the store of the running application, opened by the wiring."""
    found: Store = current_app.extensions["portal_files"]
    return found


def _day(name: str) -> date:
    try:
        return date.fromisoformat(name)
    except ValueError:  # a probe that was not taken away
        return date.min
