"""What is told of a thing when somebody shares its address: never more than everybody may read."""

from __future__ import annotations

from portal.accounts.queries import settings
from portal.home.share_card import ShareCard
from portal.kernel.content import Ref
from portal.kernel.errors import NotFound
from portal.kernel.extensions import content
from portal.kernel.i18n import _
from portal.kernel.identity import ANONYMOUS
from portal.observatorium.catalogue import Dimension
from portal.observatorium.events.rounds import ROUND
from portal.observatorium.queries import pages
from portal.observatorium.queries.pages import ResultPage, ResultRow


def share_card(ref: Ref) -> ShareCard:
    """Return what the picture of one thing says. Raises NotFound for what isn't there or isn't for everybody."""
    kind = content().find(ref.kind)
    if kind is None or not kind.may(ANONYMOUS, ref, "read"):
        raise NotFound
    card = kind.cards([ref.id]).get(ref.id)
    if card is None:
        raise NotFound
    label = str(kind.label)
    return ShareCard(
        site=settings.branding().name,
        kind=label[:1].upper() + label[1:],
        title=card.title,
        status=card.status,
        tone=card.tone,
        wheel=_wheel() if ref.kind == ROUND else (),
    )


def front_card() -> ShareCard:
    """Return what the picture of the portal itself says: the newest published wheel is on it."""
    branding = settings.branding()
    title = _("Hvordan gjør %(place)s det?", place=branding.short_name)
    return ShareCard(site=branding.name, kind=_("Innbyggerportal"), title=title, wheel=_wheel())


def _wheel() -> tuple[tuple[int, tuple[str | None, ...]], ...]:
    page = pages.front()
    if not isinstance(page, ResultPage):
        return ()
    return tuple(
        (place, tuple(_level(row) for row in page.rows if row.indicator.dimension is dimension))
        for place, dimension in enumerate(Dimension, 1)
    )


def _level(row: ResultRow) -> str | None:
    return row.level.value if row.level else None
