"""What comes from other portals: an honest item is read, and each kind of lie is refused with its reason."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.partners.incoming import (
    DEPTH,
    ITEM_BYTES,
    PAGE_ITEMS,
    REASONS,
    TEXT,
    Known,
    Reason,
    Refused,
    Sender,
    check_order,
    identify,
    read_adoption,
    read_page,
    read_solution,
)
from portal.partners.wire import SolutionItem, content_hash

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
BASE = "https://portal.baerum.example"
HOME = "https://portal.asker.example"
SENDER = Sender(BASE, "3201")
WORDS = {"language": "nb", "title": "Middag sammen", "problem": "Eldre spiser for lite.", "core": "Spis sammen."}
CONTENT: dict[str, Any] = {
    "words": WORDS,
    "theme": "health",
    "cost_class": "low",
    "evidence": "told",
    "size": "large",
    "contact_title": "Rådgiver",
    "used_since": "2024-01-01",
    "goals": [3],
    "indicators": ["1.8"],
    "translations": [WORDS | {"language": "nn"}],
}


def said(content: dict[str, Any] | None = None, **changes: Any) -> bytes:
    """Return a solution as it stands in a feed."""
    told = CONTENT if content is None else content
    honest = {
        "id": f"{BASE}/losninger/17",
        "version": 2,
        "updated": "2026-11-22T11:00:00Z",
        "source": {"municipality_number": "3201", "name": "Bærum kommune"},
        "licence": "CC-BY-4.0",
        "content_hash": content_hash(told),
        "content": told,
    }
    return json.dumps(honest | changes).encode()


def words(**texts: str) -> dict[str, Any]:
    return CONTENT | {"words": WORDS | texts}


def adoption(**changes: Any) -> bytes:
    """Return what a partner tells of taking a solution of ours in use."""
    honest = {
        "id": f"{BASE}/losninger/4#bruk-7",
        "solution": f"{HOME}/losninger/17",
        "updated": "2026-11-22T11:00:00Z",
        "adopter": {"kind": "municipality", "name": "Bærum kommune", "municipality_number": "3201"},
        "step": "in_use",
        "of_version": 1,
        "way": "adapted",
        "in_use_since": "2026-10-01",
    }
    return json.dumps(honest | changes).encode()


def reason(raw: bytes) -> Reason | None:
    """Return why a solution is refused; None when it is read."""
    try:
        read_solution(raw, SENDER, NOW)
    except Refused as error:
        return error.reason
    return None


def adoption_reason(raw: bytes) -> Reason | None:
    try:
        read_adoption(raw, SENDER, HOME, NOW)
    except Refused as error:
        return error.reason
    return None


def test_an_honest_solution_is_read_as_it_was_told() -> None:
    item = read_solution(said(), SENDER, NOW)
    assert item.content is not None
    assert (item.version, item.licence, item.content.words.title) == (2, "CC-BY-4.0", "Middag sammen")
    assert [each.language for each in item.content.translations] == ["nn"]


def test_texts_are_cleaned_on_the_way_in() -> None:
    item = read_solution(said(words(title="  Middag\u200b \x07 sammen ", core="a\r\n\n\n\nb")), SENDER, NOW)
    assert item.content is not None
    assert (item.content.words.title, item.content.words.core) == ("Middag sammen", "a\n\nb")


def test_a_tombstone_needs_nothing_but_what_it_is_of() -> None:
    item = read_solution(said(deleted=True, content=None, content_hash="", licence=""), SENDER, NOW)
    assert item.deleted
    assert item.content is None


def test_what_has_no_content_and_is_no_tombstone_is_refused() -> None:
    assert reason(json.dumps(json.loads(said()) | {"content": None}).encode()) is Reason.MISSING


def test_what_stands_beside_a_tombstone_is_not_kept() -> None:
    assert read_solution(said(deleted=True), SENDER, NOW).content is None


@pytest.mark.parametrize(
    ("changes", "because"),
    [
        ({"id": "https://portal.lier.example/losninger/17"}, Reason.WRONG_HOST),
        ({"id": f"{BASE}.lier.example/losninger/17"}, Reason.WRONG_HOST),
        ({"id": f"{BASE}@lier.example/losninger/17"}, Reason.WRONG_HOST),
        ({"id": f"{BASE}/losninger/17/../../x"}, Reason.WRONG_HOST),
        ({"id": f"{BASE}/losninger/17\n"}, Reason.WRONG_HOST),
        ({"id": f"{BASE}/losninger/0"}, Reason.WRONG_HOST),
        ({"source": {"municipality_number": "0301", "name": "Oslo kommune"}}, Reason.NOT_THEIRS),
        ({"source": {"municipality_number": "3203", "name": "Asker kommune"}}, Reason.NOT_THEIRS),
        ({"content_hash": "0" * 64}, Reason.HASH),
        ({"content_hash": ""}, Reason.HASH),
        ({"licence": "All rights reserved"}, Reason.LICENCE),
        ({"licence": "CC-BY-NC-4.0"}, Reason.LICENCE),
        ({"licence": ""}, Reason.LICENCE),
        ({"updated": "2026-11-22T12:11:00Z"}, Reason.FUTURE),
        ({"updated": "9999-12-31T23:59:59Z"}, Reason.FUTURE),
        ({"updated": "9999-12-31T23:59:59-12:00"}, Reason.FUTURE),
        ({"updated": "0001-01-01T00:00:00+12:00"}, Reason.SHAPE),
        ({"updated": "2026-11-22T11:00:00"}, Reason.SHAPE),
        ({"updated": "yesterday"}, Reason.SHAPE),
        ({"updated": 1}, Reason.SHAPE),
        ({"version": 0}, Reason.SHAPE),
        ({"version": 2**31}, Reason.SHAPE),
        ({"version": 10**30}, Reason.SHAPE),
        ({"version": "2"}, Reason.SHAPE),
        ({"version": True}, Reason.SHAPE),
        ({"source": None}, Reason.SHAPE),
        ({"id": 17}, Reason.SHAPE),
    ],
)
def test_a_lie_about_what_it_is_is_refused(changes: dict[str, Any], because: Reason) -> None:
    assert reason(said(**changes)) is because


@pytest.mark.parametrize(
    ("content", "because"),
    [
        (words(title=""), Reason.MISSING),
        (words(title=" \u200b "), Reason.MISSING),
        (words(problem=""), Reason.MISSING),
        (words(core="\n\n"), Reason.MISSING),
        (words(title="x" * 201), Reason.TOO_LONG),
        (words(risk="x" * (TEXT + 1)), Reason.TOO_LONG),
        (words(risk="\u200b" * 20_000), Reason.TOO_LONG),
        (words(language="xx"), Reason.UNKNOWN),
        (CONTENT | {"theme": "weather"}, Reason.UNKNOWN),
        (CONTENT | {"size": "huge"}, Reason.UNKNOWN),
        (CONTENT | {"goals": [18]}, Reason.UNKNOWN),
        (CONTENT | {"goals": list(range(-5, 5))}, Reason.UNKNOWN),
        (CONTENT | {"indicators": ["1.8; DROP TABLE"]}, Reason.UNKNOWN),
        (CONTENT | {"indicators": ["1.1"] * 40}, Reason.UNKNOWN),
        (CONTENT | {"used_since": "2026-12-01"}, Reason.FUTURE),
        (CONTENT | {"used_since": "0001-01-01"}, Reason.SHAPE),
        (CONTENT | {"translations": [WORDS]}, Reason.SHAPE),
        (CONTENT | {"translations": [WORDS | {"language": "nn", "core": "<script>x</script>"}]}, Reason.MARKUP),
        (CONTENT | {"contact_title": "<b>Ring</b>"}, Reason.MARKUP),
        (CONTENT | {"words": "Middag"}, Reason.SHAPE),
        ({}, Reason.SHAPE),
    ],
)
def test_what_a_solution_says_is_checked_field_by_field(content: dict[str, Any], because: Reason) -> None:
    assert reason(said(content)) is because


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<SCRIPT src=//x.example>",
        "<scr\u200bipt>alert(1)</script>",
        "<img src=x onerror=alert(1)",
        "<svg/onload=alert(1)>",
        "<iframe srcdoc='x'>",
        "</textarea><b>",
        "<a href='https://x.example'>x</a>",
        "<!-- x -->",
        "<!doctype html>",
        "<?xml version='1.0'?><x>",
        "<x-own onclick=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt :alert(1))",
        "[x](vbscript:x)",
        "[x](data:text/html;base64,PHg+)",
        "[x](<data:text/html,x>)",
    ],
)
def test_html_and_script_are_refused_wherever_they_stand(text: str) -> None:
    assert reason(said(words(summary=f"Først litt tekst. {text}"))) is Reason.MARKUP


@pytest.mark.parametrize(
    "text",
    [
        "p < 0,05 og n > 30",
        "Vi er glade <3",
        "Hvis a<b, er c størst",
        "Se <https://ks.no> eller <post@ks.no>.",
        "**Fet**, _kursiv_ og [lenke](https://ks.no)",
        "- en\n- to",
        "Vi samlet data: alder og kjønn.",
        "JavaScript er et språk",
        "x" * TEXT,
    ],
)
def test_what_people_write_is_let_through(text: str) -> None:
    assert reason(said(words(summary=text))) is None


def test_size_and_depth_are_bounded_before_anything_is_read() -> None:
    assert reason(said(CONTENT | {"more": "x" * ITEM_BYTES})) is Reason.TOO_LARGE
    deep: Any = "x"
    for _ in range(DEPTH):
        deep = [deep]
    assert reason(said(CONTENT | {"more": deep})) is Reason.TOO_DEEP
    assert reason(b"[" * 100_000) in {Reason.TOO_DEEP, Reason.NOT_JSON}
    assert reason(b'{"a":' * 50_000) in {Reason.TOO_DEEP, Reason.NOT_JSON}


@pytest.mark.parametrize("raw", [b"", b"nonsense", b'{"id":', b"\xff\xfe", b'{"id": "\\ud800"}', b'{"version": 1e999}'])
def test_what_is_no_json_is_refused(raw: bytes) -> None:
    assert reason(raw) is Reason.NOT_JSON


@pytest.mark.parametrize("raw", [b"null", b"[]", b"17", b'"x"'])
def test_what_is_no_object_is_refused(raw: bytes) -> None:
    assert reason(raw) is Reason.SHAPE


@given(st.binary(max_size=300))
def test_no_bytes_whatever_do_more_than_be_refused(raw: bytes) -> None:
    assert reason(raw) in REASONS
    identify(raw)


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
FIELDS = ["id", "version", "updated", "source", "deleted", "licence", "content_hash", "content"]


@given(st.sampled_from(FIELDS), ANY_JSON)
def test_no_value_in_any_field_does_more_than_be_refused(field: str, value: Any) -> None:
    raw = json.dumps(json.loads(said()) | {field: value}).encode("utf-8", errors="replace")
    assert reason(raw) in {None, *REASONS}


@given(st.sampled_from([*CONTENT, "core", "language"]), ANY_JSON)
def test_no_value_in_the_content_does_more_than_be_refused(field: str, value: Any) -> None:
    try:
        raw = said(CONTENT | {field: value} if field in CONTENT else words(**{field: value}))
    except UnicodeEncodeError:  # half a character can't even be hashed
        return
    assert reason(raw) in {None, *REASONS}


def test_a_source_never_says_less_than_before() -> None:
    item = read_solution(said(), SENDER, NOW)
    an_hour = timedelta(hours=1)
    check_order(item, None)
    check_order(item, Known(2, item.updated))
    for known in (Known(3, item.updated), Known(2, item.updated + an_hour), Known(3, item.updated - an_hour)):
        with pytest.raises(Refused) as refused:
            check_order(item, known)
        assert refused.value.reason is Reason.BACKWARDS


def test_a_page_is_read_with_its_items_unread() -> None:
    page = read_page(b'{"items":[{"x":1},[],"nonsense"],"next":"a.3","cursor":"a.3"}')
    assert list(page.items) == [b'{"x":1}', b"[]", b'"nonsense"']
    assert (page.next, page.cursor) == ("a.3", "a.3")


@pytest.mark.parametrize(
    "content",
    [
        b"<html>",
        b"[]",
        b'{"items": 1}',
        b'{"items":[}',
        b'{"items":[],"next":7}',
        b'{"items":[' + b",".join([b"1"] * (PAGE_ITEMS + 1)) + b"]}",
        b'{"items":[],"next":"' + b"x" * 300 + b'"}',
        b'{"items":' * 50_000,
    ],
)
def test_a_page_that_cannot_be_one_is_refused(content: bytes) -> None:
    with pytest.raises(Refused):
        read_page(content)


def test_an_item_is_named_in_the_log_as_far_as_it_can_be_read() -> None:
    assert identify(said()) == f"{BASE}/losninger/17"
    assert identify(b'{"id": "a\\u0000\\n<b>"}') == "a <b>"
    assert [identify(raw) for raw in (b"x", b"[]", b'{"id": 1}', b"{}")] == [""] * 4
    assert len(identify(json.dumps({"id": "x" * 5000}).encode())) <= 400


def test_an_honest_adoption_is_read_and_cleaned() -> None:
    item = read_adoption(adoption(result="Sju av ti\u200b er med."), SENDER, HOME, NOW)
    assert (item.step, item.result, item.adopter.name) == ("in_use", "Sju av ti er med.", "Bærum kommune")


@pytest.mark.parametrize(
    ("changes", "because"),
    [
        ({"id": "https://portal.lier.example/losninger/4#bruk-7"}, Reason.WRONG_HOST),
        ({"id": f"{BASE}/" + "x" * 300}, Reason.WRONG_HOST),
        ({"solution": f"{BASE}/losninger/17"}, Reason.WRONG_HOST),
        ({"solution": f"{HOME}/losninger/17?x=1"}, Reason.WRONG_HOST),
        (
            {"adopter": {"kind": "municipality", "name": "Oslo kommune", "municipality_number": "0301"}},
            Reason.NOT_THEIRS,
        ),
        ({"adopter": {"kind": "person", "name": "Kari", "municipality_number": "3201"}}, Reason.UNKNOWN),
        ({"adopter": {"kind": "unit", "name": " ", "municipality_number": "3201"}}, Reason.MISSING),
        ({"adopter": {"kind": "unit", "name": "<b>x</b>", "municipality_number": "3201"}}, Reason.MARKUP),
        ({"step": "dreaming"}, Reason.UNKNOWN),
        ({"way": None}, Reason.MISSING),
        ({"way": "stolen"}, Reason.UNKNOWN),
        ({"in_use_since": None}, Reason.MISSING),
        ({"in_use_since": "2027-01-01"}, Reason.FUTURE),
        ({"stopped_on": "2027-01-01"}, Reason.FUTURE),
        ({"updated": "2027-01-01T00:00:00Z"}, Reason.FUTURE),
        ({"result": "<script>"}, Reason.MARKUP),
        ({"learning": "x" * 6000}, Reason.TOO_LONG),
        ({"language": "se"}, Reason.UNKNOWN),
        ({"of_version": 0}, Reason.SHAPE),
    ],
)
def test_a_lie_about_an_adoption_is_refused(changes: dict[str, Any], because: Reason) -> None:
    assert adoption_reason(adoption(**changes)) is because


@given(st.sampled_from(["id", "solution", "adopter", "step", "way", "in_use_since", "result", "updated"]), ANY_JSON)
def test_no_value_in_an_adoption_does_more_than_be_refused(field: str, value: Any) -> None:
    raw = json.dumps(json.loads(adoption()) | {field: value}).encode("utf-8", errors="replace")
    assert adoption_reason(raw) in {None, *REASONS}


def test_every_reason_has_its_words() -> None:
    assert set(REASONS) == set(Reason)
    assert SolutionItem.__dataclass_fields__.keys() >= set(FIELDS)
