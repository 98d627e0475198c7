"""What a shred of a line can be (`friction.tables.shreds`), by the brackets that it opens and closes.

{"key": "x"                      an entry of a list, up to the brace at which the line was torn
{"key": "y"}], "in": {"a": 1     an entry, the end of its list, and members of the object around it
"more": 2}                       members of the line, and its end
"""

from __future__ import annotations

import numpy as np

from friction.values import dataclass

_INSIDE = '{"\ufdd1": '
"""An object with a key that nobody asks for."""


@dataclass(frozen=True)
class Kind:
    """How a shred leads on: where it begins, with how many braces and brackets more opened than closed."""

    in_list: bool
    braces: int
    brackets: int
    before: str
    after: str
    """With these it is an object."""
    up: int = 0
    """It enters an object and leaves it open (1), or leaves one (-1)."""
    is_entry: bool = False
    """It is one entry of a list and nothing else."""

    @property
    def to_list(self) -> bool:
        """Whether it ends inside a list."""
        return self.is_entry or self.after.endswith("]}")

    @property
    def ends_list(self) -> bool:
        """Whether it is an entry and the end of its list, and perhaps that of the line."""
        return self.in_list and self.brackets < 0 and self.braces <= 0

    @property
    def is_last(self) -> bool:
        """Whether the line is over with it."""
        return not self.after

    def leads_to(self, other: Kind) -> bool:
        """Whether it ends where the other begins."""
        return not self.is_last and self.to_list == other.in_list


KINDS = (
    Kind(True, 1, 0, _INSIDE, "}}", is_entry=True),
    Kind(True, 0, -1, _INSIDE + "[", "}"),
    Kind(True, 1, -1, _INSIDE + "[", "}}"),
    Kind(True, -1, -1, _INSIDE + "[", ""),
    Kind(False, 1, 0, "{", "}}"),
    Kind(False, 1, 1, "{", "}]}"),
    Kind(False, 2, 0, "{", "}}}", up=1),
    Kind(False, 0, 0, _INSIDE + "{", "}}", up=-1),
    Kind(False, -1, 0, "{", ""),
)
HEAD_KIND, START = len(KINDS), len(KINDS) + 1
"""The kind of what is before all shreds of a line, where it has no such list; and what stands before every line."""


def _follows(one: int, other: int) -> bool:
    """Whether the second kind may come after the first."""
    if one == START:
        return other == HEAD_KIND or (other < HEAD_KIND and KINDS[other].in_list)
    if other >= HEAD_KIND:
        return False
    return not KINDS[other].in_list if one == HEAD_KIND else KINDS[one].leads_to(KINDS[other])


FOLLOWS = np.array([[_follows(one, other) for other in range(START)] for one in range(START + 1)]).ravel()
TO_LIST = np.array([kind.to_list for kind in KINDS] + [False])
IS_LAST = np.array([kind.is_last for kind in KINDS] + [False])
UP = np.array([kind.up for kind in KINDS] + [0])
