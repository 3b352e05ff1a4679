"""The open data of a published round as tables: one definition says what a column means, and writes the files."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from portal.kernel.errors import NotFound
from portal.kernel.i18n import _l, language
from portal.kernel.identity import StakeholderGroup
from portal.observatorium.catalogue import Level
from portal.observatorium.following_up import MeasureStatus
from portal.observatorium.models.rounds import Revision, Round
from portal.observatorium.queries import table_rows as rows
from portal.observatorium.queries.pages import results_of
from portal.observatorium.queries.published import HIDDEN, LICENCE, LICENCE_URL, safe_cell
from portal.observatorium.queries.table_rows import Source

NO_SUCH_TABLE = _l("Det finnes ingen tabell med dette navnet.")
LEVELS = tuple(each.value for each in Level)
PART_LEVELS = (*LEVELS, "not_assessed", "not_relevant")


class Kind(StrEnum):
    """What a cell holds; the values are the datatypes of CSV on the Web (W3C)."""

    TEXT = "string"
    INTEGER = "integer"
    NUMBER = "decimal"
    DATE = "date"
    MOMENT = "dateTime"
    ADDRESS = "anyURI"


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column: its name in the file, what it holds, and what that means."""

    name: str
    meaning: Any
    kind: Kind = Kind.TEXT
    unit: Any = ""
    values: Sequence[str] = ()
    """The only words there are; empty when it can be anything."""
    may_be_hidden: bool = False
    """Then it is «:»."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table: its name in the address, its columns in their order, and how it is read."""

    name: str
    title: Any
    meaning: Any
    columns: tuple[Column, ...]
    read: Callable[[Source], Iterator[Mapping[str, Any]]]
    is_of_today: bool = False
    """It isn't part of what was published: it tells how things stand now."""


@dataclass(frozen=True, kw_only=True)
class DataPage:
    """What a reader sees before taking the tables."""

    round: Round
    revision: Revision
    is_newest: bool
    tables: Sequence[Table]
    licence: str = LICENCE
    licence_url: str = LICENCE_URL


def _column(name: str, meaning: Any, kind: Kind = Kind.TEXT, unit: Any = "", values: Sequence[str] = ()) -> Column:
    return Column(name=name, meaning=meaning, kind=kind, unit=unit, values=values)


def _hidden(name: str, meaning: Any, kind: Kind = Kind.NUMBER, unit: Any = "", values: Sequence[str] = ()) -> Column:
    return Column(name=name, meaning=meaning, kind=kind, unit=unit, values=values, may_be_hidden=True)


SHARE = _l("andel fra 0 til 1")
ROUND = _column("runde", _l("Runden, slik det står i adressen"))
INDICATOR = _column("indikator", _l("Nummeret på indikatoren, som tekst: 1.10 er ikke 1.1"))
WHICH = (
    ROUND,
    _column("revisjon", _l("Utgaven av resultatet: 2 og over er rettelser"), Kind.INTEGER),
    INDICATOR,
)
NAME = _column("navn", _l("Navnet på indikatoren, på bokmål"))
FIGURES = (
    _hidden("n", _l("Hvor mange som svarte"), Kind.INTEGER, _l("personer")),
    _hidden("n_eff", _l("Hvor mange like sterke svar tallene er verdt"), unit=_l("svar")),
    _hidden("rod", _l("Andelen som svarte rødt, av dem med en mening"), unit=SHARE),
    _hidden("gul", _l("Andelen som svarte gult, av dem med en mening"), unit=SHARE),
    _hidden("gronn", _l("Andelen som svarte grønt, av dem med en mening"), unit=SHARE),
    _hidden("vet_ikke", _l("Andelen som svarte «vet ikke»"), unit=SHARE),
    _hidden("rod_fra", _l("Nedre ende av usikkerhetsintervallet under modellen, for rødt"), unit=SHARE),
    _hidden("rod_til", _l("Øvre ende av usikkerhetsintervallet under modellen, for rødt"), unit=SHARE),
    _hidden("gul_fra", _l("Nedre ende av usikkerhetsintervallet under modellen, for gult"), unit=SHARE),
    _hidden("gul_til", _l("Øvre ende av usikkerhetsintervallet under modellen, for gult"), unit=SHARE),
    _hidden("gronn_fra", _l("Nedre ende av usikkerhetsintervallet under modellen, for grønt"), unit=SHARE),
    _hidden("gronn_til", _l("Øvre ende av usikkerhetsintervallet under modellen, for grønt"), unit=SHARE),
)
IS_HIDDEN = _column(
    "skjult",
    _l("Om tallene er skjult, fordi så få har svart at noen kunne kjennes igjen"),
    values=("ja", "nei"),
)

TABLES: tuple[Table, ...] = (
    Table(
        name="resultater",
        title=_l("Svarene fra hver gruppe"),
        meaning=_l("Én rad for hver indikator og gruppe: hva gruppen svarte, uvektet og vektet."),
        columns=(
            *WHICH,
            NAME,
            _column("gruppe", _l("Gruppen som svarte"), values=tuple(each.value for each in StakeholderGroup)),
            IS_HIDDEN,
            *FIGURES,
            _hidden("n_fra", _l("Når bare et spenn fortelles: fra så mange"), Kind.INTEGER, _l("personer")),
            _hidden("n_til", _l("Når bare et spenn fortelles: til så mange"), Kind.INTEGER, _l("personer")),
            _hidden(
                "minst_90_prosent", _l("Nivået minst 90 prosent svarte, når bare det fortelles"), Kind.TEXT, "", LEVELS
            ),
            _hidden("gruppens_niva", _l("Nivået etter gruppens egne svar"), Kind.TEXT, "", LEVELS),
            _hidden("vektet_rod", _l("Andelen rødt når innbyggerne er vektet"), unit=SHARE),
            _hidden("vektet_gul", _l("Andelen gult når innbyggerne er vektet"), unit=SHARE),
            _hidden("vektet_gronn", _l("Andelen grønt når innbyggerne er vektet"), unit=SHARE),
            _hidden("vektet_n_eff", _l("Hvor mange like sterke svar de vektede tallene er verdt"), unit=_l("svar")),
        ),
        read=rows.groups,
    ),
    Table(
        name="samlet",
        title=_l("De tre synene på hver indikator"),
        meaning=_l("Én rad for hver indikator: kommunens egen vurdering, det verifiserte nivået og gruppene samlet."),
        columns=(
            *WHICH,
            NAME,
            _column("egenvurdering", _l("Kommunens egen vurdering"), values=LEVELS),
            _column("verifisert", _l("Nivået verifikatørene er enige om; tomt når de er uenige"), values=LEVELS),
            _column("niva", _l("Nivået etter alle gruppenes svar"), values=LEVELS),
            _column("gap", _l("Egen vurdering minus folkets nivå"), Kind.INTEGER, _l("trinn")),
            _column("uenighet", _l("Største forskjell i snittnivå mellom gruppene, fra 0 til 1"), Kind.NUMBER),
            IS_HIDDEN,
            *FIGURES,
            _column("grupper", _l("Gruppene som er med i tallene, med mellomrom mellom")),
        ),
        read=rows.overall,
    ),
    Table(
        name="egenvurdering",
        title=_l("Egenvurderingen av delindikatorene"),
        meaning=_l("Én rad for hver delindikator som kommunen har vurdert."),
        columns=(
            *WHICH,
            _column("delindikator", _l("Nøkkelen til delindikatoren")),
            _column("navn_nb", _l("Navnet på bokmål")),
            _column("navn_nn", _l("Navnet på nynorsk")),
            _column("navn_en", _l("Navnet på engelsk")),
            _column("vurdering", _l("Det kommunen satte"), values=PART_LEVELS),
            _column(
                "teller_som",
                _l("Det vurderingen teller som: ikke vurdert når belegget er gått ut på dato"),
                values=PART_LEVELS,
            ),
            _column("begrunnelse", _l("Kommunens begrunnelse")),
            _column("ansvarlig", _l("Tittelen til den som har ansvaret")),
            _column("belegg", _l("Numrene på belegget, med mellomrom mellom")),
            _column("signert_av", _l("Tittelen til den som godkjente egenvurderingen")),
            _column("signert", _l("Når egenvurderingen ble godkjent"), Kind.MOMENT),
        ),
        read=rows.own,
    ),
    Table(
        name="belegg",
        title=_l("Belegget"),
        meaning=_l("Én rad for hvert belegg kommunen la ved, med det verifikatørene sa om det."),
        columns=(
            *WHICH,
            _column("delindikator", _l("Nøkkelen til delindikatoren")),
            _column("belegg", _l("Nummeret på belegget"), Kind.INTEGER),
            _column("slag", _l("Lenke, fil eller tall"), values=("link", "file", "figure")),
            _column("tittel", _l("Hva belegget er")),
            _column("adresse", _l("Adressen, når det er en lenke"), Kind.ADDRESS),
            _column("fil", _l("Navnet på filen, når det er en fil")),
            _column("sha256", _l("Fingeravtrykket av filen")),
            _column("storrelse", _l("Størrelsen på filen"), Kind.INTEGER, _l("byte")),
            _column("verdi", _l("Tallet, når det er et tall"), Kind.NUMBER),
            _column("enhet", _l("Enheten tallet er i")),
            _column("kilde", _l("Hvor tallet er fra")),
            _column("dato", _l("Datoen belegget er fra"), Kind.DATE),
            _column("gyldig_fra", _l("Første dag det gjelder"), Kind.DATE),
            _column("gyldig_til", _l("Siste dag det gjelder"), Kind.DATE),
            _column("gyldig", _l("Om det gjaldt da runden lukket"), values=("ja", "nei")),
            _column("godtatt", _l("Hvor mange verifikatører som godtok det"), Kind.INTEGER, _l("verifikatører")),
            _column("bestridt", _l("Hvor mange verifikatører som bestred det"), Kind.INTEGER, _l("verifikatører")),
            _column("begrunnelser", _l("Hva de som bestred det, skrev")),
        ),
        read=rows.evidence,
    ),
    Table(
        name="verifisering",
        title=_l("Verifiseringen"),
        meaning=_l("Én rad for hver farge en verifikatør har satt. Hvem som satte hvilken, blir ikke fortalt."),
        columns=(
            *WHICH,
            _column(
                "tilstand",
                _l("Hvor verifiseringen står; «not_verified»: færre enn to har svart"),
                values=("none", "not_verified", "agreed", "differing"),
            ),
            _column("niva", _l("Nivået de er enige om; tomt når de er uenige"), values=LEVELS),
            _column("farge", _l("Fargen en verifikatør satte"), values=LEVELS),
            _column("begrunnelse", _l("Hvorfor")),
        ),
        read=rows.verification,
    ),
    Table(
        name="tilsvar",
        title=_l("Kommunens tilsvar"),
        meaning=_l("Én rad for hvert tilsvar kommunen har gitt til verifiseringen."),
        columns=(
            *WHICH,
            _column("tekst", _l("Tilsvaret")),
            _column("dato", _l("Datoen det ble skrevet"), Kind.DATE),
            _column("av", _l("Tittelen til den som skrev det")),
        ),
        read=rows.replies,
    ),
    Table(
        name="tallrekker",
        title=_l("Tall over tid"),
        meaning=_l("Én rad for hvert tidspunkt i tallrekkene som står ved siden av fargene. Slik de er i dag."),
        columns=(
            INDICATOR,
            _column("tallrekke", _l("Nummeret på tallrekken"), Kind.INTEGER),
            _column("tittel", _l("Hva tallet viser")),
            _column("enhet", _l("Enheten tallet er i")),
            _column("kilde", _l("Hvor tallet er fra")),
            _column("adresse", _l("Lenken til kilden"), Kind.ADDRESS),
            _column("periode", _l("År, kvartal (2025K3), halvår (2025H1), måned (2025M07) eller uke (2025U07)")),
            _column("verdi", _l("Tallet; tomt når kilden ikke har det"), Kind.NUMBER),
            _column("tegn", _l("Det kilden skriver i stedet for eller om et tall")),
            _column("verdi_for", _l("Tallet før kilden rettet det"), Kind.NUMBER),
            _column("hentet", _l("Når tallene ble hentet eller lastet opp"), Kind.MOMENT),
        ),
        read=rows.series,
        is_of_today=True,
    ),
    Table(
        name="tiltak",
        title=_l("Tiltakene etter runden"),
        meaning=_l("Én rad for hvert tiltak kommunen har svart på runden med. Slik de er i dag."),
        columns=(
            ROUND,
            INDICATOR,
            _column("tiltak", _l("Nummeret på tiltaket"), Kind.INTEGER),
            _column("tittel", _l("Hva tiltaket heter")),
            _column("beskrivelse", _l("Hva som skal gjøres")),
            _column("ansvarlig", _l("Tittelen til den som har ansvaret")),
            _column("frist", _l("Når det skal være gjort"), Kind.DATE),
            _column("status", _l("Hvor det står"), values=tuple(each.value for each in MeasureStatus)),
            _column("laget", _l("Når tiltaket ble lagt inn"), Kind.MOMENT),
            _column("sist_fortalt", _l("Når noe sist ble fortalt om det"), Kind.MOMENT),
        ),
        read=rows.measures,
        is_of_today=True,
    ),
)


def data_page(slug: str, revision_number: int | None = None) -> DataPage:
    """Return what the tables of a published round hold; raises NotFound."""
    round_, revision, _results = results_of(slug, revision_number)
    is_newest = revision_number is None or results_of(slug)[1].number == revision.number
    return DataPage(round=round_, revision=revision, is_newest=is_newest, tables=TABLES)


def dictionary(slug: str, revision_number: int | None = None) -> dict[str, Any]:
    """Return what the columns of all the tables mean, for programs: CSV on the Web (W3C); raises NotFound."""
    page = data_page(slug, revision_number)
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": language()}],
        "dc:title": page.round.title,
        "dc:license": {"@id": page.licence_url},
        "tables": [
            {
                "url": f"{table.name}.csv" + ("" if page.is_newest else f"?revisjon={page.revision.number}"),
                "dc:title": str(table.title),
                "dc:description": str(table.meaning),
                "tableSchema": {"columns": [_described(column) for column in table.columns]},
            }
            for table in page.tables
        ],
    }


def _described(column: Column) -> dict[str, Any]:
    datatype: Any = column.kind.value
    if column.values:
        datatype = {"base": datatype, "format": "|".join(column.values)}
    told = {
        "name": column.name,
        "titles": column.name,
        "dc:description": str(column.meaning),
        "datatype": datatype,
        "null": [HIDDEN, ""] if column.may_be_hidden else [""],
    }
    return told | ({"schema:unitText": str(column.unit)} if column.unit else {})


def table_csv(slug: str, name: str, revision_number: int | None = None) -> str:
    """Return a table of a published round as CSV, safe to open in a spreadsheet; raises NotFound."""
    table = next((each for each in TABLES if each.name == name), None)
    if table is None:
        raise NotFound(NO_SUCH_TABLE)
    names = [column.name for column in table.columns]
    target = io.StringIO()
    target.write("\ufeff")  # so that spreadsheets read æ, ø and å
    writer = csv.writer(target)
    writer.writerow(names)
    for row in table.read(rows.source(slug, revision_number)):
        writer.writerow([safe_cell(row[each]) for each in names])
    return target.getvalue()
