"""Tiles of the background map, passed through: fetched by the guarded client, kept on disk, never waited for long."""

from __future__ import annotations

import logging
import os
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask, current_app

from portal.config import Settings
from portal.kernel import clock, outgoing
from portal.places.geometry import Box

log = logging.getLogger(__name__)

COUNTRY = Box(2.0, 56.5, 33.0, 72.0)
SHALLOWEST, DEEPEST = 3, 18
PNG = b"\x89PNG\r\n\x1a\n"
MOST_BYTES = 400_000
KEPT = timedelta(days=30)
"""Then the tile is asked for again; the old one is shown when nobody answers."""
REST = timedelta(seconds=30)
"""Nobody is asked after an answer that didn't come: the pages must not wait for a server that is away."""
MISSING = timedelta(minutes=10)
MOST_MISSING = 5_000
SECONDS = 4.0
AT_ONCE = 3
"""Requests that may wait for the tile server: the others of a web process answer people meanwhile."""
PATIENCE = 2.0
"""Seconds to wait for one's turn."""
MOST_KEPT = 300_000_000
"""Bytes on disk."""
TIDY_EACH = 200


@dataclass(frozen=True)
class Address:
    """Which tile: `zoom` halves the world so many times, `column` counts from the west, `row` from the north."""

    zoom: int
    column: int
    row: int

    def exists(self) -> bool:
        """Say whether it is a tile of the country."""
        if not SHALLOWEST <= self.zoom <= DEEPEST:
            return False
        left, top, right, bottom = (side >> (30 - self.zoom) for side in COUNTRY.corners)
        return left <= self.column <= right and top <= self.row <= bottom


class Tiles:
    """The tiles of one tile server, as one process of the portal has them."""

    def __init__(self, url: str, folder: Path) -> None:
        self._url = url
        self._folder = folder
        self._turn = threading.BoundedSemaphore(AT_ONCE)
        self._lock = threading.Lock()
        self._resting_until: datetime | None = None
        self._missing: OrderedDict[Address, datetime] = OrderedDict()
        self._written = 0

    def find(self, address: Address) -> bytes | None:
        """Return a tile as PNG; None when there is none, or none now."""
        if not self._url or not address.exists():
            return None
        kept, is_fresh = self._read(address)
        if is_fresh or self._is_hopeless(address):
            return kept
        if not self._turn.acquire(timeout=PATIENCE):
            return kept
        try:
            return (None if self._is_hopeless(address) else self._fetch(address)) or kept
        finally:
            self._turn.release()

    def tidy(self, most: int = MOST_KEPT) -> int:
        """Remove the oldest tiles until so many bytes are left; return how many went."""
        found = sorted(self._files())
        size, removed = sum(each[1] for each in found), 0
        for _at, bytes_, path in found:
            if size <= most:
                break
            with suppress(OSError):
                path.unlink()
                size, removed = size - bytes_, removed + 1
        return removed

    def _files(self) -> Iterator[tuple[float, int, Path]]:
        for path in self._folder.rglob("*.png"):
            with suppress(OSError):  # another process was quicker
                about = path.stat()
                yield about.st_mtime, about.st_size, path

    def _path(self, address: Address) -> Path:
        return self._folder / str(address.zoom) / str(address.column) / f"{address.row}.png"

    def _read(self, address: Address) -> tuple[bytes | None, bool]:
        """Return what is kept of a tile, and whether it is new enough."""
        try:
            with self._path(address).open("rb") as file:
                written = os.fstat(file.fileno()).st_mtime
                return file.read(), abs(clock.now().timestamp() - written) < KEPT.total_seconds()
        except OSError:
            return None, False

    def _is_hopeless(self, address: Address) -> bool:
        now = clock.now()
        with self._lock:
            missing = self._missing.get(address)
            return bool(
                (self._resting_until and now < self._resting_until <= now + REST)
                or (missing and now < missing <= now + MISSING)
            )

    def _fetch(self, address: Address) -> bytes | None:
        url = self._url.format(z=address.zoom, x=address.column, y=address.row)
        try:
            answer = outgoing.request(
                "GET",
                url,
                headers={"Accept": "image/png"},
                max_bytes=MOST_BYTES,
                timeout=SECONDS,
                allow=(urlsplit(url).netloc,),
            )
        except outgoing.OutgoingError as error:
            log.warning("No tile from the tile server: %s", error)
            with self._lock:
                self._resting_until = clock.now() + REST
            return None
        if not is_tile(answer):
            self._note_missing(address, answer.status)
            return None
        self._keep(address, answer.content)
        return answer.content

    def _note_missing(self, address: Address, status: int) -> None:
        log.warning("The tile server answered %s without a PNG", status)
        with self._lock:
            self._missing[address] = clock.now() + MISSING
            while len(self._missing) > MOST_MISSING:
                self._missing.popitem(last=False)

    def _keep(self, address: Address, content: bytes) -> None:
        """Put a tile on disk, whole or not at all; a full disk only makes the next one slower."""
        path = self._path(address)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as file:
                file.write(content)
            now = clock.now().timestamp()
            os.utime(file.name, (now, now))
            Path(file.name).replace(path)
        except OSError as error:
            log.warning("A tile couldn't be kept: %s", error.strerror)
            return
        with self._lock:
            self._written += 1
            due = self._written % TIDY_EACH == 1
        if due:
            self.tidy()


def is_tile(answer: outgoing.Response) -> bool:
    """Say whether an answer is a PNG, by what it says and by what it is."""
    said = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    return answer.status == 200 and said == "image/png" and answer.content.startswith(PNG)


def init(app: Flask, settings: Settings) -> None:
    """Let the application have its tiles."""
    app.extensions["portal_tiles"] = Tiles(settings.tiles_url, settings.data_dir / "tiles")


def tiles() -> Tiles:
    """Return the tiles of the running application."""
    found: Tiles = current_app.extensions["portal_tiles"]
    return found
