"""One corpus and a list of questions with what they must find, in order: the same on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.kernel.i18n import in_language
from portal.search import asking, queries
from portal.search.asking import Width
from tests.search.library import Shelf, entry, shelves
from tests.support.page import Visitor

CORPUS = (
    ("Gangfelt ved Åros skole", "Barna krysser veien uten lys. Vi trenger et gangfelt før skolestart."),
    ("Bedre brøyting av fortau", "Etter snøfall er fortauet til sykehjemmet stengt i flere dager."),
    ("Trygg skolevei i Sætre", "Mange biler kjører for fort der ungene går."),
    ("Skuleveg utan lys", "Det er mørkt på vegen til skulen. Kommunen må setje opp gatelys."),
    ("Lengre åpningstid på biblioteket", "Biblioteket bør være åpent på kvelden for studenter."),
    ("Badebrygge på Holmen", "En flytebrygge for bading, og en benk til de som ser på."),
    ("Hjemmetjenesten kommer for sent", "Mor på 84 venter på hjelp hver morgen."),
    ("Tilskot til bygdelag", "Laga treng meir støtte til drift av grendehus."),
    ("Byggesak tar for lang tid", "Vi ventet åtte måneder på svar om en garasje på 30 kvm. e-post ble ikke besvart."),
    ("Møteplass for ungdom", "Et sted å være om kvelden. Kanskje i kjelleren under biblioteket?"),
    ("Idéverksted på café Øst", "Én kveld i måneden om framtida til bygda."),
    ("Båt til øya", "Ferja går for sjelden om vinteren. Indikator 2.6 sier det samme."),
)
"""Title and text; the last is the newest."""

EXPECTED = (
    ("gangfelt ved skolen", (1,)),
    ("GANGFELT", (1,)),
    ("gangfeltene", (1,)),
    ("skole", (4, 3, 1)),
    ("skolen", (4, 3, 1)),
    ("skule", (4, 3, 1)),
    ("skolevei", (4, 3, 1)),
    ("skuleveg", (4, 3, 1)),
    ("vei", (4, 3, 1)),
    ("veien til skolen", (4, 3, 1)),
    ("lys", (4, 1)),
    ("gatelys", (4,)),
    ("biblioteket", (5, 10)),
    ("bibliotek kveld", (10, 5)),
    ("brøytinga", (2,)),
    ("snøfall", (2,)),
    ("hjemmetjeneste", (7,)),
    ("heimetenesta", (7,)),
    ("tilskudd lag", (8,)),
    ("ide", (11,)),
    ("idé", (11,)),
    ("cafe", (11,)),
    ("CAFÉ", (11,)),
    ("baat oeya", (12,)),
    ("bat", ()),
    ("oya", ()),
    ("epost", (9,)),
    ("e-post", (9,)),
    ("2.6", (12,)),
    ("2,6", (12,)),
    ('"lang tid"', (9,)),
    ('"tid lang"', ()),
    ("«åpent på kvelden»", (5,)),
    ('"skole barna"', ()),
    ('"veien uten lys" gangfelt', (1,)),
    ("idretts*", ()),
    ("bibl*", (5, 10)),
    ("brøyt*", (2,)),
    ("skul*", (4, 3, 1)),
    ("garasjen", (9,)),
    ("ventet", (9, 7)),
    ("", ()),
    ("   ", ()),
    ("?!", ()),
)
"""What is written in the box, and which texts answer it when all words must be there: titles first, then the newest."""


@pytest.fixture
def library(shelf: Shelf) -> Shelf:
    for title, body in CORPUS:
        shelf.put(title, body)
    return shelf


def found(text: str, width: Width | None = Width.EXACT, **narrowed: str) -> tuple[int, ...]:
    page = queries.search(text, **narrowed)  # type: ignore[arg-type]  # words only
    return tuple(hit.ref.id for hit in page.hits) if width is None or page.width is width else ()


@pytest.mark.parametrize(("text", "wanted"), EXPECTED, ids=[text or "nothing" for text, _wanted in EXPECTED])
def test_a_question_finds_the_same_in_the_same_order_on_both_databases(
    library: Shelf, text: str, wanted: tuple[int, ...]
) -> None:
    assert found(text) == wanted


@pytest.mark.parametrize(
    ("text", "width", "wanted"),
    [
        ("gangf", Width.WIDER, (1,)),
        ("fotgjengerovergang", Width.WIDER, (1,)),
        ("pensjonisttilbud ungdom", Width.SOME, (10, 3)),
        ("åpningst", Width.WIDER, (5,)),
        ("vindmøller", Width.EXACT, ()),
    ],
)
def test_when_nothing_holds_all_the_words_more_is_taken_for_an_answer(
    library: Shelf, text: str, width: Width, wanted: tuple[int, ...]
) -> None:
    page = queries.search(text)
    assert (page.width, tuple(hit.ref.id for hit in page.hits)) == (width, wanted)


def test_a_title_comes_before_a_text_and_the_newest_first(shelf: Shelf) -> None:
    shelf.put("Om noe annet", "Her står det om brannstasjon.")
    shelf.put("Brannstasjon i nord", "")
    shelf.put("Noe tredje", "Brannstasjonen ligger langt unna.")
    shelf.put("Ny brannstasjon", "")
    assert found("brannstasjon") == (4, 2, 3, 1)


def test_what_is_written_in_the_title_needs_all_the_words_there_to_come_first(shelf: Shelf) -> None:
    shelf.put("Lekeplass i parken", "")
    shelf.put("Lekeplass", "Den ligger i parken.")
    assert found("lekeplass park") == (1, 2)


def test_a_thing_in_several_languages_is_found_once_in_the_readers(shelf: Shelf) -> None:
    shelf.holds[1] = [
        entry("Telefonen svarer", "Kultur og fritid"),
        entry("Telefonen svarar", "Kultur og fritid", language="nn"),
        entry("The telephone answers", "Culture and telefon", language="en"),
    ]
    shelf.index(1)
    with in_language("en"):
        (hit,) = queries.search("telefon").hits
        assert (hit.language, hit.title) == ("en", "The telephone answers")
    with in_language("nn"):
        assert [hit.title for hit in queries.search("svarer").hits] == ["Telefonen <mark>svarar</mark>"]
        page = queries.search("culture")
        assert [hit.language for hit in page.hits] == ["en"]
        assert page.counts == {"pamphlet": 1}


def test_hits_are_counted_by_kind_and_narrowed_to_one(app: Flask) -> None:
    pamphlets, books = Shelf(), Shelf("book")
    with shelves(app, pamphlets, books):
        for number in range(3):
            pamphlets.put(f"Svømmehall {number}")
        books.put("Svømmehallens historie")
        page = queries.search("svømmehall", kind="book")
        assert (page.counts, page.total, len(page.hits)) == ({"pamphlet": 3, "book": 1}, 4, 1)


def test_hits_are_narrowed_and_counted_by_what_a_kind_says_of_its_things(shelf: Shelf) -> None:
    shelf.put("Kulturhus", area="kultur")
    shelf.put("Kulturskole", area="skole")
    shelf.put("Kulturuke", area="kultur")
    assert queries.facet_counts("kultur*", "area") == {"kultur": 2, "skole": 1}
    assert [hit.ref.id for hit in queries.search("kultur*", facets={"area": "kultur"}).hits] == [3, 1]


def test_pages_follow_each_other_without_a_gap_or_a_double(shelf: Shelf) -> None:
    for number in range(45):
        shelf.put("Kaffe" if number % 3 else "Te", "Kaffe", days=number // 2 + 1)
    seen: list[int] = []
    cursor = None
    while True:
        page = queries.search("kaffe", cursor=cursor)
        seen += [hit.ref.id for hit in page.hits]
        cursor = page.next
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 45
    titled = [number for number in seen if (number - 1) % 3]
    assert seen[: len(titled)] == titled, "those with the word in the title come first, over all pages"
    assert titled == sorted(titled, key=lambda number: ((number - 1) // 2, number), reverse=True)


NASTY = (
    '"', '""', "'", "''", "*", "**", '"*', "a*b", "NEAR(", "NEAR(a b, 2)", "a NEAR b", "title_words:skole", "a:b",
    ":*", "{title_words} : x", "AND", "OR", "NOT", "skole AND", "(", ")", "(((", "-skole", "^skole", "+", "\\", "\\'",
    "%", "_", "a & b | !c", "a <-> b", "<2>", "'skole':A", "skole\x00vei", "\x00", "💡", "💡 skole", "ｆｕｌｌ", "ﷺ",
    "\ud800", "'; DROP TABLE x; --", "a" * 5000, "a " * 2000, '"' + "a " * 500 + '"', "\u0301" * 300, "İ", "½", "²",
    "一二三", "школа", "مدرسة", "\u200b", "¶", "·", "search_fts", "rank", "x" * 61 + "*", "1" * 80, "1.1.1.1.1.1",
    "«", "»skole«", "<script>alert(1)</script>", "../../etc/passwd", "{{ 7 * 7 }}",
)  # fmt: skip


@pytest.mark.parametrize("text", NASTY, ids=[ascii(text)[:40] for text in NASTY])
def test_whatever_is_written_in_the_box_is_looked_for_and_never_obeyed(
    library: Shelf, visitor: Callable[..., Visitor], text: str
) -> None:
    visitor().get_url("/sok/?" + urlencode({"q": text}, errors="surrogatepass"))
    queries.search(text)
    queries.similar(text, library.name)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=60), width=st.sampled_from(Width))
def test_no_text_at_all_makes_the_database_complain(library: Shelf, text: str, width: Width) -> None:
    queries.search(text)
    asking.read(text, width)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=st.text(max_size=40), body=st.text(max_size=200))
def test_whatever_is_indexed_can_be_changed_and_taken_out_again(shelf: Shelf, title: str, body: str) -> None:
    number = shelf.put(f"{title} blåklokke", body)
    assert number in [hit.ref.id for hit in queries.search("blåklokke").hits]
    shelf.holds[number] = [entry(f"rødkløver {title}", body)]
    shelf.index(number)
    assert queries.search("blåklokke").counts == {}
    assert "rødkløver" in str(queries.search("rødkløver").hits[0].title)
    del shelf.holds[number]
    shelf.index(number)
    assert queries.search("rødkløver").counts == {}
