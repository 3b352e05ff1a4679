"""What staff assess ideas by: the standard criteria with their anchors, which a campaign may replace by its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from portal.kernel.i18n import _l


class Axis(StrEnum):
    """Where a criterion counts in the portfolio plot."""

    VALUE = "value"
    FEASIBILITY = "feasibility"


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """One question with five steps; `low` says what 1 means and `high` what 5 means."""

    key: str
    axis: Axis
    name: Any
    low: Any
    high: Any


STANDARD: Sequence[Criterion] = (
    Criterion(
        key="feasibility",
        axis=Axis.FEASIBILITY,
        name=_l("Gjennomførbarhet"),
        low=_l("Krever nye lover, mye penger eller noe vi ikke kan"),
        high=_l("Kan gjøres nå, med det vi har"),
    ),
    Criterion(
        key="user_involvement",
        axis=Axis.VALUE,
        name=_l("Brukerinvolvering"),
        low=_l("Ingen som har behovet, har vært med"),
        high=_l("De som har behovet, er med hele veien"),
    ),
    Criterion(
        key="spread",
        axis=Axis.VALUE,
        name=_l("Spredningspotensial"),
        low=_l("Nyttig bare ett sted"),
        high=_l("Nyttig i hele kommunen og for andre kommuner"),
    ),
    Criterion(
        key="innovation",
        axis=Axis.VALUE,
        name=_l("Innovasjonsgrad"),
        low=_l("Slik gjør vi det alt"),
        high=_l("Nytt for oss og for andre"),
    ),
)
