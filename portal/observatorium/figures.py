"""The formulas of the published figures: shares in whole per cent, Wilson's interval, effective size, median level."""

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor, sqrt
from statistics import NormalDist

from portal.observatorium.catalogue import Level

Z_95 = NormalDist().inv_cdf(0.975)
EXACT_BELOW = 1000


def per_cent(shares: Sequence[Fraction]) -> tuple[int, ...]:
    """Round shares that sum to 1 to whole per cent that sum to 100, by the method of largest remainder.

    Each becomes one of its two neighbouring whole per cents. Those with the largest remainders are rounded up; equal
    remainders: the first (the worse level) is. Source: A. Hamilton's apportionment (1792).
    """
    hundredths = [share * 100 for share in shares]
    rounded = [floor(value) for value in hundredths]
    by_remainder = sorted(range(len(shares)), key=lambda place: rounded[place] - hundredths[place])
    for place in by_remainder[: 100 - sum(rounded)]:
        rounded[place] += 1
    return tuple(rounded)


def wilson(share: float, n_eff: float) -> tuple[float, float]:
    """Return the 95 % score interval of a share: (low, high), both in 0–1, holding the share.

    `share` is in 0–1 and `n_eff` > 0, else ValueError. Centre (p + z²/2n)/(1 + z²/n), half width
    z·√(p(1−p)/n + z²/4n²)/(1 + z²/n). Source: E. B. Wilson, J. Am. Stat. Assoc. 22 (1927) 209–212. It is an interval
    under a model, never a margin of error: people choose themselves to answer.
    """
    if not 0 <= share <= 1 or n_eff <= 0:
        raise ValueError(f"no interval for a share of {share} among {n_eff}")
    square = Z_95**2 / n_eff
    centre = (share + square / 2) / (1 + square)
    half = Z_95 * sqrt(share * (1 - share) / n_eff + square / (4 * n_eff)) / (1 + square)
    # At 0 and 1 the formula gives 0 and 1 but for the last bit of the floating point.
    return max(0.0, min(share, centre - half)), min(1.0, max(share, centre + half))


def outward(interval: tuple[float, float]) -> tuple[float, float]:
    """Round an interval to hundredths, outwards, so that it still holds what it held."""
    low, high = interval
    return floor(low * 100) / 100, ceil(high * 100) / 100


def effective_size(total: Fraction | int, squares: Fraction | int) -> Fraction:
    """Return n_eff = (Σw)²/Σw² from the sum of the weights and that of their squares; 0 for nobody.

    Source: L. Kish, Survey Sampling (1965), section 11.7: the size of the unweighted sample that varies as much.
    """
    return Fraction(total) ** 2 / squares if squares else Fraction(0)


def joint_effective_size(sizes: Sequence[float]) -> float:
    """Return the n_eff of the mean of G groups of equal weight: G²/Σ(1/n_eff).

    It follows from the variance of a mean of independent shares, (1/G²)·Σ p(1−p)/n. Source: Kish (1965), chapter 3.
    """
    return len(sizes) ** 2 / sum(1 / size for size in sizes)


def rounded_size(n_eff: Fraction | float) -> float:
    """Round an effective size down: to tenths, and from 1,000 to whole tens, so that whole per cents hide persons."""
    return float(floor(n_eff / 10) * 10) if n_eff >= EXACT_BELOW else floor(n_eff * 10) / 10


def median_level(shares: Sequence[int]) -> Level:
    """Return the median of a distribution (red, yellow, green in per cent); exactly half goes to the worse level."""
    red, yellow, _green = shares
    if 2 * red >= 100:
        return Level.RED
    return Level.YELLOW if 2 * (red + yellow) >= 100 else Level.GREEN


def mean_level(shares: Sequence[int]) -> float:
    """Return the mean level, 0 (all red) to 1 (all green), of a distribution in per cent."""
    _red, yellow, green = shares
    return (yellow + 2 * green) / 200
