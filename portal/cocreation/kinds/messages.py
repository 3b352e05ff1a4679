"""Messages as a kind of content: so that a notice can lead to the thread. Only the two sides of it may read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from portal.cocreation.events.finding import MESSAGE
from portal.cocreation.queries.messages import conversation, threads_of
from portal.kernel.content import Card, ContentKind, Ref
from portal.kernel.errors import NotFound
from portal.kernel.i18n import _, _l, language
from portal.kernel.identity import Actor


def cards(ids: Sequence[int]) -> Mapping[int, Card]:
    """Return how messages are shown as links: to their thread."""
    return {
        id_: Card(
            ref=Ref(MESSAGE, id_),
            title=_("Samtale om «%(title)s»", title=title),
            endpoint="cocreation_messages.thread",
            values={"thread_id": thread_id},
            excerpt="",
            language=language(),
        )
        for id_, (thread_id, title) in threads_of(ids).items()
    }


def may(actor: Actor, ref: Ref, verb: str) -> bool:
    """Say whether somebody is on one of the sides; there is nothing else to do with a message."""
    thread = threads_of([ref.id]).get(ref.id)
    if verb != "read" or not actor.is_signed_in or thread is None:
        return False
    try:
        conversation(actor, thread[0])
    except NotFound:
        return False
    return True


MESSAGES = ContentKind(name=MESSAGE, label=_l("melding"), plural=_l("meldinger"), cards=cards, may=may)
