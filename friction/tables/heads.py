"""The beginnings of JSON lines that are torn: they differ from line to line, and have few of the leaves asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from friction.tables.leaves import Leaves, OtherKeys, keys_in, size_of, some_keys


@dataclass
class Heads:
    """Reads the heads of one file, block by block."""

    leaves: Leaves
    """All that lines may have."""
    _of: dict[tuple[int, ...], Leaves] = field(default_factory=dict)
    """Those that heads may have, by their positions."""

    def read(self, heads: pl.Series) -> pl.DataFrame | None:
        """The leaves whose keys heads have, a row a head, as asking the decoder for others takes as long as for these;
        null where one cannot be read so. Raises `OtherKeys` for any watched.
        """
        positions = tuple(self._positions(heads)) or tuple(self.leaves.positions[:1])
        leaves = self._of.setdefault(positions, replace(self.leaves, positions=positions))
        return leaves.decoded(heads, size_of(heads))

    def _positions(self, heads: pl.Series) -> Sequence[int]:
        """Positions that heads may have."""
        paths, watched = self.leaves.paths, self.leaves.watched
        asked = {paths[at][0] for at in self.leaves.positions}
        frequent = some_keys(heads)
        there = asked & frequent
        more = keys_in(heads, watched | (asked - there), frequent)
        if watched & more:
            raise OtherKeys(watched & more)
        if heads.str.contains("\\", literal=True).any():
            return self.leaves.positions  # a key may be written otherwise
        return [at for at in self.leaves.positions if paths[at][0] in there | more]


def merged(heads: pl.DataFrame, found: pl.DataFrame, types: Mapping[str, pl.DataType]) -> pl.DataFrame | None:
    """Leaves of heads and leaves `found` elsewhere in the same lines, as columns of `types`, null where neither has
    them; null where a line has one in both.
    """
    both = [
        name for name in found.columns if name in heads.columns and heads[name].null_count() < heads.height
    ]
    if any((heads[name].is_not_null() & found[name].is_not_null()).any() for name in both):
        return None
    either = (found[name].zip_with(found[name].is_not_null(), heads[name]) for name in both)
    lines = heads.with_columns(*found.drop(both), *either)
    nowhere = (pl.lit(None, dtype).alias(name) for name, dtype in types.items() if name not in lines)
    return lines.with_columns(nowhere).select(list(types))
