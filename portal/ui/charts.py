"""What the charts and the wheel share: the levels, how many blocks each fills, and its symbol."""

from typing import Literal

Level = Literal["red", "yellow", "green"]
BLOCKS: dict[str, int] = {"red": 1, "yellow": 2, "green": 3}
SYMBOLS = {
    "red": "M-3-3 3 3M3-3-3 3",
    "yellow": "M-4 1C-2.7-1.8-1.2-1.6 0 0S2.7 1.8 4-1",
    "green": "M-3.6.3-1.1 2.8 3.7-2.8",
    "grey": "M-2.1-1.7A2.1 2.1 0 1 1 .8.4Q0 .8 0 1.7M0 4v.1",
}
