"""Secrets and their keyed hashes: what identifies a person or opens a door is never stored as it is."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets

from portal import config


def new_token() -> str:
    """Return 256 random bits as text that fits in an address."""
    return secrets.token_urlsafe(32)


def keyed(purpose: str, value: str) -> str:
    """Return HMAC-SHA256 under SUBJECT_KEY as 64 hex digits; the purpose keeps equal values of two kinds apart."""
    key = config.current().subject_key.encode()
    return hmac.new(key, f"{purpose}\x1f{value}".encode(), hashlib.sha256).hexdigest()


def subject(issuer: str, subject_: str) -> str:
    """Return the hash by which a person from an OpenID provider is known here."""
    key = config.current().subject_key.encode()
    return hmac.new(key, f"{issuer}|{subject_}".encode(), hashlib.sha256).hexdigest()


def issuer_session(issuer: str, sid: str) -> str:
    """Return the hash of a session at an issuer, by which the issuer can end it here."""
    return keyed("sid", f"{issuer}|{sid}")


def network(address: str | None) -> str:
    """Return the hash of the network (/24 or /64) an address belongs to; an unreadable address is one network."""
    try:
        parsed = ipaddress.ip_address(address or "")
    except ValueError:
        return keyed("network", "unknown")
    bits = 24 if parsed.version == 4 else 64
    return keyed("network", str(ipaddress.ip_network((parsed, bits), strict=False)))
