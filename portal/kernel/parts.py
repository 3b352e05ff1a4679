"""Parts of a thing's page that come from packages the page can't import: «ideas for this indicator»."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from portal.kernel import extensions
from portal.kernel.content import Ref
from portal.kernel.identity import Actor


@dataclass(frozen=True, kw_only=True)
class Part:
    """What a package adds to the page of each thing of a kind; the wiring lists them in the order they are shown."""

    kind: str
    template: str
    """Shows what `load` returned, as `part`."""
    load: Callable[[Actor, Ref, Sequence[Ref]], Any]
    """Read what is shown, within the page's statements, knowing what the thing serves; None: nothing is shown."""


@dataclass(frozen=True)
class Loaded:
    """A part that a page shows by including its template with `part` as its data."""

    template: str
    data: Any


def parts_of(actor: Actor, ref: Ref, served: Sequence[Ref] = ()) -> Sequence[Loaded]:
    """Return what other packages add to the page of a thing; `served`: what the page has read that it serves."""
    wanted = [part for part in extensions.parts() if part.kind == ref.kind]
    loaded = [Loaded(part.template, part.load(actor, ref, served)) for part in wanted]
    return [each for each in loaded if each.data is not None]
