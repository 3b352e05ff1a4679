"""What can happen to the index itself. That a thing came in or went out is told by what happened to the thing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from portal.kernel.events import Event
from portal.kernel.i18n import _l


@dataclass(frozen=True, kw_only=True)
class IndexRebuilt(Event):
    """The index was built anew, so that pages kept by readers and proxies are old."""

    name: ClassVar[str] = "search.index_rebuilt"
    label: ClassVar[Any] = _l("Bygget søkeindeksen på nytt")
    documents: int
