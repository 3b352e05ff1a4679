"""What the 17 goals are about, in a sentence each: ours, with the municipality in mind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.kernel.i18n import _l

MEANINGS: Mapping[int, Any] = {
    1: _l("Ingen skal mangle penger til det de trenger for å leve godt og være med."),
    2: _l("Alle skal ha nok og sunn mat, og maten skal dyrkes slik at jorda varer."),
    3: _l("Alle skal kunne leve sunne liv og ha det godt, fra fødsel til alderdom."),
    4: _l("Alle skal ha en god skole og kunne lære hele livet."),
    5: _l("Alle kjønn skal ha like rettigheter, like muligheter og være trygge for vold."),
    6: _l("Alle skal ha rent vann, og vi skal ta vare på vannet vi har."),
    7: _l("Alle skal ha energi de har råd til, og den skal være ren."),
    8: _l("Alle skal kunne ha et trygt og ordentlig arbeid, uten at veksten tærer på naturen."),
    9: _l("Veier, nett og næringsliv skal tåle framtida og gi plass til nye ideer."),
    10: _l("Forskjellene skal bli mindre, og alle skal ha de samme mulighetene."),
    11: _l("Steder å bo skal være trygge, grønne og åpne for alle."),
    12: _l("Vi skal bruke mindre, bruke om igjen og kaste lite."),
    13: _l("Utslippene skal ned, og vi skal være forberedt på et villere vær."),
    14: _l("Fjord, kyst og hav skal være rene og fulle av liv."),
    15: _l("Skog, myr og mark skal bevares, og artene med dem."),
    16: _l("Folk skal kunne stole på dem som styrer, bli hørt og være trygge."),
    17: _l("Ingen når målene alene: kommune, innbyggere, frivillige og næringsliv gjør det sammen."),
}
