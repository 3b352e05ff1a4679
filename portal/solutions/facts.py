"""What a solution is sorted by: theme, cost, size of the municipality, how well its effect is known, licence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from portal.kernel.i18n import _l

ORIGINS = ("idea", "project", "solution")
"""The kinds of things that a solution can come of."""
INDICATOR = "indicator"
"""The kind of the indicators that a solution can make better."""


class Theme(StrEnum):
    """What part of a municipality's work it is about, after the areas KOSTRA reports in."""

    EDUCATION = "education"
    HEALTH = "health"
    SOCIAL = "social"
    CULTURE = "culture"
    TRANSPORT = "transport"
    TECHNICAL = "technical"
    PLANNING = "planning"
    BUSINESS = "business"
    EMERGENCY = "emergency"
    ADMINISTRATION = "administration"
    DEMOCRACY = "democracy"


THEMES: Mapping[Theme, Any] = {
    Theme.EDUCATION: _l("Barnehage og skole"),
    Theme.HEALTH: _l("Helse og omsorg"),
    Theme.SOCIAL: _l("Sosiale tjenester, barnevern og bolig"),
    Theme.CULTURE: _l("Kultur, idrett og frivillighet"),
    Theme.TRANSPORT: _l("Vei og transport"),
    Theme.TECHNICAL: _l("Vann, avløp og renovasjon"),
    Theme.PLANNING: _l("Plan, klima og natur"),
    Theme.BUSINESS: _l("Næring og arbeid"),
    Theme.EMERGENCY: _l("Brann og beredskap"),
    Theme.ADMINISTRATION: _l("Ledelse, digitalisering og administrasjon"),
    Theme.DEMOCRACY: _l("Demokrati og medvirkning"),
}


class Cost(StrEnum):
    """What it takes to begin, in money outside ordinary working hours."""

    NONE = "none"
    LOW = "low"
    MIDDLE = "middle"
    HIGH = "high"


COSTS: Mapping[Cost, Any] = {
    Cost.NONE: _l("Bare arbeidstid"),
    Cost.LOW: _l("Under 100 000 kroner"),
    Cost.MIDDLE: _l("100 000 til 1 million kroner"),
    Cost.HIGH: _l("Over 1 million kroner"),
}


class Evidence(StrEnum):
    """How well it is known that it works: the weakest first."""

    TOLD = "told"
    MEASURED = "measured"
    COMPARED = "compared"
    EVALUATED = "evaluated"


EVIDENCE: Mapping[Evidence, Any] = {
    Evidence.TOLD: _l("Fortalt av dem som bruker den"),
    Evidence.MEASURED: _l("Målt før og etter"),
    Evidence.COMPARED: _l("Målt mot noen som ikke brukte den"),
    Evidence.EVALUATED: _l("Evaluert av noen utenfra"),
}


class Size(StrEnum):
    """How many live in a municipality, in the groups Statistics Norway uses most."""

    SMALL = "small"
    MIDDLE = "middle"
    LARGE = "large"


SIZES: Mapping[Size, Any] = {
    Size.SMALL: _l("Under 5 000 innbyggere"),
    Size.MIDDLE: _l("5 000–19 999 innbyggere"),
    Size.LARGE: _l("20 000 innbyggere eller flere"),
}


@dataclass(frozen=True)
class Terms:
    """A licence: its name, where its text is, and whether others may change what it covers and must say whose it is."""

    name: str
    address: str
    means: Any


class Licence(StrEnum):
    """Under which licence a solution is shared; the values are SPDX identifiers."""

    CC_BY = "CC-BY-4.0"
    CC_BY_SA = "CC-BY-SA-4.0"
    CC0 = "CC0-1.0"
    NLOD = "NLOD-2.0"


SHARE_ALIKE = frozenset({Licence.CC_BY_SA})
"""What is made of a thing under one of these is shared under the same."""
LICENCES: Mapping[Licence, Terms] = {
    Licence.CC_BY: Terms(
        "CC BY 4.0",
        "https://creativecommons.org/licenses/by/4.0/",
        _l("Andre kan bruke og endre den når de sier hvor den kommer fra."),
    ),
    Licence.CC_BY_SA: Terms(
        "CC BY-SA 4.0",
        "https://creativecommons.org/licenses/by-sa/4.0/",
        _l("Andre kan bruke og endre den når de sier hvor den kommer fra og deler sin utgave på samme vilkår."),
    ),
    Licence.CC0: Terms(
        "CC0 1.0",
        "https://creativecommons.org/publicdomain/zero/1.0/",
        _l("Andre kan bruke og endre den uten vilkår."),
    ),
    Licence.NLOD: Terms(
        "NLOD 2.0",
        "https://data.norge.no/nlod/no/2.0",
        _l("Andre kan bruke og endre den når de sier hvor den kommer fra (norsk lisens for offentlige data)."),
    ),
}
