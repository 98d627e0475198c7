"""What sessions are called in a report."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

import polars as pl

from friction.values import dataclass

PIECE = r"~\d+$"
"""What the name of a session's second or later piece ends with."""


@dataclass(frozen=True)
class SessionNames:
    """The name of each session, by `session_id`: its key's, and from the second piece on `~2`, `~3` ….

    They are written where they are asked for: of many sessions the names take more than all else that stays.
    """

    keys: pl.Series
    """The name of each key."""
    key: pl.Series
    """By session."""
    piece: pl.Series
    """By session, from 1."""

    @classmethod
    def of(cls, sessions: pl.DataFrame, keys: pl.Series) -> Self:
        """`sessions` has `key, piece`, by `session_id`."""
        return cls(keys, sessions["key"], sessions["piece"])

    def __len__(self) -> int:
        return self.key.len()

    def __getitem__(self, session: int) -> str:
        name: str = self.gather(pl.Series([session], dtype=pl.UInt32))[0]
        return name

    def gather(self, sessions: pl.Series) -> pl.Series:
        """The names of these sessions, in their order."""
        names, piece = self.keys.gather(self.key.gather(sessions)), self.piece.gather(sessions)
        later = (piece > 1).arg_true()
        cut = pl.DataFrame({"name": names.gather(later), "piece": piece.gather(later)})
        return names.scatter(later, cut.select(pl.format("{}~{}", "name", "piece")).to_series())

    def every(self) -> pl.Series:
        """The names of all, by session."""
        return self.gather(pl.int_range(len(self), dtype=pl.UInt32, eager=True))

    def among(self, names: Iterable[str]) -> pl.Series:
        """The sessions that are called one of these, rising."""
        wanted = pl.Series(list(names), dtype=pl.String()).implode()
        later = (self.piece > 1).arg_true()
        found = self.keys.is_in(wanted).gather(self.key)
        return found.scatter(later, self.gather(later).is_in(wanted)).arg_true()

    def are_pieces(self) -> pl.Series:
        """By session, whether its name is that of a second or later piece; an input may have cut it before."""
        return (self.piece > 1) | self.keys.str.contains(PIECE).gather(self.key)


NOBODY = SessionNames(
    pl.Series(dtype=pl.String()), pl.Series(dtype=pl.UInt32()), pl.Series(dtype=pl.UInt32())
)
"""Of no session."""
