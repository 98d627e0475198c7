"""The fields of an export by names of our choosing, wherever and under whatever name a file keeps them.

A preset says for every *label* the names it may have. In a JSON file these are paths (`context.page.url`), in a
table columns. Where a column holds objects as one JSON text, as warehouses and Parquet files do, it is *folded*:
its members are read out of the text.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import field, replace

import polars as pl
from polars.exceptions import PolarsError

from friction.tables.blocks import pieces_of
from friction.tables.folded import Folded
from friction.tables.jsonl import JsonLines
from friction.tables.leaves import keys_in
from friction.tables.remembered import Remembered
from friction.tables.table import Rows, Table, Then
from friction.values import dataclass

FIRST_BYTES = 1 << 20
Names = Mapping[str, Sequence[str]]
Words = Mapping[str, pl.Categorical]
"""The types of labels that are wanted as numbers of words, not as texts, where that costs less."""
Opened = Callable[[Sequence[pl.Series], Sequence[str]], pl.DataFrame]


@dataclass(frozen=True)
class Opening:
    """Something inside a field that is read once for all rows: labels of its own, made of `of` by `read`."""

    of: tuple[str, ...]
    labels: Mapping[str, pl.DataType]
    read: Opened
    """The series of `of`, and the labels that are wanted → a column each."""
    within: Opened | None = None
    """The same of one list as it stands in JSON lines, as a text or a list: raises `PolarsError` for other texts."""

    def opened(self, labels: Sequence[str], words: Words) -> pl.Expr:
        """These labels as a struct `opened`; those of `words` as such where they follow from one text."""
        has_words = len(self.of) == 1 and all(self.labels[label] == pl.String() for label in labels)
        types = {label: self.labels[label] for label in labels} | (_among(words, labels) if has_words else {})

        def made(columns: Sequence[pl.Series]) -> pl.DataFrame:
            return self.read(columns, labels).select(pl.col(label).cast(types[label]) for label in labels)

        known = Remembered(lambda texts: made([texts]), types)

        def read(columns: Sequence[pl.Series]) -> pl.Series:
            of_words = has_words and columns[0].dtype == pl.String()
            return (known.of(columns[0]) if of_words else made(columns)).to_struct("opened")

        of = [pl.col(one) for one in self.of]
        return pl.map_batches(of, read, return_dtype=pl.Struct(types), is_elementwise=True).alias("opened")


@dataclass(frozen=True)
class Fields:
    """A table with the position of every label that it has, and the labels that are folded into a text."""

    table: Table
    positions: Mapping[str, int]
    folded: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    """Position of a text → label → the member of its objects."""
    natural: frozenset[str] = frozenset()
    """Labels that keep the type they have in the file; all others become text."""

    def knows(self, label: str) -> bool:
        """Whether the file may have something under this label."""
        return label in self.positions or any(label in members for members in self.folded.values())

    def sampled(self, label: str) -> pl.Series:
        """Sampled values as text; empty where the sample does not show them."""
        at = self.positions.get(label, self.table.sample.width)
        if at < self.table.sample.width:
            return self.table.sample[:, at]
        for position, members in self.folded.items():
            if label in members and position < self.table.sample.width:
                return unfold(self.table.sample[:, position], {label: members[label]}).struct.field(label)
        return pl.Series(dtype=pl.String())

    def read(self, labels: Iterable[str]) -> tuple[Rows, pl.LazyFrame]:
        """What the table gives, and a frame with `row_no` and a column a label; unknown ones are null."""
        rows = self.told(labels, ())
        return rows, rows.events

    def told(
        self,
        labels: Iterable[str],
        openings: Sequence[tuple[Opening, Sequence[str]]],
        then: Then = lambda frame: frame,
        words: Words | None = None,
    ) -> Rows:
        """Likewise, besides the labels of these openings, and what they are made of where that is not read at once;
        and what `then` makes of all that. Of `words` those come as such that stand inside of other texts.
        """
        within = [one for one in openings if self._is_within(one[0])]
        others = [one for one in openings if one not in within]
        labels = sorted({*labels, *(label for opening, _ in others for label in opening.of)})
        plain = [label for label in labels if label in self.positions]
        opened = {
            at: {label: key for label, key in members.items() if label in labels and label not in plain}
            for at, members in self.folded.items()
        }
        texts = [pl.col(f"c{at}").cast(pl.String()).alias(f"folded {at}") for at in opened if opened[at]]
        lists = [self._opened(*one).alias(f"list {at}") for at, one in enumerate(within)]
        known = {*plain, *(label for members in opened.values() for label in members)}

        words = words or {}
        insides = [_opened(f"folded {at}", members, words) for at, members in opened.items() if members]
        structs = [opening.opened(wanted, words) for opening, wanted in others]

        def made(rows: pl.LazyFrame) -> pl.LazyFrame:
            frame = rows.unnest([f"list {at}" for at in range(len(lists))])
            for inside in insides:
                frame = frame.with_columns(inside).unnest(inside.meta.output_name())
            frame = frame.with_columns(
                pl.lit(None, pl.String()).alias(one) for one in labels if one not in known
            )
            for struct in structs:
                frame = frame.with_columns(struct).unnest("opened")
            return then(frame)

        return self._table(within).told([*map(self._column, plain), *texts, *lists], made)

    def _is_within(self, opening: Opening) -> bool:
        """Whether it is read with the lines."""
        return (
            opening.within is not None
            and opening.of[0] in self.positions
            and isinstance(self.table, JsonLines)
        )

    def _table(self, within: Sequence[tuple[Opening, Sequence[str]]]) -> Table:
        if not (within and isinstance(self.table, JsonLines)):
            return self.table
        return replace(self.table, texts=frozenset(self.positions[opening.of[0]] for opening, _ in within))

    def _opened(self, opening: Opening, labels: Sequence[str]) -> pl.Expr:
        """The labels of an opening as a struct, of one block of lines."""
        read = opening.within or opening.read
        return pl.map_batches(
            [pl.col(f"c{self.positions[opening.of[0]]}")],
            lambda lists: read(lists, labels).select(labels).to_struct(),
            return_dtype=pl.Struct({label: opening.labels[label] for label in labels}),
            is_elementwise=True,
        )

    def _column(self, label: str) -> pl.Expr:
        column = pl.col(f"c{self.positions[label]}")
        return (column if label in self.natural else column.cast(pl.String())).alias(label)


def found(
    table: Table,
    names: Names,
    natural: frozenset[str] = frozenset(),
    lists: Mapping[str, pl.DataType] | None = None,
    foreseen: Collection[str] | None = None,
) -> Fields:
    """Find the labels of `names`; those of `lists` come with these types where the file can.

    A sample misses what is rare, so of JSON the whole file is asked. With `foreseen`, keys that are known to be there,
    only its beginning is, and reading raises `OtherKeys` when it meets more.
    """
    if isinstance(table, JsonLines):
        table = _with_paths(table, _unseen(table, names), foreseen)
    places = {name: at for at, name in reversed(list(enumerate(table.names)))}
    outer = {places[name] for theirs in names.values() for name in map(_outer, theirs) if name in places}
    texts = {at for at in outer if _folds(table, at)}
    positions, folded = {}, dict[int, dict[str, str]]()
    for label, theirs in names.items():
        if (at := next((places[one] for one in theirs if one in places), None)) is not None:
            positions[label] = at
        elif (inside := next((one for one in theirs if places.get(_outer(one)) in texts), None)) is not None:
            folded.setdefault(places[_outer(inside)], {})[label] = inside.partition(".")[2]
    lists = lists or {}
    table = table.nested({positions[label]: dtype for label, dtype in lists.items() if label in positions})
    return Fields(table, positions, folded, natural | set(lists))


def _unseen(table: Table, names: Names) -> list[str]:
    """Names of labels that the sample shows under none of their names."""
    seen = set(table.names)
    unseen = (theirs for theirs in names.values() if not seen & {*theirs, *map(_outer, theirs)})
    return [name for theirs in unseen for name in theirs]


def _outer(name: str) -> str:
    outer, dot, _ = name.partition(".")
    return outer if dot else ""


def _folds(table: Table, at: int) -> bool:
    """Whether the column there may hold objects as texts: some sampled value is one, or there is none to look at."""
    known = table.sample[:, at].cast(pl.String()).drop_nulls() if at < table.sample.width else pl.Series()
    return known.is_empty() or bool(known.str.contains(r"^\s*\{").any())


def _opened(column: str, members: Mapping[str, str], words: Words) -> pl.Expr:
    types = dict.fromkeys(members, pl.String()) | _among(words, members)
    read = _members(members)
    typed = [pl.col(label).cast(dtype) for label, dtype in types.items()]
    known = Remembered(lambda texts: read(texts).select(typed), types)
    return pl.col(column).map_batches(
        lambda texts: known.of(texts).to_struct(texts.name),
        return_dtype=pl.Struct(types),
        is_elementwise=True,
    )


def _among(words: Words, labels: Iterable[str]) -> dict[str, pl.DataType]:
    return {label: words[label] for label in labels if label in words}


def unfold(texts: pl.Series, members: Mapping[str, str]) -> pl.Series:
    """Members of JSON objects as a struct of texts, by label; null where there is none."""
    return _members(members)(texts.fill_null("{}")).to_struct(texts.name)


def _members(members: Mapping[str, str]) -> Callable[[pl.Series], pl.DataFrame]:
    folded = Folded(list(dict.fromkeys(members.values())))

    def read(texts: pl.Series) -> pl.DataFrame:
        frame = folded.read(texts)
        return pl.DataFrame([frame[key].alias(label) for label, key in members.items()])

    return read


def _with_paths(table: JsonLines, names: Sequence[str], foreseen: Collection[str] | None) -> JsonLines:
    """The table with paths for what the sample does not show and the file has, however seldom."""
    leaves = set(table.paths)
    branches = {path[:end] for path in leaves for end in range(1, len(path))}
    unseen = []
    for name in dict.fromkeys(names):
        path = tuple(name.split("."))
        is_inside = any(path[:end] in leaves for end in range(1, len(path) + 1))
        if not is_inside and path not in branches:
            unseen.append(path)
    keys = frozenset(path[-1] for path in unseen)
    words = _mentioned(table, keys, foreseen) if unseen else frozenset()
    more = [path for path in unseen if path[-1] in words and len(path) <= 4]
    more = [path for path in more if not any(path[:end] in more for end in range(1, len(path)))]
    return replace(
        table,
        names=(*table.names, *(".".join(path) for path in more)),
        paths=(*table.paths, *more),
        watched=keys - words if foreseen is not None else frozenset(),
    )


def _mentioned(table: JsonLines, names: frozenset[str], foreseen: Collection[str] | None) -> frozenset[str]:
    """Which of these names are keys in the file: empty columns cost as much to read as full ones."""
    try:
        # What is frequent is found in the first lines, and need not be looked for in all others.
        found = keys_in(_lines(table.text.head(FIRST_BYTES)), names)
        if foreseen is not None:
            return found.union(foreseen).intersection(names)
        for block in pieces_of(table.text.source):
            found |= keys_in(_lines(block), names - found)
    except PolarsError:
        return frozenset(names)
    return found


def _lines(text: bytes) -> pl.Series:
    return pl.scan_lines(text, name="line").collect(engine="in-memory")["line"]
