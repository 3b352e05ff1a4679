"""Text from people: what Markdown they have, and that nothing but it ever reaches a page."""

import sys
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.kernel import richtext
from portal.kernel.richtext import clean_line, clean_text, excerpt, plain, render
from tests.kernel.hostile import HOSTILE


def elements(html):
    """Parse as strictly as HTML can be, and return every element."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    return [element for element in parser.parseFragment(str(html)).iter() if element.tag != "DOCUMENT_FRAGMENT"]


def assert_safe(html):
    """Say in words of its own what may stand on a page, so that it doesn't repeat the module's lists."""
    allowed = {"p": set(), "br": set(), "strong": set(), "em": set(), "ul": set(), "ol": {"start"}, "li": set()}
    allowed |= {"blockquote": set(), "a": {"href", "rel"}}
    for element in elements(html):
        assert element.tag in allowed
        assert set(element.attrib) <= allowed[element.tag]
        if element.tag == "a":
            assert element.attrib["rel"] == "nofollow noopener ugc"
            address = urlsplit(element.attrib["href"])
            assert address.scheme in {"http", "https", "mailto"}
            assert bool(address.hostname) != (address.scheme == "mailto")
            assert "@" not in address.netloc
            assert element.attrib["href"].isascii()
            assert element.attrib["href"].isprintable()
            assert "\\" not in element.attrib["href"]


def links(text):
    return [element.attrib["href"] for element in elements(render(text)) if element.tag == "a"]


# What people can write


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("", ""),
        ("Hei", "<p>Hei</p>\n"),
        ("Én\nto\n\ntre", "<p>Én<br>\nto</p>\n<p>tre</p>\n"),
        ("**viktig** og *bra* og _fint_", "<p><strong>viktig</strong> og <em>bra</em> og <em>fint</em></p>\n"),
        ("- en\n- to", "<ul>\n<li>en</li>\n<li>to</li>\n</ul>\n"),
        ("3. tre\n4. fire", '<ol start="3">\n<li>tre</li>\n<li>fire</li>\n</ol>\n'),
        ("> sitat", "<blockquote>\n<p>sitat</p>\n</blockquote>\n"),
        ("\\*ikke kursiv\\*", "<p>*ikke kursiv*</p>\n"),
        ("AT&amp;T < 3 & > 2", "<p>AT&amp;amp;T &lt; 3 &amp; &gt; 2</p>\n"),
        ("# Stor\n\ntekst", "<p><strong>Stor</strong></p>\n<p>tekst</p>\n"),
        ("###### Liten", "<p><strong>Liten</strong></p>\n"),
        ("Stor\n====", "<p>Stor<br>\n====</p>\n"),
        ("`kode`", "<p>`kode`</p>\n"),
        ("    innrykk", "<p>innrykk</p>\n"),
        ("```\nkode\n```", "<p>```<br>\nkode<br>\n```</p>\n"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "<p>| a | b |<br>\n|---|---|<br>\n| 1 | 2 |</p>\n"),
        ("<b>fet</b>", "<p>&lt;b&gt;fet&lt;/b&gt;</p>\n"),
    ],
)
def test_the_small_markdown(written, shown):
    assert render(written) == shown


def test_a_picture_is_not_shown():
    assert {element.tag for element in elements(render("![bilde](https://eksempel.no/a.png)"))} == {"p", "a"}


def test_a_link_without_words_shows_its_address():
    assert ">https://a.no<" in render("[ ](https://a.no)")


def test_a_link_says_that_it_is_from_a_person():
    assert render('[se her](https://eksempel.no "tittel")') == (
        '<p><a href="https://eksempel.no" rel="nofollow noopener ugc">se her</a></p>\n'
    )


@pytest.mark.parametrize(
    ("written", "addresses"),
    [
        ("Se https://asker.kommune.no.", ["https://asker.kommune.no"]),
        ("(https://asker.kommune.no/a)", ["https://asker.kommune.no/a"]),
        ("https://no.wikipedia.org/wiki/Asker_(kommune)", ["https://no.wikipedia.org/wiki/Asker_(kommune)"]),
        ("«https://a.no/b_c_d?e=1&f=2#g»", ["https://a.no/b_c_d?e=1&f=2#g"]),
        ("http://a.no, https://b.no!", ["http://a.no", "https://b.no"]),
        ("**https://a.no**", ["https://a.no"]),
        ("HTTPS://A.NO/x", ["HTTPS://A.NO/x"]),
        ("https://blåbær.no/saft og sånt", ["https://xn--blbr-roah.no/saft"]),
        ("<https://a.no/b>", ["https://a.no/b"]),
        ("<post@a.no>", ["mailto:post@a.no"]),
        ("[post](mailto:post@a.no)", ["mailto:post@a.no"]),
        ("[https://a.no](https://b.no)", ["https://b.no"]),
        ("[a https://a.no b](https://b.no)", ["https://b.no"]),
        ("[](https://a.no)", ["https://a.no"]),
        ("[her]()", []),
        ("asker.kommune.no", []),
        ("www.asker.no", []),
        ("post@a.no", []),
        ("xhttps://a.no", []),
        ("https://", []),
        ("https://...", []),
        ("https:a.no", []),
    ],
)
def test_addresses_become_links(written, addresses):
    assert links(written) == addresses
    assert_safe(render(written))


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "javascript:1",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
        "java&#10;script:alert(1)",
        "&#106;avascript:alert(1)",
        "\x01javascript:alert(1)",
        "vbscript:msgbox(1)",
        "data:text/html;base64,PHNjcmlwdD4=",
        "data:image/png;base64,AAAA",
        "file:///etc/passwd",
        "ftp://a.no",
        "tel:12345678",
        "//ond.no",
        "///ond.no",
        "\\\\ond.no",
        "/\\ond.no",
        "https:\\\\ond.no",
        "https:/ond.no",
        "https:ond.no",
        "https:///ond.no",
        "https://asker.no@ond.no",
        "https://bruker:passord@ond.no",
        "https://asker.no\\@ond.no",
        "/konto/slett",
        "ideer",
        "?x=1",
        "#x",
        "",
        "mailto:",
        "mailto:a@b.no?bcc=c@d.no&body=x",
        "mailto:a@b.no,c@d.no",
    ],
)
@pytest.mark.parametrize("form", ["[her]({})", "[her](<{}>)", "<{}>", "{}", "[her]: {}\n\n[her]"])
def test_a_link_to_anything_else_is_no_link(target, form):
    html = render(form.format(target))
    assert_safe(html)
    assert links(form.format(target)) in ([], ["mailto:a@b.no"])  # a bare address keeps what stands before its comma


# What people may try


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_and_nothing_more(text):
    assert_safe(render(text))


def test_all_hostile_text_in_one_is_shown_and_nothing_more():
    assert_safe(render("\n".join(HOSTILE)))
    assert_safe(render("\n\n".join(HOSTILE)))


_MARKUP = "<>&\"'`*_[]()!\\#-+.:/@~|= \n\tåæø1"
_PARTS = ["\n\n", "\n> ", "\n- ", "\n1. ", "](", "**", "https://a.no", "javascript:", "mailto:a@b.no", "&#106;", "&lt;"]
_HTML = ["<script>", "</p>", "<a href=", "<!--", "]]>", "\x00", "\u202e", "\u2028"]
_PIECES = st.sampled_from([*_MARKUP, *_PARTS, *_HTML])


@settings(deadline=None)
@given(st.lists(_PIECES, max_size=60).map("".join))
def test_whatever_is_written_the_html_is_whole_and_safe(text):
    assert_safe(render(text))


@settings(deadline=None)
@given(st.text())
def test_whatever_letters_are_written_the_html_is_whole_and_safe(text):
    assert_safe(render(text))


# How much it may cost


PATHOLOGICAL = {
    "brackets": "[",
    "links begun": "[a](",
    "links in links": "[a",
    "pictures": "![",
    "empty links": "[]()",
    "bracket and star": "[*",
    "bracket and angle": "[<",
    "angles": "<",
    "angles with scheme": "<a:",
    "emphasis begun": "*a ",
    "strong and emphasis": "**a *",
    "stars and underscores": "*_",
    "mixed emphasis": "*a_ ",
    "strong": "**x",
    "stars": "***",
    "quotes": "> ",
    "quotes without space": ">",
    "lists": "- ",
    "numbers": "1. ",
    "backslashes": "\\",
    "addresses": "http://",
    "addresses with brackets": "http://a(",
    "address and full stops": "https://a....",
    "lines": "a\n",
    "headings": "# a\n",
    "list of lists": "- - a\n",
    "marks": "a\u0301\u0316",
    "entities": "&#0;",
}


def _tokens(text):
    blocks = richtext._markdown.parse(text)
    return [*blocks, *(child for block in blocks for child in block.children or ())]


def _calls(text):
    """Count the calls of Python functions that showing a text takes: work without a clock."""
    count = 0

    def profile(_frame, event, _arg):
        nonlocal count
        count += event == "call"

    sys.setprofile(profile)
    try:
        render.__wrapped__(text)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("piece", PATHOLOGICAL.values(), ids=PATHOLOGICAL.keys())
def test_hostile_letters_take_work_in_proportion_to_their_number(piece):
    many = piece * (10_000 // len(piece))
    assert len(_tokens(many)) <= 2 * len(many)
    half, whole = piece * (1_000 // len(piece)), piece * (2_000 // len(piece))
    assert _calls(whole) <= 2.5 * _calls(half) + 1_000
    assert len(render(whole)) <= 30 * len(whole)
    assert_safe(render(whole))


@pytest.mark.parametrize(
    "text",
    [
        "> " * 5_000 + "a",
        "- " * 5_000 + "a",
        "\n".join("> " * depth + "a" for depth in range(100)),
        "\n".join("  " * depth + "- a" for depth in range(100)),
        "**a " * 2_500 + "a** " * 2_500,
        "*a **b " * 1_000 + "b** a* " * 1_000,
        "[" * 5_000 + "](https://a.no)" * 500,
    ],
)
def test_nesting_is_bounded(text):
    html = render(text)
    root = html5lib.parseFragment(str(html), namespaceHTMLElements=False)
    assert _depth(root) <= richtext.MAX_NESTING + richtext.MAX_EMPHASIS + 3
    assert_safe(html)


def _depth(element: ET.Element) -> int:
    deepest, level = 0, [element]
    while level:
        deepest, level = deepest + 1, [child for parent in level for child in parent]
    return deepest


# Without markup


def test_plain_text_keeps_paragraphs_and_lists():
    text = "# Hei\n\n**Vi** vil\nha benker:\n\n- lys\n- *varme*\n\n1. én\n2. to\n\n> Se [her](https://a.no) & der"
    assert plain(text) == "Hei\n\nVi vil\nha benker:\n\n- lys\n- varme\n\n1. én\n2. to\n\nSe her & der"


def test_plain_text_keeps_what_looks_like_html():
    assert plain("a < b & c > d <b>x</b>") == "a < b & c > d <b>x</b>"


def test_an_excerpt_is_one_line_cut_between_words():
    text = "**Benker** ved fjorden,\n\n- og lys langs hele stien"
    assert excerpt(text, 100) == "Benker ved fjorden, - og lys langs hele stien"
    assert excerpt(text, 20) == "Benker ved fjorden…"
    assert excerpt("x" * 300, 10) == "xxxxxxxxx…"


@settings(deadline=None)
@given(st.text(), st.integers(min_value=1, max_value=60))
def test_an_excerpt_is_never_too_long(text, length):
    short = excerpt(text, length)
    assert len(short) <= length
    assert "\n" not in short


# Cleaning what comes in


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("  Flere\tbenker \r\n ved  fjorden ", "Flere benker ved fjorden"),
        ("Emne\r\nBcc: alle@a.no", "Emne Bcc: alle@a.no"),
        ("a\x00b\x1bc\x7fd\x9fe", "abcde"),
        ("a\x0bb\x0cc\x85d\u2028e\u2029f\xa0g", "a b c d e f g"),
        ("regning\u202egnp.exe\u202c og \u2066x\u2069", "regninggnp.exe og x"),
        ("sk\u200bjult\ufeff ord\u2060", "skjult ord"),
        ("A\u030asane", "Åsane"),
        ("halv \ud83d bokstav", "halv bokstav"),
        ("👩\u200d👧 mi\u200cnim", "👩\u200d👧 mi\u200cnim"),
        ("z\u0301\u0316\u0317\u0318\u0319\u031ca", "ź\u0316\u0317\u0318a"),
        ("שלום \u200fمرحبا", "שלום \u200fمرحبا"),
    ],
)
def test_a_line_is_cleaned(typed, line):
    assert clean_line(typed) == line


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("en\r\nto\rtre\u2028fire", "en\nto\ntre\nfire"),
        ("\n\n en  \n\n\n \n\nto\n\n", " en\n\nto"),
        ("a\tb\x00c\u202e", "a bc"),
        ("A\u030asane", "Åsane"),
    ],
)
def test_a_text_is_cleaned_line_by_line(typed, text):
    assert clean_text(typed) == text


_ODD = "a \t\r\n\x0b\x1c\x1f\x85\u0301\u0316\u0344\u2028\u202e\ud800"
_ANY = st.text(st.characters(codec=None) | st.sampled_from(_ODD))


@pytest.mark.parametrize("clean", [clean_line, clean_text])
@settings(deadline=None)
@given(typed=_ANY)
def test_cleaning_twice_is_cleaning_once(clean, typed):
    once = clean(typed)
    assert clean(once) == once
    once.encode("utf-8")


@settings(deadline=None)
@given(_ANY)
def test_a_line_has_no_line_break_of_any_kind(typed):
    assert len(clean_line(typed).splitlines()) <= 1
