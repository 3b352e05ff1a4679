"""What parties, their parts, members and endings are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.cocreation.models.projects import Ending, MemberRole, Part, PartyKind
from portal.kernel.i18n import _l

PARTY_KINDS: Mapping[PartyKind, Any] = {
    PartyKind.RESIDENTS: _l("Innbyggere"),
    PartyKind.ORGANISATION: _l("Frivillig organisasjon"),
    PartyKind.BUSINESS: _l("Næringsliv"),
    PartyKind.KNOWLEDGE: _l("Kunnskapsmiljø"),
    PartyKind.MUNICIPALITY: _l("Kommunen"),
}
PARTS: Mapping[Part, Any] = {
    Part.LEADS: _l("Leder"),
    Part.TOGETHER: _l("Er med på lik linje"),
    Part.INPUT: _l("Gir innspill"),
    Part.NONE: _l("Er ikke med"),
}
"""What a party does in a step."""
STEPS: Mapping[str, Any] = {
    "problem": _l("Beskrive problemet"),
    "goals": _l("Sette mål"),
    "design": _l("Finne løsningen"),
    "carry_out": _l("Gjennomføre"),
}
"""By the name of a party's column."""
MEMBER_ROLES: Mapping[MemberRole, Any] = {
    MemberRole.OWNER: _l("Eier"),
    MemberRole.REPRESENTATIVE: _l("Representant for en part"),
    MemberRole.CONTRIBUTOR: _l("Bidragsyter"),
}
ENDINGS: Mapping[Ending, Any] = {
    Ending.SUCCEEDED: _l("Det gikk som vi ville"),
    Ending.PARTLY: _l("Det gikk delvis som vi ville"),
    Ending.FAILED: _l("Det gikk ikke som vi ville"),
    Ending.STOPPED: _l("Vi stoppet underveis"),
}
