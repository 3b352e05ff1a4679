"""Documents as PDF/A-2a that is also PDF/UA-1: kept for long, and read aloud."""

from __future__ import annotations

import json
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any

import typst

from portal.ideas.archive.values import Document
from portal.kernel.letters import all_named


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
        return _compiled(all_named(data), at)


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
