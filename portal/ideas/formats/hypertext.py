"""HTML from other portals, made into the small part of Markdown that people write here: no tag or script is left."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import unescape

from portal.kernel.richtext import clean_text

MAX_DEPTH = 30
"""Elements inside each other; deeper ones are taken as their text."""

# No attribute may hold `<`: a tag is then looked for no further than to the next one, and time grows with the length
# alone. (The standard library's parser takes minutes for 60,000 letters of «<a ».)
_TAG = re.compile(r"""<(/?)([a-zA-Z][a-zA-Z0-9]*)((?:[^<>"']|"[^"<]*"|'[^'<]*')*+)>""")
_LOOKS = re.compile(
    r"</?(?:p|br|div|ul|ol|li|strong|em|b|i|u|a|h[1-6]|blockquote|span|img|iframe|script|table|tr|td)\b[^<>]*>",
    re.IGNORECASE,
)
_HREF = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_LINK = re.compile(r"(?:https?://|mailto:)[^\s()<>\\\"'`]+", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\r\n\f]+")
_RUN = re.compile("(?<=[^ ]) {2,}")
_LISTED = re.compile(r" *(?:-|\d+\.) ")
_MARK = re.compile(r"[\\*\[\]]|(?<!\w)_|_(?!\w)")

_UNSEEN = frozenset({"script", "style", "template", "iframe", "object", "noscript", "svg", "math", "title", "textarea"})
_EMPTY = frozenset({"br", "hr", "img", "input", "meta", "link", "source", "col", "wbr", "embed", "area", "base"})
_BLOCKS = frozenset(
    {"p", "div", "ul", "ol", "table", "tr", "pre", "section", "article", "figure", "figcaption", "dl", "dt", "dd"}
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


def looks_like_html(text: str) -> bool:
    """Say whether a text has tags in it."""
    return _LOOKS.search(text) is not None


def from_html(html: str) -> str:
    """Return the text of HTML as Markdown: paragraphs, lists, quotes, bold, italic and links are kept, no tags."""
    page = [_Element("")]
    hidden = ""
    for text, closing, name, attributes in _pieces(_without_comments(html)):
        if hidden:
            hidden = "" if closing and name == hidden else hidden
            continue
        page[-1].parts.append(_words(text))
        if closing:
            _close(page, name)
        elif name in _UNSEEN:
            hidden = name
        elif name in _EMPTY:
            page[-1].parts.append({"br": "\n", "hr": "\n\n"}.get(name, ""))
        elif name and len(page) < MAX_DEPTH:
            _open(page, name, attributes)
    while len(page) > 1:
        _end(page)
    return clean_text("\n".join(map(_tidy, page[0].text.split("\n")))).strip()


@dataclass
class _Element:
    name: str
    attributes: str = ""
    parts: list[str] = field(default_factory=list)
    items: int = 0

    @property
    def text(self) -> str:
        return "".join(self.parts)


def _pieces(html: str) -> Iterator[tuple[str, bool, str, str]]:
    """Part the page into the text before each tag and the tag: (text, is closing, name, attributes)."""
    done = 0
    for tag in _TAG.finditer(html):
        yield html[done : tag.start()], bool(tag[1]), tag[2].lower(), tag[3]
        done = tag.end()
    yield html[done:], False, "", ""


def _without_comments(html: str) -> str:
    kept, done = [], 0
    while (start := html.find("<!--", done)) >= 0:
        kept.append(html[done:start])
        end = html.find("-->", start)
        if end < 0:
            return "".join(kept)
        done = end + 3
    kept.append(html[done:])
    return "".join(kept)


def _words(text: str) -> str:
    return _MARK.sub(r"\\\g<0>", _SPACE.sub(" ", unescape(text)))


def _open(page: list[_Element], name: str, attributes: str) -> None:
    if name in {"li", "p"} and page[-1].name == name:
        _end(page)
    page.append(_Element(name, attributes))


def _close(page: list[_Element], name: str) -> None:
    """End the innermost element of that name and all that is open in it; an end without a beginning is nothing."""
    if any(element.name == name for element in page[1:]):
        while page[-1].name != name:
            _end(page)
        _end(page)


def _end(page: list[_Element]) -> None:
    element = page.pop()
    page[-1].parts.append(_written(element, page[-1]))


def _written(element: _Element, parent: _Element) -> str:
    name, text = element.name, element.text
    if name == "li":
        return _item(text, parent)
    if name in _HEADINGS:
        return f"\n\n### {' '.join(text.split())}\n\n" if text.strip() else ""
    if name in _BLOCKS:
        return f"\n\n{text}\n\n"
    return _OTHERS.get(name, _as_is)(element)


def _item(text: str, parent: _Element) -> str:
    parent.items += 1
    mark = f"{parent.items}. " if parent.name == "ol" else "- "
    lines = [line.rstrip() for line in clean_text(text).strip().split("\n")]
    inside = f"\n{' ' * len(mark)}".join(line for line in lines if line)
    return f"\n{mark}{inside}" if inside else ""


def _emphasis(mark: str) -> Callable[[_Element], str]:
    def write(element: _Element) -> str:
        text = element.text
        words = text.strip()
        if not words or "\n" in words:
            return text
        before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
        return f"{before}{mark}{words}{mark}{after}"

    return write


def _anchor(element: _Element) -> str:
    found = _HREF.search(element.attributes)
    address = unescape(next(filter(None, found.groups()), "")).strip() if found else ""
    text = " ".join(element.text.split())
    if not _LINK.fullmatch(address):
        return element.text
    return f"[{text}]({address})" if text and text != address else address


def _quote(element: _Element) -> str:
    lines = clean_text(element.text).strip().split("\n")
    return "\n\n" + "\n".join(f"> {line.strip()}".rstrip() for line in lines) + "\n\n" if any(lines) else ""


def _as_is(element: _Element) -> str:
    return element.text


_OTHERS: dict[str, Callable[[_Element], str]] = {
    "strong": _emphasis("**"),
    "b": _emphasis("**"),
    "em": _emphasis("*"),
    "i": _emphasis("*"),
    "a": _anchor,
    "blockquote": _quote,
}


def _tidy(line: str) -> str:
    """Take away spaces that mean nothing; those before the mark of a list say what it lies in."""
    return _RUN.sub(" ", line if _LISTED.match(line) else line.strip(" "))
