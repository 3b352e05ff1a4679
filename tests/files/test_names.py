"""Names made safe, in headers too."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.http import parse_options_header

from portal.files.names import disposition, safe_name


@pytest.mark.parametrize(
    ("given_name", "safe"),
    [
        ("Søknad om støtte til blåbærpai.docx", "Søknad om støtte til blåbærpai.pdf"),
        ("Čáhci ja ŋuorra.pdf", "Čáhci ja ŋuorra.pdf"),
        ("C:\\Users\\Kari\\Skrivebord\\brev.pdf", "brev.pdf"),
        ("/home/kari/brev.pdf", "brev.pdf"),
        ("../../../etc/passwd", "passwd.pdf"),
        ("..", "fil.pdf"),
        ("", "fil.pdf"),
        (".htaccess", "htaccess.pdf"),
        ("   .pdf", "pdf.pdf"),
        ("brev.pdf.exe", "brev-pdf.pdf"),
        ("versjon 1.2.pdf", "versjon 1,2.pdf"),
        ("con.pdf", "fil con.pdf"),
        ("LPT1", "fil LPT1.pdf"),
        ("faktura\u202efdp.exe", "fakturafdp.pdf"),
        ("a\u200bb\u2066c\ufeff.pdf", "abc.pdf"),
        ("linje\r\nSet-Cookie: x=1.pdf", "linje Set-Cookie- x-1.pdf"),
        ("null\x00byte.pdf", "nullbyte.pdf"),
        ('"><script>alert(1)</script>.pdf', "script.pdf"),
        ("a<b>c|d?e*f:g.pdf", "a-b-c-d-e-f-g.pdf"),
        ("100 % enig; nå! #1 ${x}.pdf", "100 - enig- nå- -1 -x.pdf"),
        ("Kåre", "Kåre.pdf"),
        (unicodedata.normalize("NFD", "blåbær.pdf"), "blåbær.pdf"),
    ],
)
def test_a_name_is_made_safe(given_name: str, safe: str) -> None:
    assert safe_name(given_name, ".pdf") == safe


@given(st.text(max_size=400))
def test_no_name_is_unsafe_and_none_changes_the_second_time(given_name: str) -> None:
    safe = safe_name(given_name, ".pdf")
    assert safe.endswith(".pdf")
    assert len(safe) <= 120
    assert len(safe.encode()) <= 255
    assert safe.count(".") == 1
    assert not set(safe) & set('/\\<>"|?*:;%#\x00\r\n\t')
    assert not any(unicodedata.category(each) in {"Cc", "Cs", "Zl", "Zp"} for each in safe)
    assert not any("\u202a" <= each <= "\u202e" or "\u2066" <= each <= "\u2069" for each in safe)
    assert safe_name(safe, ".pdf") == safe


@given(st.text(max_size=200), st.booleans())
def test_the_header_is_one_line_of_ascii_that_says_the_name(given_name: str, inline: bool) -> None:
    name = safe_name(given_name, ".pdf")
    header = disposition(name, inline=inline)
    assert header.isascii()
    assert not set(header) & {"\r", "\n", "\x00"}
    kind, options = parse_options_header(header)
    assert kind == ("inline" if inline else "attachment")
    assert options["filename"] == name


def test_an_old_program_gets_letters_it_knows() -> None:
    assert disposition("Blåbær på øya.pdf", inline=False) == (
        "attachment; filename=\"Blabaer pa oya.pdf\"; filename*=UTF-8''Bl%C3%A5b%C3%A6r%20p%C3%A5%20%C3%B8ya.pdf"
    )
