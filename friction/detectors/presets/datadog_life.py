"""How long Datadog keeps looking at a click, and whether anything happened.

The life of a click begins at its release and ends when nothing happened for 0.1 s: changes of the page, new windows,
starts and ends of requests prolong it. While a request that started in this life is pending it stays open, for 10 s
at most. A page that is left ends it at once.
"""

from __future__ import annotations

from collections import deque

import numpy as np
import polars as pl

from friction.detectors.presets.tape import NEVER, Longs, Tape, Truths, any_within, first_after, us
from friction.values import dataclass

QUIET_US, LONGEST_US = us(100), us(10_000)


@dataclass(frozen=True)
class Lives:
    """By click: when its life ended, on the clock, and whether there was any activity."""

    ends: Longs
    active: Truths


def lives(tape: Tape, clicks: Longs) -> Lives:
    """The life of each click."""
    up, down = tape.at[clicks], (tape.at - tape.press_us)[clicks]
    stirs = tape.is_a("mutation", "window_open", "request")
    early = any_within(tape.at[stirs], down, down + QUIET_US)
    story = _Story.of(tape)
    views = np.flatnonzero(view_ends(tape))
    left = np.append(tape.at[views], NEVER)[first_after(views, clicks)]
    ends, active = up + QUIET_US, early.copy()
    following = np.searchsorted(story.place, clicks, side="right")
    first = np.minimum(np.append(story.at, NEVER)[following], left)
    for number in np.flatnonzero(first < ends):
        end, happened = story.life(int(up[number]), int(left[number]), int(following[number]))
        ends[number] = end
        active[number] |= happened
    return Lives(ends, active)


def view_ends(tape: Tape) -> Truths:
    """By place: the page is left, or the route changes to another path than the last one that is known."""
    url = tape.frame.select(pl.col("url").rank("dense").cast(pl.Int64).fill_null(0)).to_series().to_numpy()
    place = np.arange(len(tape))
    known = np.maximum.accumulate(np.where(url > 0, place, -1))
    last = np.append(-1, known[:-1])[: len(tape)]
    same = (url > 0) & (last >= 0) & (url[last] == url) & (tape.stream[last] == tape.stream)
    return np.asarray(tape.is_a("page_leave") | (tape.is_a("route_change") & ~same))


@dataclass(frozen=True)
class _Story:
    """Everything that counts as activity, in order: rows, and the ends of requests that say how long they took."""

    at: Longs
    place: Longs
    """The row's place; of an end that is told by its request's row, that of the last row before it."""
    request: Longs
    """Of the end of a request the place of its start (-2: of none), of its start its own place; else -1."""
    is_end: Truths

    @classmethod
    def of(cls, tape: Tape) -> _Story:
        starts, ends = tape.places("request"), tape.places("request_end")
        took = tape.numbers("duration_ms")[starts]
        timed = ~np.isnan(took)
        lasting = np.round(np.where(timed, took, 0.0) * 1_000).astype(np.int64)
        ended = tape.at[starts[timed]] + lasting[timed]
        stirs = tape.places("mutation", "window_open")
        at = np.concatenate([tape.at[stirs], tape.at[starts], tape.at[ends], ended])
        behind = np.maximum(np.searchsorted(tape.at, ended) - 1, starts[timed])
        place = np.concatenate([stirs, starts, ends, behind])
        request = np.concatenate(
            [np.full(len(stirs), -1), starts, _matched(tape, starts[~timed], ends), starts[timed]]
        )
        is_end = np.arange(len(at)) >= len(stirs) + len(starts)
        order = np.lexsort((is_end, place, at))
        return cls(at[order], place[order], request[order], is_end[order])

    def life(self, up: int, left: int, number: int) -> tuple[int, bool]:
        """When the life of a click ends, and whether anything happened. `left`: the page; `number`: of what follows."""
        end, latest, happened = up + QUIET_US, up + LONGEST_US, False
        pending: set[int] = set()
        while number < len(self.at):
            at, request = int(self.at[number]), int(self.request[number])
            if at >= min(end, left):
                break
            if not self.is_end[number]:
                if request >= 0:
                    pending.add(request)
            elif request in pending:
                pending.remove(request)
            else:
                number += 1
                continue
            happened = True
            end = latest if pending else min(at + QUIET_US, latest)
            number += 1
        return (left, True) if left < end else (end, happened)


def _matched(tape: Tape, starts: Longs, ends: Longs) -> Longs:
    """By end row: the place of the request it ends, by `request_id`, else the oldest open one; -2 for none."""
    names = tape.frame["request_id"].to_list()
    waiting: dict[tuple[int, str | None], deque[int]] = {}
    found = dict.fromkeys(ends.tolist(), -2)
    open_ends = found.copy()
    for place in sorted([*starts.tolist(), *ends.tolist()]):
        key = (int(tape.stream[place]), names[place])
        if place not in open_ends:
            waiting.setdefault(key, deque()).append(place)
        elif waiting.get(key):
            found[place] = waiting[key].popleft()
    return np.array([found[place] for place in ends.tolist()], dtype=np.int64)
