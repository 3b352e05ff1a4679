"""The parts that cross the pillars, for the wiring to hang on the pages of others."""

from __future__ import annotations

from collections.abc import Sequence

from portal.journeys.queries import ideas_for_indicator
from portal.kernel.parts import Part
from portal.observatorium.events import INDICATOR

PARTS: Sequence[Part] = (Part(kind=INDICATOR, template="journeys/_ideas.html", load=ideas_for_indicator),)
