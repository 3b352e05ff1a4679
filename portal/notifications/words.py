"""What notices say, and what their kinds and frequencies are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.kernel.i18n import _l
from portal.notifications.models import Frequency, NoticeKind

SENTENCES: Mapping[str, Any] = {
    "answered": _l("Kommunen har svart på det du skrev"),
    "replied": _l("Noen har svart på det du skrev"),
    "written": _l("Det er skrevet noe nytt om noe du følger"),
    "published": _l("Resultatet er klart for noe du følger"),
    "approved": _l("Det du skrev, er nå synlig for alle"),
    "restricted": _l("En moderator har avgjort en sak om det du skrev"),
    "report_decided": _l("Det du meldte fra om, er avgjort"),
    "appeal_decided": _l("Klagen din er avgjort"),
}
KINDS: Mapping[NoticeKind, Any] = {
    NoticeKind.ANSWER: _l("Kommunen svarer deg"),
    NoticeKind.REPLY: _l("Andre svarer deg"),
    NoticeKind.FOLLOWED: _l("Nytt om det du følger"),
    NoticeKind.DECISION: _l("Avgjørelser om det du har skrevet"),
}
FREQUENCIES: Mapping[Frequency, Any] = {
    Frequency.NOW: _l("Med en gang"),
    Frequency.DAILY: _l("Samlet én gang om dagen"),
    Frequency.WEEKLY: _l("Samlet én gang i uka, på mandag"),
    Frequency.NEVER: _l("Ikke på e-post"),
}
