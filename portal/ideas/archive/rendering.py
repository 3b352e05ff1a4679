"""Documents as PDF/A-2a that is also PDF/UA-1: kept for long, and read aloud."""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any

import typst

from portal.ideas.archive.values import Document

# Letters that the fonts in the library hold. What is beyond them is named in the PDF, and stands in the text beside it.
_LETTERS = re.compile("[^\n -~¡-ſΑ-ΡΣ-Ωα-ωА-яЁё‐–—‘’“”„†•…‹›€−]")


def pdf(document: Document, *, creator: str, footer: str, at: datetime) -> bytes:
    """Return a document as PDF. The same document and time give the same bytes on every machine.

    What people wrote goes in as data. A sign that no font of ours has, such as an emoji, is written as its name.
    """
    data = {
        "title": document.title,
        "creator": creator,
        "footer": footer,
        "facts": [list(fact) for fact in document.facts],
        "sections": [{"heading": each.heading, "text": each.text} for each in document.sections],
        "language": document.language,
    }
    try:
        return _compiled(data, at)
    except typst.TypstError:
        return _compiled(_named(data), at)


def named(text: str) -> str:
    """Return the text with each sign that the fonts may lack written as its name: «[GRINNING FACE]»."""
    return _LETTERS.sub(lambda sign: _name(sign[0]), text)


def _name(sign: str) -> str:
    if unicodedata.category(sign) in {"Cf", "Mn", "Zs"}:  # joiners, variants and spaces say nothing by themselves
        return " " if unicodedata.category(sign) == "Zs" else ""
    return f"[{unicodedata.name(sign, f'U+{ord(sign):04X}')}]"


def _named(data: Any) -> Any:
    if isinstance(data, str):
        return named(data)
    if isinstance(data, dict):
        return {key: _named(value) for key, value in data.items()}
    return [_named(value) for value in data]


def _compiled(data: dict[str, Any], at: datetime) -> bytes:
    return typst.compile(
        _template(),
        format="pdf",
        sys_inputs={"data": json.dumps(data)},
        pdf_standards=["a-2a", "ua-1"],
        timestamp=int(at.timestamp()),
        ignore_system_fonts=True,
    )


@cache
def _template() -> bytes:
    return (resources.files("portal.ideas.archive") / "document.typ").read_bytes()
