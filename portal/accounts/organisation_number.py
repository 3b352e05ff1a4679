"""Organisation numbers from Enhetsregisteret: how they are written and checked."""

from __future__ import annotations

import re

WEIGHTS = (3, 2, 7, 6, 5, 4, 3, 2)


def normalise(written: str) -> str:
    """Return the nine digits of a number as people write it: «974 760 673», «NO 974760673 MVA»."""
    return re.sub(r"^NO|MVA$|[\s.]", "", re.sub(r"\s", "", written).upper())


def is_valid(number: str) -> bool:
    """Say whether nine digits can be an organisation number.

    The last digit is 11 less the remainder of the weighted sum of the first eight divided by 11; 11 counts as 0, and no
    number has 10. Source: Brønnøysundregistrene, «Om organisasjonsnummeret».
    """
    if not re.fullmatch(r"[0-9]{9}", number):
        return False
    digits = [int(digit) for digit in number]
    control = -sum(weight * digit for weight, digit in zip(WEIGHTS, digits, strict=False)) % 11
    return control == digits[8]


def spaced(number: str) -> str:
    """Return the number as it is shown: «974 760 673»."""
    return f"{number[:3]} {number[3:6]} {number[6:]}"
