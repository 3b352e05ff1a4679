"""What can happen to people's choices about notices. That somebody was told is no event: the notice tells it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from portal.kernel.content import Ref
from portal.kernel.events import Event
from portal.kernel.i18n import _l


@dataclass(frozen=True, kw_only=True)
class NoticeSettingsChanged(Event):
    """Somebody chose how often they want mail."""

    name: ClassVar[str] = "notices.settings_changed"
    label: ClassVar[Any] = _l("Du valgte hvor ofte du vil ha e-post")
    account_id: int
    chosen: dict[str, str]
    by_link: bool = False
    """By the link in a mail, without signing in."""

    def subject(self) -> Ref:
        return Ref("account", self.account_id)

    def personal_account_id(self) -> int | None:
        return self.account_id
