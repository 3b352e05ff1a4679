"""What the demo's raters think: a made-up but plausible opinion per indicator, group and round, the same for a seed."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from portal.kernel.identity import StakeholderGroup
from portal.observatorium.catalogue import Answer, Level

TALKED_ABOUT = {
    "1.8": 0.22, "1.7": 0.42, "1.10": 0.78, "1.9": 0.74, "2.2": 0.72, "2.6": 0.27, "2.8": 0.58, "3.2": 0.86,
    "3.7": 0.69,
    "3.8": 0.24, "3.11": 0.47, "3.12": 0.55, "4.1": 0.83, "4.2": 0.8, "4.5": 0.3, "4.6": 0.9, "4.9": 0.45,
}  # fmt: skip
"""Indicators with a story to tell: 0 is bad, 1 is good. The others are drawn."""
LEANING = {
    StakeholderGroup.RESIDENT: 0.0,
    StakeholderGroup.VOLUNTARY_SECTOR: 0.05,
    StakeholderGroup.BUSINESS: -0.04,
    StakeholderGroup.KNOWLEDGE: 0.02,
}
DIFFERS = {("2.1", StakeholderGroup.BUSINESS): -0.3, ("3.9", StakeholderGroup.VOLUNTARY_SECTOR): 0.25,
           ("1.2", StakeholderGroup.VOLUNTARY_SECTOR): -0.28, ("4.5", StakeholderGroup.BUSINESS): 0.3}  # fmt: skip
MOVED = {"2.6": 0.12, "1.8": 0.06, "3.8": -0.06, "4.9": 0.16, "1.5": 0.2, "4.2": 0.05}
"""What has changed from each round to the next."""


@dataclass(frozen=True)
class Opinions:
    """How good people think each indicator is, in one round."""

    quality: dict[str, float]

    def answer(self, random: Random, indicator: str, group: StakeholderGroup, mood: float) -> Answer:
        """Draw one person's answer; `mood` is how content that person is with everything, around 0."""
        if random.random() < (0.22 if indicator in {"1.4", "1.5", "2.3", "2.7", "4.7"} else 0.08):
            return Answer.UNKNOWN
        leaning = LEANING[group] + DIFFERS.get((indicator, group), 0.0)
        felt = self.quality[indicator] + leaning + mood + random.gauss(0, 0.22)
        return Answer.RED if felt < 0.36 else Answer.YELLOW if felt < 0.62 else Answer.GREEN


def opinions(indicators: list[str], *, seed: int, round_index: int) -> Opinions:
    """Return what is thought in the round with that index, from 0."""
    random = Random(f"{seed} quality")  # noqa: S311 - made-up content, not a secret
    quality = {}
    for number in indicators:
        drawn = random.uniform(0.3, 0.82)
        drift = MOVED.get(number, random.uniform(-0.04, 0.05)) * round_index
        quality[number] = TALKED_ABOUT.get(number, drawn) + drift
    return Opinions(quality)


def own_levels(indicators: list[str], *, seed: int, round_index: int) -> dict[str, Level | None]:
    """Return how the municipality sees itself: somewhat better than people do, and not everywhere assessed."""
    random = Random(f"{seed} own")  # noqa: S311 - made-up content, not a secret
    seen = opinions(indicators, seed=seed, round_index=round_index).quality
    levels: dict[str, Level | None] = {}
    for number in indicators:
        felt = seen[number] + random.uniform(-0.1, 0.3)
        levels[number] = Level.RED if felt < 0.38 else Level.YELLOW if felt < 0.66 else Level.GREEN
        if random.random() < 0.06:
            levels[number] = None
    return levels
