"""Where the files of the open data lie: in a folder, or in the store of the uploaded files when that is elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO

import fsspec
import msgspec

from portal.config import Settings

FOLDER = "open-data"
LIST = "files.json"
"""What lies here, and of which state of the portal."""


@dataclass(frozen=True, kw_only=True)
class Written:
    """How a dataset was last written."""

    rows: int
    at: datetime
    sizes: Mapping[str, int]
    """Bytes, by ending."""
    hashes: Mapping[str, str]
    """SHA-256 in hexadecimal, by ending."""


@dataclass(frozen=True, kw_only=True)
class Contents:
    """What lies on a shelf."""

    version: str = ""
    """Of the portal, when all of it was written; empty when something failed or nothing is written."""
    datasets: Mapping[str, Written] = field(default_factory=dict)


class Shelf:
    """A place for files that are replaced whole: who reads one gets the old or the new, never a part."""

    def __init__(self, url: str) -> None:
        self._fs, root = fsspec.url_to_fs(url, use_listings_cache=False)
        self._root = str(root).rstrip("/")

    def put(self, name: str, file: Path) -> None:
        """Let a file take the place of the one with this name."""
        self._fs.makedirs(self._root, exist_ok=True)
        coming = f"{self._root}/{name}.new"
        self._fs.put_file(str(file), coming)
        self._fs.mv(coming, f"{self._root}/{name}")

    def open(self, name: str) -> IO[bytes]:
        """Return a file to be read and closed. Raises FileNotFoundError."""
        opened: IO[bytes] = self._fs.open(f"{self._root}/{name}", "rb")
        return opened

    def tag(self, name: str) -> str:
        """Return what changes when the file is replaced. Raises FileNotFoundError."""
        return str(self._fs.ukey(f"{self._root}/{name}"))

    def contents(self) -> Contents:
        """Return what lies here; nothing when nothing was written yet."""
        with suppress(FileNotFoundError, msgspec.DecodeError), self.open(LIST) as file:  # of another build, perhaps
            return msgspec.json.decode(file.read(), type=Contents)
        return Contents()

    def note(self, contents: Contents, through: Path) -> None:
        """Keep what lies here, by way of a file."""
        through.write_bytes(msgspec.json.encode(contents))
        self.put(LIST, through)


def of(settings: Settings) -> Shelf:
    """Return the shelf of an installation: every web machine of it reads what one worker writes."""
    url = settings.files_url.rstrip("/")
    return Shelf(f"{url}/{FOLDER}" if url else str(settings.data_dir / FOLDER))
