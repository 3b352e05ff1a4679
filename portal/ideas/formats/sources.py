"""The name of the portal that a file comes from."""

from __future__ import annotations

from urllib.parse import urlsplit


def host(source: str) -> str:
    """Return the host of an address, or the name as it is given."""
    return (urlsplit(source).hostname or "") if "://" in source else source
