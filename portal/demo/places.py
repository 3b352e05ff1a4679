"""The demo's lokalsamfunn: the places are Asker's, the outlines are roughly drawn for the demo and nobody's borders."""

from __future__ import annotations

from pathlib import Path

from portal.kernel.identity import SYSTEM
from portal.places import actions, reading

FILE = Path(__file__).parent / "lokalsamfunn.geojson"


def make_neighbourhoods() -> None:
    """Read the lokalsamfunn in, as an administrator would."""
    actions.import_neighbourhoods(SYSTEM, reading.read(FILE.read_bytes()).found)
