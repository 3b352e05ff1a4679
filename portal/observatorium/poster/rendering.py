"""A poster as a PDF that is also PDF/UA-1, and its QR code as SVG."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from importlib import resources

import segno
import typst


@dataclass(frozen=True, kw_only=True)
class Poster:
    """What stands on the wall, in one language."""

    language: str
    municipality: str
    heading: str
    lead: str
    points: Sequence[str]
    when: str
    scan: str
    """What to do with the code."""
    shown: str
    """The address as people type it."""
    address: str
    """The whole address, which the code holds."""
    code_told: str
    """The code in words, for those who don't see it."""


def pdf(poster: Poster, at: datetime) -> bytes:
    """Return a poster as PDF on one A4 page. The same poster and time give the same bytes on every machine."""
    data = asdict(poster) | {"code": code(poster.address)}
    return typst.compile(
        _template(),
        format="pdf",
        sys_inputs={"data": json.dumps(data)},
        pdf_standards=["ua-1"],
        timestamp=int(at.timestamp()),
        ignore_system_fonts=True,
    )


def code(address: str) -> str:
    """Return an address as a QR code in SVG, which holds although a quarter of it is torn off."""
    drawn = io.BytesIO()
    segno.make(address, error="q", micro=False).save(drawn, kind="svg", border=2, dark="#000", light="#fff")
    return drawn.getvalue().decode()


def code_source(address: str) -> str:
    """Return the QR code as a data: address, for a page."""
    return segno.make(address, error="q", micro=False).svg_data_uri(scale=8, border=2, dark="#000", light="#fff")


@cache
def _template() -> bytes:
    return (resources.files("portal.observatorium.poster") / "poster.typ").read_bytes()
