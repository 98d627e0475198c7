"""Partitions of a frame as shards: what the driver asks of Spark, and what a worker does with its Arrow batches."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import field
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, TypeVar

from friction.values import dataclass

if TYPE_CHECKING:
    from friction.engines.columns import Understood
    from friction.engines.job import Handed, Shards

Result = TypeVar("Result")
PIECE = 32 << 20
"""Bytes of an answer that travel as one value: Arrow holds no value of 2 GB."""
ANSWER = "shard string, piece int, pieces int, answer binary"
GENERIC = "generic"
"""As `friction.engines.job` calls a plain table; a worker loads that only after it said how many threads it has."""
KEY = "friction_session"
"""The column that rows are brought together by."""


@dataclass(frozen=True)
class Partitions:
    """Shards as partitions of a frame, each with whole sessions."""

    frame: Any
    are_answers: bool = False
    """The rows are those of `ANSWER`: a shard is what they come to, and a partition may hold several."""
    others: list[Any] = field(default_factory=list)
    """What was left beside this frame."""

    @classmethod
    def of(cls, events: Any, table: Understood, shards: int) -> Partitions:
        """The rows of a frame, those of a session together.

        They are gone through several times, so they are kept on the disks of the workers where the engine can.
        """
        kept = events.select(*(_quoted(name) for name in table.columns))
        keys = ", ".join(_said(key, is_plain=table.job.source == GENERIC) for key in table.job.keys)
        # By what Spark makes of the words, not by what Polars does: the two must never be mixed.
        rows = kept.selectExpr("*", f"coalesce({keys}) AS {KEY}").repartition(shards, KEY).drop(KEY)
        return cls(_persisted(rows) or rows)

    def each(self, work: Callable[[Path], Result]) -> Iterator[Result]:
        """What `work` says of each partition that has rows."""
        frame = self.frame.mapInArrow(_answering(pickle.dumps(work), again=self.are_answers), ANSWER)
        yield from _answers(frame)

    def in_turn(self, work: Callable[[Path], Result]) -> Iterator[Result]:
        """The same, one partition after the other."""
        frame = self.frame.mapInArrow(_answering(pickle.dumps(work), again=self.are_answers), ANSWER)
        yield from _answers_in_turn(frame)

    def left(self, work: Callable[[Path], bytes | None]) -> Shards:
        """What `work` says of each partition, on the disks of the workers where the engine can keep it, else here."""
        frame = self.frame.mapInArrow(_answering(pickle.dumps(work), again=self.are_answers), ANSWER)
        kept = _persisted(frame)
        if kept is None:
            here = Fetched.of(_answers_in_turn(frame))
            self.others.append(here)
            return here
        self.others.append(kept)
        kept.count()  # all partitions at a time, since they may be fetched one by one
        return Partitions(kept, are_answers=True)

    def hand(self, told: Mapping[str, bytes]) -> Handed:
        """It travels with every piece of work."""
        from friction.engines.job import Along

        return Along(told)

    def free(self) -> None:
        """Let the workers forget the rows."""
        for frame in (self.frame, *self.others):
            with suppress(Exception):  # an engine that cannot keep them has nothing to forget
                frame.unpersist()


@dataclass(frozen=True)
class Fetched:
    """What was said of shards, as files of this machine, where no worker can keep it."""

    folder: TemporaryDirectory[str]

    @classmethod
    def of(cls, answers: Iterable[bytes | None]) -> Fetched:
        """One file each."""
        folder = TemporaryDirectory(prefix="friction-")
        for number, data in enumerate(each for each in answers if each is not None):
            (Path(folder.name) / f"shard-{number}").write_bytes(data)
        return cls(folder)

    def each(self, work: Callable[[Path], Result]) -> Iterator[Result]:
        """One after the other."""
        for path in sorted(Path(self.folder.name).iterdir()):
            yield work(path)

    in_turn = each

    def left(self, work: Callable[[Path], bytes | None]) -> Shards:
        """Files again."""
        return Fetched.of(self.each(work))

    def hand(self, told: Mapping[str, bytes]) -> Handed:
        """It is here."""
        from friction.engines.job import Along

        return Along(told)

    def unpersist(self) -> None:
        """Remove them; called like that of a frame."""
        self.folder.cleanup()


def _answers(frame: Any) -> Iterator[Any]:
    """The answers in a frame of `ANSWER`."""
    answers: dict[str, list[tuple[int, bytes]]] = {}
    rows = frame.collect()
    while rows:
        row = rows.pop()
        answers.setdefault(row["shard"], []).append((row["piece"], row["answer"]))
    while answers:
        yield unpacked(answers.popitem()[1])


def _answers_in_turn(frame: Any) -> Iterator[Any]:
    """The same, each as soon as its last piece came; engines may mix the rows of partitions."""
    answers: dict[str, list[tuple[int, bytes]]] = {}
    for row in frame.toLocalIterator():
        pieces = answers.setdefault(row["shard"], [])
        pieces.append((row["piece"], row["answer"]))
        if len(pieces) == row["pieces"]:
            yield unpacked(answers.pop(row["shard"]))


def _persisted(frame: Any) -> Any:
    """The frame, kept by the workers; null where the engine cannot."""
    try:
        from pyspark import StorageLevel

        kept = frame.persist(StorageLevel.DISK_ONLY)
        return kept if kept.storageLevel.useDisk else None
    except Exception:  # engines without it say so in many ways, or not at all
        return None


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def _said(name: str, *, is_plain: bool) -> str:
    """What a cell says; of a plain table, as `friction.sources.casts.identity` sees it."""
    from friction.sources.casts import NOBODY

    text = f"CAST({_quoted(name)} AS STRING)"
    words = ", ".join("'" + word.replace("\\", "\\\\") + "'" for word in NOBODY)
    return f"CASE WHEN {text} NOT IN ({words}) THEN {text} END" if is_plain else text


def _answering(told: bytes, *, again: bool) -> Callable[[Iterable[Any]], Iterator[Any]]:
    """The function that a worker runs over the batches of one partition; it carries nothing but bytes."""

    def run(batches: Iterable[Any]) -> Iterator[Any]:
        # A worker has one core, as a rule: Polars must hear it before anything else does.
        os.environ.setdefault("POLARS_MAX_THREADS", "1")
        from friction.engines.partitions import answered, answered_again

        yield from (answered_again if again else answered)(told, batches)

    return run


def answered(told: bytes, batches: Iterable[Any]) -> Iterator[Any]:
    """What the pickled work says of these Arrow batches, as batches of `ANSWER`; nothing where there are no rows."""
    with TemporaryDirectory(prefix="friction-") as folder:
        path = Path(folder) / "shard.parquet"
        if not spooled(batches, path):
            return
        data = pickle.dumps(pickle.loads(told)(path))
    yield from _pieces(data)


def answered_again(told: bytes, batches: Iterable[Any]) -> Iterator[Any]:
    """What the pickled work says of each answer in these batches of `ANSWER`, but for answers that are nothing."""
    answers: dict[str, list[tuple[int, bytes]]] = {}
    for batch in batches:
        for row in batch.to_pylist():
            answers.setdefault(row["shard"], []).append((row["piece"], row["answer"]))
    work = pickle.loads(told)
    while answers:
        content = unpacked(answers.popitem()[1])
        if content is not None:
            with TemporaryDirectory(prefix="friction-") as folder:
                path = Path(folder) / "shard"
                path.write_bytes(content)
                data = pickle.dumps(work(path))
            yield from _pieces(data)


def _pieces(data: bytes) -> Iterator[Any]:
    import pyarrow as pa

    shard, starts = token_hex(8), range(0, len(data), PIECE)
    types = [("shard", pa.string()), ("piece", pa.int32()), ("pieces", pa.int32()), ("answer", pa.binary())]
    for number, start in enumerate(starts):
        of = {"shard": [shard], "piece": [number], "pieces": [len(starts)]}
        piece = {**of, "answer": [data[start : start + PIECE]]}
        yield pa.RecordBatch.from_pydict(piece, pa.schema(types))


def unpacked(pieces: Iterable[tuple[int, bytes]]) -> Any:
    """The answer again, of which a worker of ours made these pieces."""
    return pickle.loads(b"".join(data for _, data in sorted(pieces)))


def spooled(batches: Iterable[Any], path: Path) -> int:
    """Write batches to a Parquet file as they come; how many rows there were."""
    import pyarrow.parquet as pq

    rows, writer = 0, None
    try:
        for batch in batches:
            if batch.num_rows:
                writer = writer or pq.ParquetWriter(path, batch.schema, compression="lz4")
                writer.write_batch(batch)
                rows += batch.num_rows
    finally:
        if writer is not None:
            writer.close()
    return rows
