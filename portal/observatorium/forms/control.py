"""What coordinators send about rounds and own levels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wtforms import HiddenField

from portal.kernel import clock, fields
from portal.kernel.i18n import _, _l, language
from portal.kernel.identity import SignInMethod
from portal.observatorium.actions.own_levels import OwnLevelDraft
from portal.observatorium.actions.publishing import CorrectionDraft
from portal.observatorium.actions.rounds import RoundDraft
from portal.observatorium.catalogue import Catalogue, Level
from portal.observatorium.models.rounds import OwnAssessment, Round

LEVELS = [
    ("", _l("Ikke vurdert")),
    (Level.RED, _l("Ikke akseptabelt")),
    (Level.YELLOW, _l("På vei")),
    (Level.GREEN, _l("Minstekravet er nådd")),
]
METHODS = [
    (SignInMethod.OIDC, _l("ID-porten eller en annen offentlig innlogging")),
    (SignInMethod.PASSWORD, _l("E-post og passord")),
]


def _version() -> Any:
    """Return a hidden field with the version that was seen; nonsense is a version nothing has."""
    return HiddenField(filters=[lambda value: int(value) if str(value).isdigit() else -1])


class ConfirmForm(fields.Form):
    """A button that does what the page tells of."""


class RoundForm(fields.Form):
    """What is decided about a round before it opens."""

    title = fields.text(_l("Navn"), description=_l("Vises for alle, for eksempel «Runde 2027»."))
    slug = fields.text(
        _l("Adresse"),
        longest=40,
        description=_l("Siste del av adressen til resultatet: små bokstaver, tall og bindestrek, for eksempel 2027."),
        autocapitalize="none",
        spellcheck="false",
    )
    opens_on = fields.date(_l("Første dag"), description=_l("Folk kan svare fra midnatt."))
    closes_on = fields.date(_l("Siste dag"), description=_l("Folk kan svare ut denne dagen."))
    sign_in_methods = fields.choices(
        _l("Hvordan kan folk logge inn for å svare?"),
        METHODS,
        description=_l("Blir vist sammen med resultatet. E-post og passord gjør det lettere å svare flere ganger."),
    )
    version = _version()

    def draft(self) -> RoundDraft:
        return RoundDraft(
            slug=self.slug.data,
            title=self.title.data,
            opens_at=clock.start_of_day(self.opens_on.data),
            closes_at=clock.end_of_day(self.closes_on.data),
            sign_in_methods=tuple(SignInMethod(value) for value in self.sign_in_methods.data or ()),
        )


def round_values(round_: Round) -> dict[str, Any]:
    """Return how a round fills in the form."""
    return {
        "title": round_.title,
        "slug": round_.slug,
        "opens_on": clock.local(round_.opens_at).date(),
        "closes_on": round_.last_day,
        "sign_in_methods": round_.sign_in_methods,
        "version": round_.version,
    }


class ExtendForm(fields.Form):
    """A later last day."""

    closes_on = fields.date(_l("Ny siste dag"), description=_l("Folk kan svare ut denne dagen."))


class ReasonForm(fields.Form):
    """Why a round is withdrawn."""

    reason = fields.long_text(
        _l("Hvorfor trekkes runden?"), longest=2000, description=_l("Vises for alle sammen med runden.")
    )


class CorrectionForm(fields.Form):
    """What was wrong in a published result, and one own level that was."""

    reason = fields.long_text(
        _l("Hva rettes, og hvorfor?"), longest=2000, description=_l("Vises for alle sammen med den nye utgaven.")
    )
    indicator = fields.choice(_l("Indikator"), [], optional=True)
    level = fields.choice(_l("Kommunens egen vurdering"), LEVELS, optional=True)
    justification = fields.long_text(_l("Begrunnelse"), longest=5000, optional=True)

    def __init__(self, catalogue: Catalogue, **values: Any) -> None:
        super().__init__(**values)
        named = [(one.number, f"{one.number} {one.name.in_(language())}") for one in catalogue.indicators]
        self.indicator.choices = [("", _("Ingen: bare regn ut på nytt")), *named]

    def draft(self, stands: Mapping[str, OwnAssessment]) -> CorrectionDraft:
        number = self.indicator.data
        if not number:
            return CorrectionDraft(reason=self.reason.data)
        version = stands[number].version if number in stands else 0
        return CorrectionDraft(
            reason=self.reason.data,
            own_levels=(_own_level(number, self.level.data, self.justification.data, version),),
        )


def _own_level(number: str, level: str | None, justification: str | None, version: int) -> OwnLevelDraft:
    return OwnLevelDraft(
        indicator=number, level=Level(level) if level else None, justification=justification or "", version=version
    )
