"""Events out of a data set: those of a visitor, and those of days that are kept no longer.

Only the files in which they lie are written anew, with every other row as it is; the manifest that no longer names the
old ones is the commit, after which they are removed. What their files said of themselves is corrected by what went.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl

from friction.lake.files import INDEX, WHO, read_index, write_part, write_table
from friction.lake.manifest import Delivery, Manifest, PartFile, writing
from friction.lake.recordings import forget
from friction.privacy.columns import Policy
from friction.privacy.identities import visitor

Goes = Callable[[pl.DataFrame], pl.Series]
"""Which rows of a table go, as truths."""


def erase(dataset: Path, visitors: Sequence[str], policy: Policy) -> dict[str, Any]:
    """Take every session of these visitors out: ids as exports have them, or as reports show them.

    A session that was theirs for one event goes as a whole. The answer: `sessions`, `rows`, `days` and `files`, how
    much of each went or was written anew; all 0 when there is no such visitor, or no data set.
    """
    names = pl.Series(sorted({visitor(each, policy.key) for each in visitors}), dtype=pl.String()).implode()

    def theirs(table: pl.DataFrame) -> pl.Series:
        asked = [name for name in ("session_id", *WHO) if name in table.columns]
        said = pl.any_horizontal(pl.col(name).is_in(names).fill_null(value=False) for name in asked)
        sessions = table.filter(said)["session_id"].drop_nulls().unique().implode()
        of_session = pl.col("session_id").is_in(sessions).fill_null(value=False)
        return table.select(of_session | said).to_series()

    with writing(dataset):
        manifest = Manifest.of(dataset)
        return _nothing() if manifest is None else _Taking(dataset, manifest).those_of(theirs)


def trim(dataset: Path, before: str) -> dict[str, Any]:
    """Take all days before this date (ISO 8601) out; the answer as that of `erase`."""
    with writing(dataset):
        manifest = Manifest.of(dataset)
        return _nothing() if manifest is None else _Taking(dataset, manifest).days(before)


def _nothing() -> dict[str, Any]:
    return {"sessions": 0, "rows": 0, "days": 0, "files": 0}


class _Taking:
    """One commit that takes something out."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self._folder, self._manifest, self._number = folder, manifest, manifest.commit + 1
        self._index = read_index(folder, manifest)
        self._gone: Counter[int] = Counter()
        """Rows that went, by the id of their file."""
        self._files = 0

    def those_of(self, theirs: Goes) -> dict[str, Any]:
        """Sessions, wherever they lie."""
        goes = theirs(self._index)
        sessions = self._index.filter(goes)["session_id"].unique()
        touched = set(self._index.filter(goes)["path"].to_list())
        days = {part.day for part in self._manifest.parts if part.path in touched}

        def by_session(table: pl.DataFrame) -> pl.Series:
            known = table["session_id"].is_in(sessions.implode()).fill_null(value=False)
            return known | theirs(table)

        kept = [
            self._rewritten(part, by_session) if part.path in touched else part
            for part in self._manifest.parts
        ]
        waiting = [left for path in self._manifest.open if (left := self._without(path, by_session, "open"))]
        deliveries = [self._without_said(delivery, by_session) for delivery in self._manifest.deliveries]
        if not touched and not self._files:
            return _nothing()
        forget(self._folder, set(sessions))
        named = {
            part.path: after.path for part, after in zip(self._manifest.parts, kept, strict=True) if after
        }
        index = self._index.filter(~goes).with_columns(pl.col("path").replace(named))
        self._commit([part for part in kept if part], index, waiting, deliveries)
        rows = sum(self._gone.values())
        return {"sessions": sessions.len(), "rows": rows, "days": len(days), "files": self._files}

    def days(self, before: str) -> dict[str, Any]:
        """Whole days."""
        old = [part for part in self._manifest.parts if part.day < before]
        if not old:
            return _nothing()
        for part in old:
            self._note(pl.read_parquet(self._folder / part.path, columns=["file_id"], glob=False))
        paths = pl.Series([part.path for part in old]).implode()
        kept = [part for part in self._manifest.parts if part.day >= before]
        index = self._index.filter(~pl.col("path").is_in(paths))
        forget(self._folder, set(self._index["session_id"]) - set(index["session_id"]))
        self._files = len(old)
        self._commit(kept, index, self._manifest.open, self._manifest.deliveries)
        days = len({part.day for part in old})
        sessions = sum(part.sessions for part in old if part.stream is None)
        return {"sessions": sessions, "rows": sum(self._gone.values()), "days": days, "files": len(old)}

    def _rewritten(self, part: PartFile, goes: Goes) -> PartFile | None:
        """The file without the rows that go; null when nothing is left of it."""
        rows = pl.read_parquet(self._folder / part.path, glob=False)
        left = self._left(rows, goes)
        if not left.height:
            return None
        sessions = left["session_id"].n_unique() if part.stream is None else 0
        stem = part.path.removesuffix(".parquet").partition("+")[0]
        path = f"{stem}+{self._number:04d}.parquet"
        return write_part(self._folder, left, replace(part, path=path, sessions=sessions))

    def _without(self, path: str, goes: Goes, name: str) -> str | None:
        """Another table of the data set without the rows that go: its name then, or the one it has."""
        rows = pl.read_parquet(self._folder / path, glob=False)
        if not goes(rows).any():
            return path
        left = self._left(rows, goes)
        if not left.height:
            return None
        fresh = f"{name}-{self._number:04d}.parquet"
        write_table(left, self._folder / fresh)
        return fresh

    def _left(self, rows: pl.DataFrame, goes: Goes) -> pl.DataFrame:
        gone = goes(rows)
        self._files += 1
        self._note(rows.filter(gone))
        return rows.filter(~gone)

    def _note(self, gone: pl.DataFrame) -> None:
        self._gone.update(dict(gone["file_id"].value_counts().iter_rows()))

    def _without_said(self, delivery: Delivery, goes: Goes) -> Delivery:
        """What a tool had counted of them, and what they said; sums name nobody."""
        tables = dict(delivery.tables)
        for name, path in delivery.tables.items():
            table = pl.read_parquet(self._folder / path, glob=False)
            if "session_id" not in table.columns or not (gone := goes(table)).any():
                continue
            tables[name] = f"table-{name}-{delivery.number:04d}+{self._number:04d}.parquet"
            write_table(table.filter(~gone), self._folder / tables[name])
            self._files += 1
            records = table.filter(gone).select("file_id", "row_no").unique()
            self._gone.update(dict((records["file_id"] + delivery.first_file).value_counts().iter_rows()))
        return replace(delivery, tables=tables)

    def _commit(
        self, parts: list[PartFile], index: pl.DataFrame, waiting: list[str], deliveries: list[Delivery]
    ) -> None:
        path = f"sessions-{self._number:04d}.parquet"
        write_table(pl.concat([INDEX.to_frame(), index]), self._folder / path)
        corrected = [self._corrected(delivery) for delivery in deliveries]
        manifest = self._manifest.next(parts=parts, index=[path], open=waiting, deliveries=corrected)
        manifest.commit_to(self._folder)

    def _corrected(self, delivery: Delivery) -> Delivery:
        """The books without the records that went, as if they had never been delivered."""
        files = []
        for at, file in enumerate(delivery.files):
            gone = self._gone[delivery.first_file + at]
            fewer = {name: file[name] - gone for name in ("rows_total", "rows_accepted")}
            files.append({**file, **fewer})
        return replace(delivery, files=files)
