"""What people fill in when they say what their organisation offers or seeks."""

from __future__ import annotations

from typing import Any

from portal.cocreation.actions.offers import LONGEST, TITLE_LONGEST, OfferDraft
from portal.cocreation.forms.needs import SentOnce
from portal.cocreation.matching import separate
from portal.cocreation.models.finding import Direction
from portal.cocreation.models.together import NeedKind
from portal.cocreation.queries.measures import NEED_KINDS
from portal.cocreation.queries.offers import OfferForm as Page
from portal.goals.events import GOAL
from portal.kernel import fields
from portal.kernel.errors import Invalid
from portal.kernel.i18n import NATIVE_NAMES, _l, language
from portal.kernel.placing import PlaceFields
from portal.places.actions import PlaceDraft


class OfferForm(PlaceFields, SentOnce):
    """What an organisation offers or seeks, where, and what it serves."""

    organisation = fields.choice(_l("Hvem skriver du for?"), [], radio=True, coerce=int)
    direction = fields.choice(
        _l("Hva gjelder det?"),
        [(Direction.OFFERS.value, _l("Vi tilbyr noe")), (Direction.SEEKS.value, _l("Vi leter etter noe"))],
        radio=True,
    )
    kind = fields.choice(_l("Hva slags?"), list(NEED_KINDS.items()), radio=True)
    title = fields.text(
        _l("Kort sagt"),
        longest=TITLE_LONGEST,
        description=_l("For eksempel: «Kjøkken til 40 på torsdager», eller «Vi trenger noen som kan snekre»."),
    )
    text = fields.long_text(
        _l("Fortell litt mer"),
        longest=LONGEST,
        optional=True,
        description=_l("Når, hvor mye, og på hvilke vilkår? Ikke skriv telefonnummer: folk skriver til dere her."),
        rows=6,
    )
    skills = fields.text(
        _l("Ferdigheter"),
        longest=400,
        optional=True,
        description=_l("Med komma mellom, for eksempel: snekring, matlaging. De hjelper oss å finne noen som passer."),
    )
    goals = fields.choices(_l("Bærekraftsmål"), [], coerce=int)
    language = fields.choice(_l("Språket du skriver på"), list(NATIVE_NAMES.items()))

    def __init__(self, page: Page, **values: Any) -> None:
        super().__init__(**values)
        self._page = page
        self.organisation.choices = [(each.id, each.name) for each in page.organisations]
        self.goals.choices = [(each.id, each.label) for each in page.options]
        self.offer(page.places.neighbourhoods)
        self.begin()
        if page.offer is not None:
            del self.organisation
        if not self.is_submitted():
            self._fill(page)

    def draft(self) -> OfferDraft:
        """Return what was written."""
        offer = self._page.offer
        return OfferDraft(
            organisation_id=offer.organisation_id if offer else self.organisation.data,
            direction=Direction(self.direction.data),
            kind=NeedKind(self.kind.data),
            title=self.title.data or "",
            text=self.text.data or "",
            skills=separate(self.skills.data or ""),
            language=self.language.data or language(),
            place=PlaceDraft(**self.place()),
            goals=tuple(self.goals.data or ()),
        )

    def refuse(self, refusal: Invalid) -> None:
        """Put a refusal at the field it belongs to; goals are refused by what they are links to."""
        super().refuse(Invalid("goals", refusal.message) if refusal.field == GOAL else refusal)

    def _fill(self, page: Page) -> None:
        self.goals.data, self.language.data = list(page.serves), language()
        offer = page.offer
        if offer is None:
            self.organisation.data = page.organisations[0].id if len(page.organisations) == 1 else None
            return
        for name in ("title", "text", "language"):
            self[name].data = getattr(offer, name)
        self.direction.data, self.kind.data = offer.direction.value, offer.kind.value
        self.skills.data, self.version.data = ", ".join(offer.skills), str(offer.version)
        if page.location is not None:
            for part in ("address", "latitude", "longitude"):
                self[part].data = getattr(page.location, part)
            self.neighbourhood.data = page.location.neighbourhood_id
