"""Two published rounds of the municipality beside each other: which can be chosen, and what moved between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portal.observatorium.catalogue import Catalogue, Indicator
from portal.observatorium.comparing import Change, Unlike, Version, compare, expected_by_chance, unlike
from portal.observatorium.models.rounds import Revision, Round, RoundState
from portal.observatorium.queries.pages import list_rounds, results_of
from portal.observatorium.queries.rounds import catalogue_of


@dataclass(frozen=True, kw_only=True)
class ComparePage:
    """What moved from one round to another, or why that can't be said."""

    rounds: Sequence[Round]
    """Every published round, newest first."""
    before: Round | None
    after: Round | None
    """Two different rounds, or none: fewer than two are published, or the reader chose the same twice."""
    unlike: Sequence[Unlike]
    changes: Sequence[Change]
    """The 39, or nothing when the rounds are unlike."""
    catalogue: Catalogue | None

    @property
    def compared(self) -> int:
        """How many of the 39 have figures to compare."""
        return sum(change.compared for change in self.changes)

    @property
    def moved(self) -> Sequence[Change]:
        return [change for change in self.changes if change.moved]

    @property
    def by_chance(self) -> float:
        return expected_by_chance(self.compared)

    def indicator(self, change: Change) -> Indicator:
        """Return the indicator of a change, as it was called in both rounds."""
        found = self.catalogue.indicator(change.indicator) if self.catalogue else None
        if found is None:
            raise LookupError(change.indicator)
        return found


def compare_page(from_slug: str, to_slug: str) -> ComparePage:
    """Compare two published rounds; without a choice the newest with the one before it. Always from older to newer."""
    published = [
        (round_, revision) for round_, revision in list_rounds() if revision and round_.state is RoundState.PUBLISHED
    ]
    chosen = _chosen(published, from_slug, to_slug)
    rounds = [round_ for round_, _revision in published]
    if chosen is None:
        return ComparePage(rounds=rounds, before=None, after=None, unlike=(), changes=(), catalogue=None)
    (before, old), (after, new) = chosen
    reasons = unlike(_version(old), _version(new))
    results = () if reasons else (results_of(before.slug)[2], results_of(after.slug)[2])
    return ComparePage(
        rounds=rounds,
        before=before,
        after=after,
        unlike=reasons,
        changes=compare(*results) if results else (),
        catalogue=catalogue_of(after),
    )


def _chosen(
    published: Sequence[tuple[Round, Revision]], from_slug: str, to_slug: str
) -> tuple[tuple[Round, Revision], tuple[Round, Revision]] | None:
    if len(published) < 2:
        return None
    by_slug = {round_.slug: (round_, revision) for round_, revision in published}
    one, other = by_slug.get(from_slug, published[1]), by_slug.get(to_slug, published[0])
    if one[0].id == other[0].id:
        return None
    place = [round_.id for round_, _revision in published]
    return (one, other) if place.index(one[0].id) > place.index(other[0].id) else (other, one)


def _version(revision: Revision) -> Version:
    return Version(method=revision.method_version, catalogue=revision.catalogue_version)
