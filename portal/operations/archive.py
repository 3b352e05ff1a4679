"""The file of a backup: one ZIP with a manifest that says what is in it, hash by hash."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
import zlib
from dataclasses import asdict, dataclass
from pathlib import Path

FORMAT = 1
MANIFEST = "manifest.json"


class BackupError(Exception):
    """A backup can't be made or used; the message says why and what to do."""


@dataclass(frozen=True, kw_only=True)
class Dump:
    """What the database held at the moment of the backup."""

    rows_of: dict[str, int]
    audit_head: tuple[int, str]


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a backup holds, so that a restored one can be compared."""

    format: int
    made_at: str
    database: str
    """sqlite or postgresql"""
    revision: str
    """The shape of the database: the newest migration."""
    rows_of: dict[str, int]
    hashes: dict[str, str]
    """SHA-256 of every file in the archive."""
    audit_head: tuple[int, str]
    base_url: str

    @property
    def tables(self) -> int:
        return len(self.rows_of)

    @property
    def rows(self) -> int:
        return sum(self.rows_of.values())

    @property
    def files(self) -> int:
        return sum(member.startswith("data/") for member in self.hashes)


def write(target: Path, members: dict[str, Path], manifest: Manifest) -> None:
    """Write the archive, readable for its owner alone, whole or not at all."""
    unfinished = target.with_name(f".{target.name}.unfinished")
    try:
        with (
            os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file,
            zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
        ):
            archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1, ensure_ascii=False))
            for member, path in members.items():
                archive.write(path, member)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


def unpack(file: Path, folder: Path, *, database: str) -> Manifest:
    """Unpack an archive into an empty folder, checking every name and hash; `database` is the kind used here."""
    try:
        with zipfile.ZipFile(file) as archive:
            found = json.loads(archive.read(MANIFEST))
            if found["format"] != FORMAT:
                raise BackupError(f"the backup has format {found['format']}; this portal reads {FORMAT}.")
            manifest = Manifest(**{**found, "audit_head": (int(found["audit_head"][0]), str(found["audit_head"][1]))})
            _check(manifest, set(archive.namelist()), database)
            archive.extractall(folder, members=sorted(manifest.hashes))
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, IndexError, TypeError, ValueError) as error:
        raise BackupError(f"{file} is not a backup made by portal backup, or it is damaged.") from error
    for member, expected in manifest.hashes.items():
        if sha256(folder / member) != expected:
            raise BackupError(f"{member} in {file} is not what was backed up: the hash differs.")
    return manifest


def sha256(path: Path) -> str:
    """Return the hash of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _check(manifest: Manifest, names: set[str], database: str) -> None:
    if manifest.database != database:
        raise BackupError(
            f"the backup is of {manifest.database}, this installation uses {database}: set PORTAL_DATABASE_URL."
        )
    strange = [name for name in names if ".." in name.split("/") or name.startswith("/")]
    if strange or set(manifest.hashes) != names - {MANIFEST}:
        raise BackupError("the archive does not hold what its manifest says.")
