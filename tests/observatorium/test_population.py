"""The file with the population: read as a spreadsheet saves it, and refused with the reason when anything is wrong."""

from __future__ import annotations

import pytest

from portal.observatorium import population_csv
from portal.observatorium.population_csv import UnreadableError, read

AREAS = {"Borgen": 1, "Heggedal": 2}
HEADER = "alder;kjønn;lokalsamfunn;antall"
ROWS = ("0-17;kvinne;Borgen;120", "18-29;mann;Borgen;80", "67+;kvinne;Heggedal;200")


def file(*rows: str, header: str = HEADER, encoding: str = "utf-8", end: str = "\r\n") -> bytes:
    return end.join([header, *rows]).encode(encoding)


def reason(data: bytes) -> str:
    with pytest.raises(UnreadableError) as refused:
        read(data, AREAS)
    return str(refused.value.args[0])


def test_a_file_is_read_into_cells_by_the_numbers_of_the_places() -> None:
    table = read(file(*ROWS), AREAS)
    assert table.cells == {("0-17", "woman", "1"): 120, ("18-29", "man", "1"): 80, ("67+", "woman", "2"): 200}
    assert table.total == 400


@pytest.mark.parametrize(
    "data",
    [
        file(*ROWS, encoding="utf-8-sig"),
        file(*ROWS, "", end="\n"),
        file(*(row.replace(";", ",") for row in ROWS), header=HEADER.replace(";", ",")),
        file(*(row.replace(";", "\t") for row in ROWS), header=HEADER.replace(";", "\t")),
        file("0–17 år;K;borgen;120", "18 - 29 år;menn;BORGEN;80", "67 år og eldre;Kvinner;Heggedal;200"),
        file(*ROWS, "Sum;;;400"),
        file(*ROWS, "i alt;;;4 00", header="ALDER; Kjønn ;Lokalsamfunn;Antall"),
    ],
)
def test_what_a_spreadsheet_makes_of_it_is_read_the_same(data: bytes) -> None:
    assert read(data, AREAS) == read(file(*ROWS), AREAS)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "tom"),
        (b"\r\n\r\n", "tom"),
        (file(*ROWS, header="alder;kjønn;sted;antall"), "Første linje må være"),
        (file(*ROWS, header="0-17;kvinne;Borgen;120"), "Første linje må være"),
        (file(*ROWS, encoding="cp1252"), "UTF-8"),
        (file(*ROWS, encoding="utf-16"), "UTF-8"),
        (file("10-19;kvinne;Borgen;1"), "Linje 2: «10-19» er ikke en av aldersgruppene 0-17"),
        (file("0-17;jente;Borgen;1"), "Linje 2: «jente» er verken kvinne eller mann"),
        (file(*ROWS, "0-17;kvinne;Oslo;1"), "Linje 5: «Oslo» er ikke et lokalsamfunn her"),
        (file("0-17;kvinne;Borgen;-1"), "Linje 2: «-1» er ikke et helt antall"),
        (file("0-17;kvinne;Borgen;1,5"), "Linje 2: «1,5»"),
        (file("0-17;kvinne;Borgen;mange"), "Linje 2: «mange»"),
        (file("0-17;kvinne;Borgen;" + "9" * 5000), "Linje 2"),
        (file("0-17;kvinne;Borgen;٣"), "Linje 2"),
        (file(*ROWS, ROWS[0]), "Linje 5 gjentar"),
        (file(*ROWS, "0-17;kvinne;Borgen"), "Linje 5 har ikke fire kolonner"),
        (file(*ROWS, "sum;;;401"), "Summen i fila er 401, men radene gir 400"),
        (file(*ROWS[:2]), "Det mangler tall for Heggedal"),
        (file("0-17;kvinne;Borgen;0", "0-17;kvinne;Heggedal;0"), "ingen innbyggere"),
        (b"x" * (population_csv.LARGEST + 1), "for stor"),
        (b"\x00\x01\x02", "Første linje"),
    ],
)
def test_what_is_wrong_is_told_in_words(data: bytes, told: str) -> None:
    assert told in reason(data)
