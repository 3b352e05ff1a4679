"""Files of delmål for the tests."""

from __future__ import annotations

from portal.goals.actions import import_subgoals
from portal.goals.queries import Plan
from portal.goals.subgoal_file import read
from portal.kernel.identity import SYSTEM, Actor

HEADER = "kode;mål;nb;nn;en\n"
THREE = (
    HEADER
    + """3.2;3;Flere eldre bor hjemme;Fleire eldre bur heime;More live at home
3.10;3;Unge får hjelp;;
11.4;11;Grønt innen ti minutter;;
"""
)


def imported(text: str = THREE, actor: Actor = SYSTEM) -> Plan:
    return import_subgoals(actor, read(text.encode()).rows)
