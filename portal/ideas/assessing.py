"""What several assessments say together: mean and spread of each criterion, value and feasibility, and the risk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean

LOWEST, HIGHEST = 1, 5


class RiskBand(StrEnum):
    """How serious a risk is, by likelihood × consequence, 1–25."""

    LOW = "low"
    MIDDLE = "middle"
    HIGH = "high"


@dataclass(frozen=True)
class Given:
    """One assessment: scores 1–5 by criterion, and the risk when it was judged."""

    scores: Mapping[str, int]
    likelihood: int | None = None
    consequence: int | None = None


@dataclass(frozen=True, kw_only=True)
class Spread:
    """What was given on one criterion: how many, the mean, and the lowest and highest."""

    n: int
    mean: float
    lowest: int
    highest: int

    @property
    def disagrees(self) -> bool:
        """Say whether they are so far apart, three steps or more, that they should talk."""
        return self.highest - self.lowest >= 3


def spread(scores: Sequence[int]) -> Spread | None:
    """Return what was given; None when nothing was."""
    if not scores:
        return None
    return Spread(n=len(scores), mean=fmean(scores), lowest=min(scores), highest=max(scores))


def by_criterion(given: Sequence[Given], keys: Sequence[str]) -> dict[str, Spread | None]:
    """Return the spread of each criterion."""
    return {key: spread([each.scores[key] for each in given if key in each.scores]) for key in keys}


def along(given: Sequence[Given], keys: Sequence[str]) -> float | None:
    """Return the mean over some criteria, each counting the same however many gave it; None when nobody gave any."""
    means = [found.mean for found in by_criterion(given, keys).values() if found is not None]
    return fmean(means) if means else None


def band(likelihood: int, consequence: int) -> RiskBand:
    """Return how serious a risk is in the 5×5 matrix: 1–4 low, 5–11 middle, 12–25 high.

    Raises ValueError outside 1–5.
    """
    if not (LOWEST <= likelihood <= HIGHEST and LOWEST <= consequence <= HIGHEST):
        raise ValueError(f"{likelihood} × {consequence} isn't in the matrix")
    product = likelihood * consequence
    return RiskBand.HIGH if product >= 12 else RiskBand.MIDDLE if product >= 5 else RiskBand.LOW


def risk_cells(given: Sequence[Given]) -> dict[tuple[int, int], int]:
    """Return how many put the risk in each cell (likelihood, consequence)."""
    cells: dict[tuple[int, int], int] = {}
    for each in given:
        if each.likelihood is not None and each.consequence is not None:
            cell = each.likelihood, each.consequence
            cells[cell] = cells.get(cell, 0) + 1
    return cells
