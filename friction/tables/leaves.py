"""Leaves of JSON lines as columns: by the engine's decoder of texts, and by its reader of lines where that stumbles.

Of lines with objects or lists inside, the decoder takes half the time of the reader and gives the same texts for the
same values; of others the reader takes three quarters of the decoder's. But the decoder knows no leaf that is a text
here and a list there. Leaves that the sample shows as lists of texts are decoded as such, a single text as a list
of it, and written as the reader writes lists; lines in which others are lists go to the reader.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

import polars as pl
import polars.selectors as cs

from friction.tables.decoded import of_texts, parsed
from friction.tables.remembered import of_distinct
from friction.tables.runs import MARK, Run

Path_ = tuple[str, ...]
TEXTS = pl.List(pl.String())
SHORTEST, FIRST = 4, 50
"""Characters of the end of a key that tells it from others, and lines that show which keys are frequent."""
_A_LIST = r": ?\["
_KEYS = re.compile(r'"([^"]*)"\s*:')
_UNSAFE = r'["\\\x00-\x1f]'
"""What the reader writes otherwise than it stands in a text."""


class OtherKeys(Exception):
    """Keys of objects for which nobody looked in this file, but would have."""

    def __init__(self, keys: frozenset[str]) -> None:
        super().__init__(*sorted(keys))
        self.keys = keys


@dataclass
class Leaves:
    """The leaves at `positions` of one file, read block by block."""

    paths: Sequence[Path_]
    positions: Sequence[int]
    lists: Mapping[int, pl.DataType]
    """Positions that are read as lists, with their types."""
    listed: frozenset[int]
    """Positions of texts that are lists of texts wherever the sample shows them."""
    watched: frozenset[str] = frozenset()
    """Keys that no line is expected to have."""
    runs: Mapping[int, Run] = field(default_factory=dict)
    """Positions of lists that come as texts, cut out of the lines, as long as all of them can be."""
    threads: int | None = None
    """That decode the lines of a block; null: all there are."""
    _way: int = 0
    """0: all lines are decoded; 1: those are apart that hold lists; 2: all go to the reader."""

    @property
    def are_flat(self) -> bool:
        """Whether all are plain members of their lines: the reader is then the quicker one."""
        has_lists = bool(self.lists or self.runs or self.listed & {*self.positions})
        return not has_lists and all(len(self.paths[at]) == 1 for at in self.positions)

    def read(self, block: bytes, lines: pl.Series | None) -> pl.DataFrame:
        """`row_no`, from 1, and the leaves of this block, of its `lines` where each may be an object. Raises
        `PolarsError`, and `OtherKeys` for any watched.
        """
        frame = None if lines is None or not self.runs else self._cut(lines)
        if self.watched and frame is None:
            self.watch(pl.scan_lines(block, name="line").collect()["line"] if lines is None else lines)
        if frame is None and lines is not None and self._way < 2:
            frame = self.decoded(lines, len(block))
        frame = self._reader(block) if frame is None else frame
        numbers = pl.int_range(1, frame.height + 1, dtype=pl.Int64(), eager=True)
        return frame.insert_column(0, numbers.alias("row_no"))

    def watch(self, lines: pl.Series) -> None:
        """Raise `OtherKeys` for any watched."""
        if found := keys_in(lines, self.watched):
            raise OtherKeys(found)

    def _cut(self, lines: pl.Series) -> pl.DataFrame | None:
        """With lists cut out of the lines; null where one cannot be, and then never again."""
        texts = {}
        for at, run in self.runs.items():
            lines, texts[at] = run.cut(lines)
        if self.watched:
            self.watch(lines)
        apart = replace(
            self, lists={at: dtype for at, dtype in self.lists.items() if at not in texts}, runs={}
        )
        frame = apart.decoded(lines, size_of(lines))
        for at, found in texts.items():
            is_cut = found.is_not_null()
            if frame is None or not (frame[f"c{at}"] == MARK).fill_null(value=False).equals(is_cut):
                self.runs = {}
                return None
            # What was not cut out of its line has been read from it, as a text.
            frame = frame.with_columns(found.zip_with(is_cut, frame[f"c{at}"]).alias(f"c{at}"))
        return frame

    def decoded(self, lines: pl.Series, size: int) -> pl.DataFrame | None:
        """By the decoder as far as possible. What it stumbled over comes again, so it is not tried again."""
        frame = self.quick(lines, size) if self._way == 0 else None
        if frame is None and not self.lists:
            self._way = 1
            frame = self._apart(lines, size)
        self._way = 2 if frame is None else self._way
        return frame

    def quick(self, lines: pl.Series, size: int) -> pl.DataFrame | None:
        """All by the decoder; null where it stumbles, or a text in a list would have to be written otherwise."""
        types = dict.fromkeys(self.listed & set(self.positions), TEXTS)
        dtype = pl.Struct(schema_of(self._typed({**types, **self.lists})))
        objects = parsed(lines, dtype, size, self.threads or pl.thread_pool_size())
        if objects is None:
            return None
        frame = objects.struct.unnest().select(self._leaves())
        for name in (f"c{at}" for at in types):
            texts = _written(frame[name])
            if texts is None:
                return None
            frame = frame.with_columns(texts.alias(name))
        return frame

    def _apart(self, lines: pl.Series, size: int) -> pl.DataFrame | None:
        """The lines with lists by the reader, the others by the decoder; null where it stumbles again."""
        odd = self._odd(lines)
        count = int(odd.sum())
        if not count or count * 2 > lines.len():
            return None
        quick = self.quick(lines.filter(~odd), size)
        if quick is None:
            return None
        text = lines.filter(odd).str.join("\n").item()
        order = pl.concat([(~odd).arg_true(), odd.arg_true()]).arg_sort()
        return pl.concat([quick, self._reader(text.encode())]).rechunk()[order]

    def _odd(self, lines: pl.Series) -> pl.Series:
        """Lines with a list, but for lists of texts where such are expected."""
        names = _either(self.paths[at][-1] for at in self.listed)
        # Most lines are settled by the quick search for a bracket that opens a value.
        near = lines.str.contains(": [", literal=True) | lines.str.contains(":[", literal=True)
        few = lines.filter(near)
        expected = few.str.count_matches(rf'"(?:{names})"\s*:\s*\[\s*["\]]') if names else 0
        return near.scatter(near.arg_true(), few.str.count_matches(_A_LIST) > expected)

    def _reader(self, block: bytes) -> pl.DataFrame:
        """By the reader: every leaf as text, and lists read from that."""
        schema = schema_of(self._typed({}))
        found = pl.scan_ndjson(block, schema=schema).select(self._leaves()).collect()
        lists = {f"c{at}": self.lists[at] for at in self.positions if at in self.lists}
        return found.with_columns(of_texts(found[name], dtype) for name, dtype in lists.items())

    def _typed(self, types: Mapping[int, pl.DataType]) -> dict[Path_, pl.DataType]:
        return {self.paths[at]: types.get(at, pl.String()) for at in self.positions}

    def _leaves(self) -> list[pl.Expr]:
        return [_leaf(self.paths[at]).alias(f"c{at}") for at in self.positions]


def size_of(texts: pl.Series) -> int:
    """Bytes of these texts together."""
    return int(texts.str.len_bytes().sum())


def some_keys(lines: pl.Series) -> frozenset[str]:
    """Keys of the objects in some of these lines, from all over them: those that are frequent."""
    some = lines.gather_every(max(1, -(-lines.len() // FIRST)))
    return frozenset(key for line in some.drop_nulls() for key in _KEYS.findall(line))


def keys_in(
    lines: pl.Series, names: Collection[str], frequent: frozenset[str] | None = None
) -> frozenset[str]:
    """Which of these names are keys of the objects in these lines. `frequent`: keys of some of them."""
    if not names:
        return frozenset()
    tails = _tails(frozenset(names), some_keys(lines) if frequent is None else frequent)
    near = lines.filter(lines.str.contains(rf"(?:{_either(tails)})\s*:"))
    words = near.str.extract_all(rf'"(?:{_either(sorted(names))})"\s*:').explode().drop_nulls().unique()
    return frozenset(word[: word.rindex('"')].removeprefix('"') for word in words)


@lru_cache(64)
def _tails(names: frozenset[str], known: frozenset[str]) -> list[str]:
    return sorted({_telling(name, known) for name in names})


def _telling(name: str, known: Collection[str]) -> str:
    """The shortest end of a key that none of the `known`, frequent ones has: the engine finds short words five times as
    quickly as whole names.
    """
    quoted = f'"{name}"'
    ends = (quoted[-length:] for length in range(SHORTEST, len(quoted)))
    return next((end for end in ends if not any(f'"{key}"'.endswith(end) for key in known)), quoted)


def _either(texts: Iterable[str]) -> str:
    return "|".join(map(re.escape, texts))


def are_texts(values: pl.Series) -> bool:
    """Whether all these JSON texts are lists of texts."""
    known = values.drop_nulls()
    return known.len() > 0 and bool(known.str.contains(r'^\[(?:\]|".*"\])$').all()) and _fits(known)


def _fits(texts: pl.Series) -> bool:
    return not of_texts(texts, pl.List(pl.String())).null_count()


def _written(lists: pl.Series) -> pl.Series | None:
    """Lists of texts as the engine's reader writes them; null where it would write one of them otherwise."""
    if lists.explode().unique().str.contains(_UNSAFE).any():
        return None
    sizes = lists.list.len()
    # Most lists have a single text, the same as many others.
    words = lists.list.join('", "') if (sizes > 1).any() else lists.list.first().fill_null("")
    texts = of_distinct(
        words.zip_with(sizes > 0, pl.repeat(None, len(words), dtype=pl.String, eager=True)), _quoted
    )
    return texts.zip_with((sizes > 0).fill_null(value=True), pl.repeat("[]", len(words), eager=True))


def _quoted(words: pl.Series) -> pl.Series:
    return '["' + words + '"]'


def schema_of(leaves: Mapping[Path_, pl.DataType]) -> dict[str, pl.DataType]:
    """Nested structs with exactly these leaves."""
    tree: dict[str, dict[Path_, pl.DataType]] = {}
    for path, dtype in leaves.items():
        tree.setdefault(path[0], {})[path[1:]] = dtype
    return {key: rest[()] if () in rest else pl.Struct(schema_of(rest)) for key, rest in tree.items()}


def _leaf(path: Path_) -> pl.Expr:
    leaf = cs.by_name(path[0]).as_expr()
    for key in path[1:]:
        leaf = leaf.struct.field(key)
    return leaf
