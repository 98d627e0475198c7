"""Objects of a bucket: which there are, and their bytes.

The listing is made once; each object is then asked for under the mark (`ETag`) it had in it, so that what arrives is
what was listed, or nothing. As in every tool that writes lakes, what begins with `_` or `.` below the folder that was
asked for is no data.
"""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from friction.errors import FrictionError, MissingExtra
from friction.fetch import faults, lakes
from friction.fetch.budget import Budget
from friction.places.address import Place
from friction.places.fetching import Fetched, Item
from friction.places.kinds import LOGS, Lake, kind_of
from friction.values import dataclass

Progress = Callable[[str, float, int], None]
AT_ONCE = 8
CHUNK = 4 << 20
CLIENT = {"connect_timeout": "5s", "timeout": "1h"}
RETRIES: Any = {"max_retries": 3, "retry_timeout": dt.timedelta(seconds=30)}
_WILD = re.compile(r"[*?\[]")


@dataclass(frozen=True)
class Listing:
    """What was asked for: objects below `prefix` (which ends with `/` or is empty), a table where `lake` says so."""

    store: Any
    prefix: str
    objects: Sequence[dict[str, Any]]
    lake: Lake | None = None


def items(place: Place, budget: Budget) -> list[Item]:
    """What there is, by name; a table of a lake is one item, which changes with every entry of its log."""
    with _named(place.name):
        found = _listing(place, budget)
    if found.lake:
        log = [each for each in found.objects if _below(each, found).startswith(LOGS[found.lake])]
        newest = max(log, key=lambda each: (each["last_modified"], each["path"]))
        return [Item(place.at, None, f"{_below(newest, found)} {newest['e_tag']}")]
    return [Item(_name(place, each), each["size"], each["e_tag"]) for each in found.objects]


def fetched(
    place: Place, into: Path, only: Collection[str] | None, budget: Budget, progress: Progress
) -> list[Fetched]:
    """The objects as files of the folder `into`; of a table its log and its live files below `into/table`."""
    with _named(place.name):
        found = _listing(place, budget)
        if found.lake:
            return [_table(place, found, into / "table", budget, progress)]
        chosen = [each for each in found.objects if only is None or _name(place, each) in only]
        budget.expect([each["size"] for each in chosen], place.name)
        paths = [into / f"{number:06}" for number in range(len(chosen))]
        _copy(found.store, list(zip(chosen, paths, strict=True)), place, budget, progress)
    return [
        Fetched(_name(place, each), str(path), each["size"], each["e_tag"])
        for each, path in zip(chosen, paths, strict=True)
    ]


def _table(place: Place, found: Listing, root: Path, budget: Budget, progress: Progress) -> Fetched:
    assert found.lake is not None
    by_name = {_below(each, found): each for each in found.objects}
    log = lakes.log(found.lake, by_name)
    _copy(found.store, [(by_name[name], root / name) for name in log], place, budget, None)
    live = [*lakes.live(found.lake, root, place.name), *lakes.marks_of_deletion(found.lake, by_name)]
    if lost := [name for name in live if name not in by_name]:
        raise faults.MISSING.error(f"{place.at.rstrip('/')}/{lost[0]}")
    data = [(by_name[name], root / name) for name in live]
    budget.expect([each["size"] for each, _ in data], place.name)
    _copy(found.store, data, place, budget, progress)
    return Fetched(place.at, str(root), budget.taken, None, found.lake)


def _listing(place: Place, budget: Budget) -> Listing:
    store = _opened(place)
    key = place.at.partition("://")[2].partition("/")[2]
    if key and not key.endswith("/"):
        if (one := _head(store, key)) is not None:
            return Listing(store, key.rpartition("/")[0], [one])
        if _WILD.search(key):
            return _matching(store, key, place, budget)
        key += "/"
    return _folder(store, key, place, budget)


def _folder(store: Any, prefix: str, place: Place, budget: Budget) -> Listing:
    found = Listing(store, prefix, list(_listed(store, prefix, place, budget)))
    if lake := kind_of(_below(each, found) for each in found.objects):
        return Listing(store, prefix, found.objects, lake)
    return _or_missing(
        Listing(store, prefix, [each for each in found.objects if _is_data(_below(each, found))]), place
    )


def _matching(store: Any, key: str, place: Place, budget: Budget) -> Listing:
    start = key[: _WILD.search(key).start()].rpartition("/")[0]  # type: ignore[union-attr]
    prefix, pattern = f"{start}/" if start else "", _pattern(key)
    found = [
        each
        for each in _listed(store, prefix, place, budget)
        if pattern.fullmatch(each["path"]) and _is_data(each["path"][len(prefix) :])
    ]
    return _or_missing(Listing(store, prefix, found), place)


def _or_missing(found: Listing, place: Place) -> Listing:
    if not found.objects:
        raise faults.MISSING.error(place.name)
    return found


def _listed(store: Any, prefix: str, place: Place, budget: Budget) -> Iterator[dict[str, Any]]:
    """All objects below, by key; folders that some tools write as empty objects are none."""
    found: list[dict[str, Any]] = []
    for chunk in store.list(prefix or None):
        found += [each for each in chunk if each["size"] or not each["path"].endswith("/")]
        if len(found) > budget.limits.objects:
            raise budget.limits.refusal("objects", file=place.name)
    return iter(sorted(found, key=lambda each: str(each["path"])))


def _head(store: Any, key: str) -> dict[str, Any] | None:
    try:
        return dict(store.head(key))
    except FileNotFoundError:
        return None


def _copy(
    store: Any,
    wanted: Sequence[tuple[dict[str, Any], Path]],
    place: Place,
    budget: Budget,
    progress: Progress | None,
) -> None:
    """All of them, several at a time; the first fault ends the rest."""
    whole = sum(each["size"] for each, _ in wanted) or 1
    before = budget.taken

    def one(pair: tuple[dict[str, Any], Path]) -> None:
        about, path = pair
        path.parent.mkdir(parents=True, exist_ok=True)
        mark = {"if_match": about["e_tag"]} if about["e_tag"] else {}
        with _named(_name(place, about)), path.open("xb") as file:
            for chunk in store.get(about["path"], options=mark).stream(min_chunk_size=CHUNK):
                budget.take(len(chunk), place.name)
                file.write(chunk)
                if progress is not None:
                    progress("fetching", min(1.0, (budget.taken - before) / whole), 0)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        try:
            for _ in pool.map(one, wanted):
                pass
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _opened(place: Place) -> Any:
    try:
        from obstore.store import from_url
    except ImportError:
        raise MissingExtra(
            "extra.missing",
            "buckets are read by a package that is not installed",
            remedy="pip install 'friction-analyser[buckets]'",
            file=place.name,
        ) from None
    bucket = "/".join(place.at.split("/", 3)[:3])
    # An endpoint without TLS is a choice of whoever set it, so it holds.
    plain = any(value.startswith("http://") for name, value in os.environ.items() if "ENDPOINT" in name)
    options: Any = {**CLIENT, "allow_http": plain}
    return from_url(bucket, client_options=options, retry_config=RETRIES)


@contextmanager
def _named(name: str) -> Iterator[None]:
    """Faults of the library under our names."""
    try:
        yield
    except FrictionError:
        raise
    except Exception as fault:
        raise faults.of_bucket(fault, name) from None


def _name(place: Place, about: dict[str, Any]) -> str:
    return "/".join((*place.at.split("/", 3)[:3], about["path"]))


def _below(about: dict[str, Any], found: Listing) -> str:
    return str(about["path"])[len(found.prefix) :]


def _is_data(name: str) -> bool:
    return not any(part.startswith(("_", ".")) for part in name.split("/"))


def _pattern(glob: str) -> re.Pattern[str]:
    """`*` and `?` within a folder, `**` over any number of them, `[…]` as usual."""
    parts = re.split(r"(\*\*/?|\*|\?|\[[^\]]+\])", glob)
    said = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return re.compile(
        "".join(
            said.get(part)
            or (part.replace("[!", "[^") if part.startswith("[") and len(part) > 2 else re.escape(part))
            for part in parts
        ),
        re.DOTALL,
    )
