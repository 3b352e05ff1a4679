"""What the texts of a solution are called, as headings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.kernel.i18n import _l

TEXTS: Mapping[str, Any] = {
    "title": _l("Navn"),
    "summary": _l("Kort fortalt"),
    "problem": _l("Problemet"),
    "core": _l("Kjernen"),
    "adaptable": _l("Det dere kan tilpasse"),
    "context": _l("Der den er brukt"),
    "cost": _l("Hva den koster"),
    "prerequisites": _l("Hva som må være på plass"),
    "results": _l("Resultater"),
    "risk": _l("Risiko og personvern"),
    "procedures": _l("Slik gjør dere det"),
}
"""In the order people read them."""

SPOKEN: Mapping[str, Any] = {"nb": _l("bokmål"), "nn": _l("nynorsk"), "en": _l("engelsk")}
"""What languages are called in the middle of a sentence."""
