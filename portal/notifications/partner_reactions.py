"""Who is told when something with a partner's portal needs a person."""

from __future__ import annotations

from portal.kernel import clock
from portal.kernel.identity import Role
from portal.notifications import people
from portal.notifications.actions import Telling
from portal.notifications.models import NoticeKind
from portal.notifications.reactions import ask_to_tell
from portal.partners.events import PartnerFailing, PartnerKeyLearnt
from portal.partners.models.partners import Trust


def tell_of_key(event: PartnerKeyLearnt) -> None:
    """Tell administrators of a key that nobody vouches for: nothing it signs is believed before they have judged it."""
    if event.trust == Trust.WAITING:
        _tell(event, f"partner_key:{event.partner_id}:{event.fingerprint}", "partner_key_waits")


def tell_of_failures(event: PartnerFailing) -> None:
    """Tell administrators that a partner has not answered as it should for a good while."""
    _tell(event, f"partner_fails:{event.partner_id}:{clock.now():%Y%m%d%H%M%S}", "partner_fails")


def _tell(event: PartnerKeyLearnt | PartnerFailing, cause: str, sentence: str) -> None:
    told = people.holding(Role.ADMIN)
    ask_to_tell(
        Telling(cause=cause, sentence=sentence, notice_kind=NoticeKind.WORK, ref=event.subject(), accounts=told)
    )
