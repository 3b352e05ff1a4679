"""Who is told of the observatory's work: those who are asked to verify."""

from __future__ import annotations

from portal.kernel import clock
from portal.kernel.content import Ref
from portal.notifications.actions import Telling
from portal.notifications.models import NoticeKind
from portal.notifications.reactions import ask_to_tell
from portal.observatorium.events.verifying import VERIFYING, VerifierAppointed


def tell_of_appointment(event: VerifierAppointed) -> None:
    """Tell somebody that they are asked to verify: once, however many indicators."""
    ask_to_tell(
        Telling(
            cause=f"verify:{event.round_id}:{clock.now():%Y%m%d%H%M%S}",
            sentence="verify_asked",
            notice_kind=NoticeKind.WORK,
            ref=Ref(VERIFYING, event.round_id),
            accounts=[event.account_id],
        )
    )
