"""The report as a PDF that is also PDF/UA-1: tagged, with bookmarks and a table of contents."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from functools import cache, lru_cache
from importlib import resources

import typst

from portal.kernel.letters import all_named, named
from portal.observatorium.report.values import Report

KEPT = 12
"""How many finished reports are remembered: some rounds in three languages."""


def pdf(report: Report, wheel: str, at: datetime) -> bytes:
    """Return the report as PDF; `wheel` is its picture as SVG. The same values give the same bytes, made once.

    What people wrote goes in as data. A sign that no font of ours has, such as an emoji, is written as its name.
    """
    data, moment = typst_input(report), int(at.timestamp())
    try:
        return _compiled(data, wheel, moment)
    except typst.TypstError:
        return _compiled(json.dumps(all_named(json.loads(data)), ensure_ascii=False), named(wheel), moment)


def typst_input(report: Report) -> str:
    """Return what the template is given: the report's values as JSON, and nothing else."""
    return json.dumps(asdict(report), ensure_ascii=False, sort_keys=True)


@lru_cache(maxsize=KEPT)
def _compiled(data: str, wheel: str, at: int) -> bytes:
    return typst.compile(
        _template(),
        format="pdf",
        sys_inputs={"data": data, "wheel": wheel},
        pdf_standards=["ua-1"],
        timestamp=at,
        ignore_system_fonts=True,
    )


@cache
def _template() -> bytes:
    return (resources.files("portal.observatorium.report") / "report.typ").read_bytes()
