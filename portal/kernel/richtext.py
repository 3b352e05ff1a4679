"""Text from people: cleaned when it comes in, and a small part of Markdown turned into safe HTML when it is shown."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import takewhile
from typing import Any

import bleach
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markupsafe import Markup

TAGS = frozenset({"a", "blockquote", "br", "em", "li", "ol", "p", "strong", "ul"})
ATTRIBUTES = {"a": ["href", "rel"], "ol": ["start"]}
PROTOCOLS = frozenset({"http", "https", "mailto"})
MAX_NESTING = 20
"""Lists and quotes inside each other; what lies deeper is left out."""
MAX_EMPHASIS = 4
MAX_MARKS = 4
"""Combining marks on one letter: no language needs more, and long runs make both letters and normalisation run wild."""


@lru_cache(maxsize=1000)  # bleach takes 6 ms for a thousand letters: too much for a page of comments
def render(text: str) -> Markup:
    """Return the HTML of a person's text: paragraphs, line breaks, bold, italic, lists, quotes and links.

    A heading becomes a paragraph in bold, so that it never outranks the page's own. All else is shown as written.
    """
    html = _markdown.render(clean_text(text))
    # The second wall: the parser makes nothing but these tags, and if it ever does, they go no further.
    return Markup(bleach.clean(html, tags=TAGS, attributes=ATTRIBUTES, protocols=PROTOCOLS, strip=True))  # noqa: S704


def plain(text: str) -> str:
    """Return the text without its markup, for mail and search: paragraphs apart, list items with their marks."""
    written, mark, gap = "", "", ""
    for token in _markdown.parse(clean_text(text)):
        if token.type == "list_item_open":
            mark = f"{token.info}{token.markup} "
        elif token.type == "inline":
            written += gap + mark + _words(token.children or ())
            mark, gap = "", "\n"
        elif token.level == 0 and written:
            gap = "\n\n"
    return written


def excerpt(text: str, length: int = 200) -> str:
    """Return the beginning of the text in one line of at most `length` characters, cut between words."""
    line = " ".join(plain(text).split())
    if len(line) <= length:
        return line
    cut = line[:length].rsplit(" ", 1)[0][: length - 1]
    return cut.rstrip(" ,.;:–-") + "…"


def clean_line(text: str) -> str:
    """Return the text as one line: nothing unseen, single spaces for whitespace, composed letters (NFC)."""
    return " ".join(_visible(text).split())


def clean_text(text: str) -> str:
    """Return the text in lines that end with `\\n` and at most one blank line in a row, cleaned as by `clean_line`."""
    lines = (line.replace("\t", " ").rstrip() for line in _visible(text).splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


# Control characters but those that part words or lines, halves of characters, what turns the direction of writing, and
# what has no width and hides words from the eye or from a filter. Joiners (U+200C, U+200D) are parts of words.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\u200b\u2060\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)


def _visible(text: str) -> str:
    # Marks are cut before, because a long run takes the square of its length to normalise, and after, when more appear.
    return _few_marks(unicodedata.normalize("NFC", _few_marks(_UNSEEN.sub("", text))))


def _few_marks(text: str) -> str:
    if not any(map(unicodedata.combining, text)):
        return text
    kept, marks = [], 0
    for character in text:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= MAX_MARKS:
            kept.append(character)
    return "".join(kept)


# A whole address with a host (or a mailbox) and nothing that reads differently to a person and to a browser.
_LINK = re.compile(
    r"""https?://[^\s/?#@\\:"'<>`]+(:[0-9]{1,5})?([/?#][^\s\\"'<>`]*)?
      | mailto:[^\s@/?#\\"'<>`:,;&]+@[^\s@/?#\\"'<>`:,;&]+""",
    re.IGNORECASE | re.VERBOSE,
)
# A bracket belongs to an address only when it is closed in it.
_PART = r"""[^\s\\"'<>`«»“”()\[\]]"""
_BARE_LINK = re.compile(rf"(?<![\w+.-])https?://(?:{_PART}|\({_PART}*\))+(?<![.,;:!?*_~])", re.IGNORECASE)


class _Markdown(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802 - the library's name
        return _LINK.fullmatch(url) is not None


class _Renderer(RendererHTML):
    def heading_open(self, *_: Any) -> str:
        return "<p><strong>"

    def heading_close(self, *_: Any) -> str:
        return "</strong></p>\n"


def _tidy(state: StateCore) -> None:
    """Bound the emphasis inside emphasis, check every link once more, and make links of addresses in the text."""
    for block in state.tokens:
        if block.children:
            block.children = list(_tidied(state.md, filter(_is_shallow, block.children)))


def _is_shallow(token: Token) -> bool:
    return token.tag not in {"em", "strong"} or token.level < MAX_EMPHASIS


def _tidied(markdown: MarkdownIt, tokens: Iterator[Token]) -> Iterator[Token]:
    for token in tokens:
        if token.type == "link_open":
            label = list(takewhile(lambda inside: inside.type != "link_close", tokens))
            yield from _link(markdown, str(token.attrs["href"]), label)
        elif token.type == "text":
            yield from _split(markdown, token.content)
        else:
            yield token


def _split(markdown: MarkdownIt, text: str) -> Iterator[Token]:
    done = 0
    for found in _BARE_LINK.finditer(text):
        yield _text(text[done : found.start()])
        yield from _link(markdown, markdown.normalizeLink(found.group()), [_text(found.group())])
        done = found.end()
    yield _text(text[done:])


def _link(markdown: MarkdownIt, address: str, label: list[Token]) -> Iterator[Token]:
    if not markdown.validateLink(address):  # the parser doesn't ask about an empty address
        yield from label
        return
    yield Token("link_open", "a", 1, attrs={"href": address, "rel": "nofollow noopener ugc"})
    yield from label if _words(label).strip() else [_text(address)]
    yield Token("link_close", "a", -1)


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


def _words(tokens: Sequence[Token]) -> str:
    return "".join("\n" if token.type in {"softbreak", "hardbreak"} else token.content for token in tokens)


_markdown = _Markdown("zero", {"html": False, "breaks": True, "maxNesting": MAX_NESTING}, renderer_cls=_Renderer)
_markdown.enable(["blockquote", "heading", "list", "autolink", "emphasis", "escape", "link", "newline"])
_markdown.core.ruler.push("tidy", _tidy)
