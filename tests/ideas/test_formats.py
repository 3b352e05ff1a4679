"""Files with ideas: every format read as it is made, broken rows refused alone, and our own read back the same."""

import csv
import io
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as some

from portal.ideas.formats import tables
from portal.ideas.formats.plain import COLUMNS, guarded, unguarded, write_csv
from portal.ideas.formats.reading import read
from portal.ideas.formats.rows import (
    MAX_TEXT,
    Format,
    ProposalRow,
    Read,
    Refused,
    Result,
    Skipped,
    SkipReason,
    UnreadableFile,
)
from portal.kernel.richtext import clean_line, clean_text

DATA = Path(__file__).parent / "data"


def results(data: str | bytes, **options: object) -> list[Result]:
    stream = io.BytesIO(data.encode() if isinstance(data, str) else data)
    return list(read(stream, **options).results)


def of_file(name: str, **options: object) -> list[Result]:
    return results((DATA / name).read_bytes(), **options)


def proposals(found: Iterable[Result]) -> list[ProposalRow]:
    return [each.proposal for each in found if isinstance(each, Read)]


def refusals(found: Iterable[Result]) -> dict[int, str]:
    return {each.row: str(each.reason) for each in found if isinstance(each, Refused)}


def skips(found: Iterable[Result]) -> dict[int, SkipReason]:
    return {each.row: each.reason for each in found if isinstance(each, Skipped)}


@pytest.mark.parametrize(
    ("name", "format_", "encoding", "separator"),
    [
        ("decidim-2020.csv", Format.DECIDIM, "utf-8", ";"),
        ("decidim-today.csv", Format.DECIDIM, "utf-8", ";"),
        ("consul.csv", Format.CONSUL, "cp1252", ";"),
        ("plain-norwegian.csv", Format.CSV, "cp1252", ";"),
        ("plain-english.csv", Format.CSV, "utf-8-sig", ","),
    ],
)
def test_a_file_is_known_by_itself(name: str, format_: Format, encoding: str, separator: str) -> None:
    with (DATA / name).open("rb") as file:
        reading = read(file)
        assert (reading.format, reading.encoding, reading.separator) == (format_, encoding, separator)


def test_an_old_decidim_export_is_read_without_its_html() -> None:
    found = of_file("decidim-2020.csv")
    first, catalan = proposals(found)
    assert first == ProposalRow(
        source="meta.eksempel.org",
        origin_id="15654",
        url="https://meta.eksempel.org/processes/roadmap/f/122/proposals/15654",
        title="Benches along the path & the river",
        body="We want **benches** along the path.\n\n- for those who are tired\n- for those who wait\n\n"
        "See [the map](https://eksempel.org/map?a=1&b=2).",
        language="en",
        state="accepted",
        answer="Yes: four benches in spring.",
        supports=42,
        published_at=datetime(2020, 11, 24, 7, 17, 40, tzinfo=UTC),
        category="Mobility",
        scope="North",
    )
    assert (catalan.language, catalan.title) == ("ca", "Només en català")
    assert catalan.body == 'Primera línia\n\nSegona; amb "cometes" & coses'
    assert skips(found) == {3: SkipReason.AMENDMENT, 4: SkipReason.WITHDRAWN}
    assert refusals(found) == {6: "«mange» er ikke et helt tall."}


def test_todays_decidim_export_is_read_with_places_and_without_names() -> None:
    found = of_file("decidim-today.csv")
    first, nynorsk = proposals(found)
    assert (first.title, first.language, first.category) == ("Lys i akebakken", "nb", "Parker, Barn og unge")
    assert (first.address, first.latitude, first.longitude) == ("Bakkeveien 1, 1383 Asker", 59.8333, 10.4392)
    assert first.body.endswith("\n\nKan vi få lys som står på til klokka åtte?")
    assert (first.supports, first.author_name) == (118, "")
    assert (nynorsk.language, nynorsk.answer) == ("nn", "Vi prøver det på Heggedal i vår.")
    assert nynorsk.published_at == datetime(2026, 1, 31, 7, 30, tzinfo=UTC)
    assert skips(found) == {4: SkipReason.WITHDRAWN, 5: SkipReason.UNPUBLISHED}
    assert refusals(found) == {
        6: "«591.8» er ikke en koordinat i grader.",
        7: "«javascript:alert(1)» er ikke en nettadresse.",
    }


WITH_NAMES = ("decidim-2020.csv", "decidim-today.csv", "plain-norwegian.csv")


def test_names_come_only_when_asked_for() -> None:
    assert [row.author_name for row in proposals(of_file("decidim-today.csv", names=True))] == [
        "Kari Prøve",
        "Nils Prøve",
    ]
    assert [row.author_name for row in proposals(of_file("plain-norwegian.csv", names=True))] == ["Åse Prøve"]
    for name in WITH_NAMES:
        assert not any(row.author_name or "Prøve" in repr(row) for row in proposals(of_file(name)))


def test_consuls_open_data_are_read_in_their_encoding() -> None:
    found = of_file("consul.csv", language="es", source="https://decide.ejemplo.es/")
    ticket, green = proposals(found)
    assert ticket.title == "Billete único para el transporte público"
    assert ticket.body == (
        "Hacer intercambiador entre metro & autobús «en 90 minutos».\n\n"
        "Es *más barato* y cómodo para el niño.\n\nhttp://ejemplo.es/billete"
    )
    assert (ticket.source, ticket.url) == ("decide.ejemplo.es", "https://decide.ejemplo.es/proposals/9")
    assert (ticket.supports, ticket.language, ticket.summary) == (24592, "es", "Un solo billete")
    assert ticket.published_at == datetime(2015, 9, 15, 18, 14, tzinfo=UTC)
    assert green.body == "Un parque\n\nwww.ejemplo.es\n\nhttps://video.ejemplo.es/v/1"
    assert skips(found) == {3: SkipReason.RETIRED}
    assert refusals(found) == {4: "«15/09/2015» er ikke et tidspunkt vi kan lese."}
    assert [row.source for row in proposals(of_file("consul.csv"))] == ["consul", "consul"]


def test_a_table_made_in_a_norwegian_spreadsheet_is_read() -> None:
    found = of_file("plain-norwegian.csv", source="asker")
    [mussels] = proposals(found)
    assert mussels == ProposalRow(
        source="asker",
        origin_id="1",
        title="Blåskjell i skjærgården",
        challenge="Sjøen gror igjen – fort.",
        body="Vi setter ut «skjellrep».\nDugnad i mai.",
        language="nb",
        supports=1200,
        published_at=datetime(2020, 11, 24, 6, 17, tzinfo=UTC),
        latitude=59.79,
        longitude=10.55,
        scope="Vollen",
    )
    assert list(refusals(found).values()) == [
        "Raden mangler tittel.",
        "«31.02.2021» er ikke et tidspunkt vi kan lese.",
        "Raden har bare den ene av de to koordinatene.",
    ]


def test_a_table_in_english_without_numbers_is_named_by_what_it_says() -> None:
    bike, sum_ = proposals(of_file("plain-english.csv"))
    assert (bike.language, bike.category, bike.source) == ("en", "Transport, cheap", "csv")
    assert len({bike.origin_id, sum_.origin_id}) == 2
    assert [row.origin_id for row in proposals(of_file("plain-english.csv"))] == [bike.origin_id, sum_.origin_id]
    assert (sum_.title, sum_.body) == ("=1+1 is not a title", "@home")


HEADINGS = "id;title;body\n"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("1;A", "2 felt, mens overskriften har 3"),
        ("1;A;b;c", "4 felt"),
        ('1;"A;b', "Anførselstegnene"),
        ('1;"A"x;b', "Anførselstegnene"),
        ("1;A;b\0c", "NUL-tegn"),
        (f"1;{'A' * 201};b", "201 tegn"),
        (f"1;A;{'b ' * MAX_TEXT}", f"plass til {MAX_TEXT}"),
        (f"1;A;{'b' * 200_000}", "lengre enn 131072 tegn"),
        (f"1;A;{'b' * (tables.MAX_LINE + 5)}", "lengre enn 1000000 tegn"),
        (b"1;A;b\xe5", "ikke kan leses"),
        (f"{'1' * 201};A;b", "nummeret"),
    ],
)
def test_a_broken_row_is_refused_alone(row: str | bytes, reason: str) -> None:
    line = row if isinstance(row, bytes) else row.encode()
    found = results(
        HEADINGS.encode() + "8;Før på\n".encode() + b"9;Before;x\n" + line + b"\n10;After;" + "æøå".encode() * 9
    )
    assert [row.origin_id for row in proposals(found)] == ["9", "10"]
    assert list(refusals(found)) == [2, 4]
    assert reason in refusals(found)[4]


def test_a_quotation_mark_never_closed_costs_its_own_row_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MAX_RECORD", 400)
    rows = "".join(f"{number};Title {number};text\n" for number in range(2, 200))
    found = results(f'{HEADINGS}1;"Open;text\n{rows}')
    assert [row.origin_id for row in proposals(found)] == [str(number) for number in range(2, 200)]
    assert found[0] == Refused(2, 2, found[0].reason)
    assert "aldri lukket" in str(found[0].reason)


def test_refusals_tell_row_and_line() -> None:
    found = results(f'{HEADINGS}1;A;"one\ntwo\nthree"\n2;;x\n')
    assert [(each.row, each.line) for each in found if isinstance(each, Refused)] == [(3, 5)]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n\n",
        b"\xef\xbb\xbf",
        b"\x00\x01\x02",
        b"no;such;headings\n1;2;3",
        b'"open;title\n',
        b"\x89PNG\r\n\x1a\n",
    ],
)
def test_a_file_that_is_no_table_of_ideas_is_refused_in_a_sentence(data: bytes) -> None:
    with pytest.raises(UnreadableFile) as refusal:
        results(data)
    assert str(refusal.value.args[0]).startswith("Fila ")


def test_a_missing_column_is_named() -> None:
    with pytest.raises(UnreadableFile) as refusal:
        results("id;title\n1;A\n", format_=Format.CONSUL)
    assert "description, created_at" in str(refusal.value.args[0])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "iso-8859-1", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_every_encoding_and_separator_is_found(encoding: str, separator: str) -> None:
    text = HEADINGS.replace(";", separator) + separator.join(["1", "Blåbær på øya", "Smør, ost; brød"]).replace(
        "Smør, ost; brød", '"Smør, ost; brød"'
    )
    [row] = proposals(results(text.encode(encoding)))
    assert (row.title, row.body) == ("Blåbær på øya", "Smør, ost; brød")


def test_bytes_that_no_encoding_has_are_read_as_the_oldest() -> None:
    [row] = proposals(results(HEADINGS.encode() + b"1;Bl\xe5b\x81r;x"))
    assert row.title == "Blåbr"


@given(
    some.binary(max_size=400) | some.text(max_size=300).map(lambda text: (HEADINGS + text).encode("utf-8", "ignore"))
)
@settings(max_examples=200)
@example(b"id;title\n1;\x1e")
@example(b"sep=;\n")
def test_no_file_makes_a_trace(data: bytes) -> None:
    try:
        found = results(data)
    except UnreadableFile:
        return
    for each in found:
        assert isinstance(each, (Read, Refused))


def line(most: int = 60) -> some.SearchStrategy[str]:
    return some.text(max_size=most).map(clean_line)


def block() -> some.SearchStrategy[str]:
    tricky = some.sampled_from(["=1+1", "'=x", "''@", "-3", "\t+", 'say "hi"', "a;b,c", "'", "æ\n\n- å", "＝2"])
    return (some.text(max_size=80) | tricky).map(lambda text: clean_text(text).strip())


rows = some.builds(
    ProposalRow,
    source=line().filter(bool),
    origin_id=line().filter(bool),
    url=some.sampled_from(["", "https://x.no/1?a=b", "http://x.no"]),
    kind=some.sampled_from(["", "innovation", "time_thief"]),
    title=(line() | block().map(clean_line)).filter(bool),
    summary=block(),
    challenge=block(),
    body=block(),
    usefulness=block(),
    benefit_type=line(),
    language=some.sampled_from(["nb", "nn", "en", "ca"]),
    state=line().map(lambda text: clean_line(text.lower())).filter(lambda text: text == text.lower()),
    decision=line(),
    answer=block(),
    supports=some.integers(0, 2**31 - 1),
    published_at=some.none()
    | some.datetimes(datetime(1990, 1, 2), datetime(2099, 12, 30)).map(  # noqa: DTZ001 - the zone comes next
        lambda at: at.replace(microsecond=0, tzinfo=UTC)
    ),
    answered_at=some.none() | some.just(datetime(2026, 3, 1, 9, 30, tzinfo=UTC)),
    is_told=some.booleans(),
    cause=line(),
    hit=some.sampled_from(["", "employees", "employees, residents"]),
    owner=line(),
    minutes=some.none() | some.decimals(0, 999_999, places=2),
    times=some.none() | some.integers(0, 1000),
    persons=some.none() | some.integers(0, 100),
    address=line(),
    latitude=some.floats(-90, 90),
    longitude=some.floats(-180, 180),
    category=line(),
    scope=line(),
    author_name=line(),
)


@given(some.lists(rows, max_size=4))
@settings(max_examples=150)
def test_what_we_write_reads_back_the_same(written: list[ProposalRow]) -> None:
    file = io.StringIO(newline="")
    write_csv(written, file)
    found = results(file.getvalue().encode("utf-8-sig"), names=True)
    assert refusals(found) == {}
    assert proposals(found) == written


@given(some.text(max_size=20) | some.sampled_from(["=1", "'=1", "''-1", "'", "''"]))
def test_a_guarded_cell_is_no_formula_and_comes_back(text: str) -> None:
    assert guarded(text)[:1] not in set("=+-@\t\r\n＝＋－＠")
    assert unguarded(guarded(text)) == text


def test_no_cell_of_our_export_begins_a_formula() -> None:
    hostile = ['=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "'=1"]
    file = io.StringIO(newline="")
    write_csv([ProposalRow(source="x", origin_id=text, title=text, body=text, language="nb") for text in hostile], file)
    cells = [cell for row in csv.reader(io.StringIO(file.getvalue()), delimiter=";") for cell in row]
    assert len(cells) == len(COLUMNS) * 6
    assert not [cell for cell in cells if cell[:1] in set("=+-@")]


class _Endless(io.RawIOBase):
    """A file of many rows that is never whole in memory."""

    def __init__(self, rows: int) -> None:
        self.taken = 0
        self._data = HEADINGS.encode() + b"".join(b"%d;Title;%s\n" % (number, b"x" * 500) for number in range(rows))
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        self._at = self.taken = offset
        return offset

    def readinto(self, buffer: memoryview) -> int:
        part = self._data[self._at : self._at + len(buffer)]
        buffer[: len(part)] = part
        self._at += len(part)
        self.taken = self._at
        return len(part)


def test_rows_are_read_as_they_are_asked_for() -> None:
    file = _Endless(2000)
    rest = read(io.BufferedReader(file)).results
    next(rest)
    assert file.taken < 50_000
    assert len(list(rest)) == 1999
