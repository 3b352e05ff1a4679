"""The link in a mail that stops more of its kind, without signing in (RFC 8058)."""

from __future__ import annotations

from collections.abc import Sequence

from itsdangerous import BadSignature, URLSafeSerializer

from portal import config
from portal.notifications.models import NoticeKind


def token(account_id: int, kinds: Sequence[NoticeKind]) -> str:
    """Return what the link carries: whose mail, and of which kinds. It never runs out, for the mail doesn't either."""
    return str(_serializer().dumps([account_id, [kind.value for kind in kinds]]))


def read(written: str) -> tuple[int, list[NoticeKind]] | None:
    """Return whose mail and which kinds a link is for; None when it isn't one of ours."""
    try:
        account_id, kinds = _serializer().loads(written)
    except BadSignature:
        return None
    return account_id, [NoticeKind(kind) for kind in kinds]


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(config.current().secret_key, salt="notices.unsubscribe")
