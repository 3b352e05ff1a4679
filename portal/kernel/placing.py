"""The fields by which a form asks where something is, for every package whose things have a place."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wtforms.fields import SelectChoice

from portal.kernel import fields
from portal.kernel.i18n import _l


def _number(value: Any) -> int | None:
    return int(value) if value else None


class PlaceFields:
    """A point, an address and a lokalsamfunn: each may be left out. Mixed into a form, before `fields.Form`."""

    neighbourhood = fields.choice(_l("Lokalsamfunn"), (), optional=True, coerce=_number)
    address = fields.text(
        _l("Adresse"), optional=True, description=_l("For eksempel Storgata 1, eller navnet på stedet.")
    )
    latitude = fields.degrees(_l("Breddegrad"), -90, 90, description=_l("For eksempel 59,8337."))
    longitude = fields.degrees(_l("Lengdegrad"), -180, 180, description=_l("For eksempel 10,4357."))

    def offer(self, neighbourhoods: Iterable[Any]) -> None:
        """Let the form offer these lokalsamfunn; call it before the form is validated."""
        self.neighbourhood.choices = [
            SelectChoice("", _l("Ikke valgt")),
            *(SelectChoice(each.id, each.name) for each in neighbourhoods),
        ]

    def place(self) -> dict[str, Any]:
        """Return what `places.actions.PlaceDraft` is made of."""
        return {
            "latitude": self.latitude.data,
            "longitude": self.longitude.data,
            "address": self.address.data or "",
            "neighbourhood_id": self.neighbourhood.data,
        }
