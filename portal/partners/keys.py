"""This portal's private keys: a file each in the keys' folder, apart from the database and its backups."""

from __future__ import annotations

import hashlib
import os
from base64 import b64decode
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from portal import config
from portal.kernel.errors import DomainError
from portal.kernel.i18n import _l
from portal.partners.signing import KEY_BYTES, SigningKey, public_text


class KeyMissing(DomainError):
    """The file with the private key is not where it should be: we can't prove what we say before there is a new one."""

    status = 503

    def __init__(self) -> None:
        super().__init__(_l("Nøkkelen portalen skriver under med, mangler. En administrator må lage en ny."))


def make() -> tuple[str, str]:
    """Make a key and its file; return its name and the public part in base64."""
    private = Ed25519PrivateKey.generate()
    public = public_text(private)
    name = fingerprint(public)[:16]
    path = _path(name)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.parent.chmod(0o700)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(handle, private.private_bytes_raw())
        os.fsync(handle)
    finally:
        os.close(handle)
    _keep(path.parent)
    return name, public


def read(name: str) -> SigningKey:
    """Return a key of ours for signing; raises KeyMissing when its file is not there or not whole."""
    try:
        raw = _path(name).read_bytes()
    except OSError as error:
        raise KeyMissing from error
    if len(raw) != KEY_BYTES:
        raise KeyMissing
    return SigningKey(key_id(config.current().base_url, name), Ed25519PrivateKey.from_private_bytes(raw))


def destroy(name: str) -> None:
    """Remove the file of a key that is no longer used; no harm when it is gone."""
    path = _path(name)
    path.unlink(missing_ok=True)
    if path.parent.is_dir():
        _keep(path.parent)


def key_id(base_url: str, name: str) -> str:
    """Return what signatures call a key: it begins with the portal's address, so that no other portal's is the same."""
    return f"{base_url}/api/v1/exchange/#{name}"


def fingerprint(public_key: str) -> str:
    """Return the SHA-256 of a public key (given in base64), in hex: what two administrators read to each other."""
    return hashlib.sha256(b64decode(public_key)).hexdigest()


def spelled(public_key: str) -> str:
    """Return the fingerprint as people read it aloud: in groups of four."""
    whole = fingerprint(public_key)
    return " ".join(whole[start : start + 4] for start in range(0, len(whole), 4))


def _path(name: str) -> Path:
    return config.current().keys_dir / "exchange" / f"{name}.key"


def _keep(folder: Path) -> None:
    """Make the change in the folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
