"""The round's key: it turns an account into a pseudonym, lies apart from the database, and is destroyed in the end.

Whoever has both the key and the database can find a person's answers; whoever has the database or its backups alone
can't. When the key is gone, nobody can.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from datetime import date
from pathlib import Path

from portal import config
from portal.kernel.errors import DomainError
from portal.kernel.i18n import _l

KEY_BYTES = 32


class KeyMissing(DomainError):
    """The file with the round's key is not where it should be: nobody can rate before it is put back."""

    status = 503

    def __init__(self) -> None:
        super().__init__(
            _l(
                "Vi kan ikke ta imot svar akkurat nå. Nøkkelen som gjør at ingen kan se hva du svarer, mangler. "
                "Det er vår feil. Svarene du alt har gitt, er trygge."
            )
        )


def make_key(round_id: int) -> None:
    """Make the key of a round that opens.

    A file left behind by an opening that was rolled back is replaced: nobody has rated under it. Call it under the
    lock of the round, and only while it is a draft.
    """
    destroy(round_id)
    path = _path(round_id)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.parent.chmod(0o700)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(handle, secrets.token_bytes(KEY_BYTES))
        os.fsync(handle)
    finally:
        os.close(handle)
    _keep(path.parent)


def read_key(round_id: int) -> bytes:
    """Return the key of a round; raises KeyMissing when the file is not there or not whole."""
    key = find_key(round_id)
    if key is None:
        raise KeyMissing
    return key


def find_key(round_id: int) -> bytes | None:
    """Return the key of a round, or nothing when it is not there: destroyed, lost, or never made."""
    try:
        key = _path(round_id).read_bytes()
    except OSError:
        return None
    return key if len(key) == KEY_BYTES else None


def destroy(round_id: int) -> bool:
    """Write over the key and remove the file; return whether there was one.

    Writing over it is no promise on every kind of disk; docs/security.md says what that means.
    """
    path = _path(round_id)
    try:
        handle = os.open(path, os.O_WRONLY)
    except FileNotFoundError:
        return False
    try:
        os.write(handle, secrets.token_bytes(KEY_BYTES))
        os.fsync(handle)
    finally:
        os.close(handle)
    path.unlink()
    _keep(path.parent)
    return True


def pseudonym(key: bytes, account_id: int) -> bytes:
    """Return what stands for an account in one round: HMAC-SHA256 under the round's key."""
    return _hmac(key, "account", account_id)


def organisation_pseudonym(key: bytes, organisation_id: int) -> bytes:
    """Return what stands for an organisation in one round: HMAC-SHA256 under the round's key."""
    return _hmac(key, "organisation", organisation_id)


def network_pseudonym(key: bytes, network: str, week: date) -> bytes:
    """Return what stands for a network in one round and one week: HMAC-SHA256 under the round's key.

    `network` is a hash already. A new one each week, so that nobody can be followed through a round.
    """
    return _hmac(key, f"network {week.isoformat()}", network)


def _hmac(key: bytes, kind: str, number: int | str) -> bytes:
    # The kind keeps account 7 and organisation 7 apart.
    return hmac.new(key, f"portal.observatorium.{kind}:{number}".encode(), hashlib.sha256).digest()


def _path(round_id: int) -> Path:
    return config.current().keys_dir / "rounds" / f"{round_id}.key"


def _keep(folder: Path) -> None:
    """Make the change in the folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
