"""The observatory's published rounds as open data: the same cells as the files that each round's page gives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from portal.home.open_data.shape import Dataset, Field, Kind
from portal.kernel.i18n import _l
from portal.kernel.identity import StakeholderGroup
from portal.observatorium.catalogue import Dimension, Level
from portal.observatorium.models.rounds import RoundState
from portal.observatorium.queries import pages, published

_LEVELS = tuple(Level)
_SHARES = {
    "rod": _l("Andelen som svarte rødt, fra 0 til 1"),
    "gul": _l("Andelen som svarte gult, fra 0 til 1"),
    "gronn": _l("Andelen som svarte grønt, fra 0 til 1"),
}
_BOUNDS = {
    "rod_fra": _l("Nedre ende av usikkerhetsintervallet under modellen, for rødt"),
    "rod_til": _l("Øvre ende av usikkerhetsintervallet under modellen, for rødt"),
    "gul_fra": _l("Nedre ende av usikkerhetsintervallet under modellen, for gult"),
    "gul_til": _l("Øvre ende av usikkerhetsintervallet under modellen, for gult"),
    "gronn_fra": _l("Nedre ende av usikkerhetsintervallet under modellen, for grønt"),
    "gronn_til": _l("Øvre ende av usikkerhetsintervallet under modellen, for grønt"),
}


def _hidden(name: str, meaning: Any, kind: Kind = Kind.NUMBER, values: tuple[str, ...] = ()) -> Field:
    return Field(name=name, meaning=meaning, kind=kind, values=values, may_be_hidden=True)


_FIELDS = (
    Field(name="runde", meaning=_l("Runden, slik det står i adressen"), always=True),
    Field(name="revisjon", meaning=_l("Utgaven av resultatet: 2 og over er rettelser"), kind=Kind.INTEGER, always=True),
    Field(name="indikator", meaning=_l("Nummeret på indikatoren, som tekst: 1.10 er ikke 1.1"), always=True),
    Field(
        name="dimensjon",
        meaning=_l("Første del av nummeret: en av de fire dimensjonene"),
        values=tuple(str(each.number) for each in Dimension),
        always=True,
    ),
    Field(name="nummer", meaning=_l("Andre del av nummeret"), always=True),
    Field(name="navn", meaning=_l("Navnet på indikatoren, på bokmål"), always=True),
    Field(name="egenvurdering", meaning=_l("Kommunens egen vurdering"), values=_LEVELS),
    Field(name="verifisert", meaning=_l("Det som er verifisert av andre"), values=_LEVELS),
    Field(name="niva", meaning=_l("Nivået etter alle gruppenes svar"), values=_LEVELS),
    Field(name="gap", meaning=_l("Egen vurdering minus folkets nivå, i trinn"), kind=Kind.INTEGER),
    Field(name="uenighet", meaning=_l("Største forskjell i snittnivå mellom gruppene, fra 0 til 1"), kind=Kind.NUMBER),
    Field(
        name="gruppe",
        meaning=_l("Gruppen som svarte; «samlet» er alle gruppene som vises"),
        values=(*StakeholderGroup, "samlet"),
        always=True,
    ),
    Field(
        name="skjult",
        meaning=_l("Om tallene er skjult, fordi så få har svart at noen kunne kjennes igjen"),
        values=("ja", "nei"),
        always=True,
    ),
    _hidden("n", _l("Hvor mange som svarte"), Kind.INTEGER),
    _hidden("n_fra", _l("Når bare et spenn fortelles: fra så mange"), Kind.INTEGER),
    _hidden("n_til", _l("Når bare et spenn fortelles: til så mange"), Kind.INTEGER),
    _hidden("n_eff", _l("Hvor mange like sterke svar tallene er verdt")),
    *(_hidden(name, meaning) for name, meaning in _SHARES.items()),
    _hidden("minst_90_prosent", _l("Nivået minst 90 prosent svarte, når bare det fortelles"), Kind.TEXT, _LEVELS),
    _hidden("vet_ikke", _l("Andelen som svarte «vet ikke», fra 0 til 1")),
    *(_hidden(name, meaning) for name, meaning in _BOUNDS.items()),
    _hidden("gruppens_niva", _l("Nivået etter gruppens egne svar"), Kind.TEXT, _LEVELS),
    Field(name="metode", meaning=_l("Utgaven av metoden"), always=True),
    Field(name="katalog", meaning=_l("Utgaven av katalogen med indikatorer"), always=True),
    Field(name="lisens", meaning=_l("Lisensen"), values=(published.LICENCE,), always=True),
)


def _rows() -> Iterator[Mapping[str, Any]]:
    for round_, _revision in pages.list_rounds():
        if round_.state is RoundState.PUBLISHED:
            yield from published.rows(round_.slug)


ROUNDS = Dataset(
    name="runder",
    title=_l("Resultater fra observatoriet"),
    description=_l(
        "Hvordan fire grupper vurderer kommunen på 39 indikatorer, ved siden av kommunens egen vurdering: én rad for "
        "hver indikator og gruppe i hver publiserte runde. Svarene er fra dem som selv valgte å delta, og kan ikke "
        "uten videre gjelde for alle innbyggere. Små grupper er skjult."
    ),
    keywords=(_l("innbyggerundersøkelse"), _l("ISO 18091"), _l("bærekraftsmål")),
    themes=("GOVE", "SOCI"),
    resource="/api/v1/results",
    fields=_FIELDS,
    rows=_rows,
)
