"""What whose time, causes, owners and degrees of a tidstyv are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.ideas.hours import Cause, Hit, Owner
from portal.ideas.stages import Degree, ThiefStatus
from portal.kernel.i18n import _l

HITS: Mapping[Hit, Any] = {
    Hit.EMPLOYEES: _l("Ansatte"),
    Hit.RESIDENTS: _l("Innbyggere"),
    Hit.BUSINESS: _l("Næringsliv"),
    Hit.VOLUNTARY_SECTOR: _l("Frivillige"),
    Hit.OTHER_AGENCIES: _l("Andre etater"),
}
CAUSES: Mapping[Cause, Any] = {
    Cause.REPORTING: _l("Rapportering"),
    Cause.REGULATION: _l("Regelverk"),
    Cause.ROUTINE: _l("Rutine"),
    Cause.DOUBLE_WORK: _l("Dobbeltarbeid"),
    Cause.IT_SYSTEM: _l("IT-system"),
    Cause.FORMS_AND_LANGUAGE: _l("Skjema og språk"),
    Cause.NO_DIGITAL_SOLUTION: _l("Mangler digital løsning"),
    Cause.SKILLS: _l("Kompetanse"),
    Cause.MEETINGS: _l("Møter"),
    Cause.OTHER: _l("Annet"),
}
OWNERS: Mapping[Owner, Any] = {
    Owner.OWN_UNIT: _l("Egen enhet"),
    Owner.OTHER_UNIT: _l("En annen enhet i kommunen"),
    Owner.OTHER_MUNICIPALITY: _l("En annen kommune"),
    Owner.STATE: _l("Staten"),
    Owner.SUPPLIER: _l("En leverandør"),
}
DEGREES: Mapping[Degree, Any] = {
    Degree.REDUCED: _l("Redusert: den tar mindre tid enn før"),
    Degree.REMOVED: _l("Fjernet: den tar ingen tid lenger"),
}
TONES: Mapping[ThiefStatus, str] = {
    ThiefStatus.REGISTERED: "neutral",
    ThiefStatus.TRANSFERRED: "info",
    ThiefStatus.PLANNED: "info",
    ThiefStatus.UNDER_WAY: "warm",
    ThiefStatus.REDUCED: "success",
    ThiefStatus.REMOVED: "success",
    ThiefStatus.NO_EFFECT: "neutral",
    ThiefStatus.REJECTED: "neutral",
}
"""The colour of a status as a tag; the word always stands beside it."""
MISSING: Mapping[str, Any] = {
    "minutes": _l("hvor mange minutter den tar hver gang"),
    "times": _l("hvor mange ganger i året"),
    "persons": _l("hvor mange den går ut over"),
}
"""What isn't known, in the middle of a sentence."""
OUTSIDE = frozenset({Owner.OTHER_MUNICIPALITY, Owner.STATE, Owner.SUPPLIER})
"""Owners outside the municipality: a tidstyv that goes to them is sent on."""


def owner_text(owner: Owner | None, name: str) -> str:
    """Return whose it is, in words: «Staten: Skatteetaten». Nothing for nobody's."""
    if owner is None:
        return ""
    return f"{OWNERS[owner]}: {name}" if name else str(OWNERS[owner])
