"""Recordings and events of products: the right shape with the wrong things in it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from random import Random
from typing import Any

from friction.testing import posthog as made_up
from tests.recordings.build import Tape, el, text
from tests.torture.case import CANARY, Case
from tests.torture.jsons import lines

STRANGE: tuple[Any, ...] = (
    None, True, -1, 0, 2**63, 10**400, 1e300, "", CANARY, "\x1b[2J\u202e", [], [None], {}, {"id": 10}, [[[]]],
    {"a": {"b": {"c": {}}}}, "x" * 100_000,
)  # fmt: skip


def cases(chance: Random) -> Iterator[Case]:
    """All of them."""
    yield from _recordings(chance)
    yield from _posthog(chance)


def tape() -> list[dict[str, Any]]:
    """A short recording with a bit of everything."""
    form = el(10, "form", el(11, "input", name="mail"), el(12, "button", text(13, "Send")))
    made = Tape(form).focus(100, 11).type(200, 11, CANARY).press(1_000, 12)
    made.mutate(1_100, adds=[(10, el(20, "ul"))], texts=[(13, "Sent")]).mutate(1_200, removes=[(10, 20)])
    made.change(1_300, 1, positions=[{"x": 1, "y": 2, "id": 10, "timeOffset": -20}]).change(
        1_400, 3, id=1, x=0, y=9
    )
    made.plugin(1_600, "console", level="error", payload=['"e"'])
    return made.plugin(1_700, "network", requests=[{"name": "/a", "startTime": 5, "status": 500}]).events


def _recordings(chance: Random) -> Iterator[Case]:
    base = tape()
    yield Case("rrweb", json.dumps(base).encode(), len(base))
    yield Case("rrweb_lines", lines(base).encode(), len(base))
    yield Case("rrweb_packed", lines([{**one, "cv": "2024-10"} for one in base]).encode(), len(base))
    yield Case("rrweb_twice", json.dumps([base, base]).encode(), 2 * len(base))
    yield Case("rrweb_back", json.dumps(base[::-1]).encode(), len(base))
    whole = json.dumps(base).encode()
    for number in range(25):
        yield Case(f"rrweb_cut_{number}", whole[: chance.randrange(1, len(whole))])
        yield Case(f"rrweb_strange_{number}", json.dumps(_strange(base, chance, 1 + number)).encode())
    for depth in (50, 300, 900, 5_000):
        nested = '{"type":2,"id":9,"tagName":"i","attributes":{},"childNodes":[' * depth + "]}" * depth
        deep = whole.decode().replace('"childNodes": []', f'"childNodes": [{nested}]', 1)
        yield Case(f"rrweb_deep_{depth}", deep.encode())
        yield Case(f"rrweb_wrapped_{depth}", ('{"data":' * depth + whole.decode() + "}" * depth).encode())
    for stamp in (0, -1, 1e14, 1e300, "x", None, "2026-03-02T09:00:00Z"):
        yield Case(f"rrweb_time_{stamp}", json.dumps([{**one, "timestamp": stamp} for one in base]).encode())
    for field in ("timestamp", "type", "data"):
        bare = [{key: part for key, part in one.items() if key != field} for one in base]
        yield Case(f"rrweb_without_{field}", json.dumps(bare).encode())


def _posthog(chance: Random) -> Iterator[Case]:
    base = posthog()
    yield Case("posthog", json.dumps({"results": base}).encode(), len(base))
    yield Case("posthog_lines", lines(base).encode(), len(base))
    whole = json.dumps({"results": base}).encode()
    for number in range(25):
        changed = _strange(base, chance, 1 + number % 5)
        yield Case(f"posthog_cut_{number}", whole[: chance.randrange(1, len(whole))])
        yield Case(f"posthog_strange_{number}", lines(changed).encode(), len(base))
    for bad in ("{", "[]", "null", '"x"', CANARY, "{" * 2_000, '{"$current_url": 1}'):
        folded = [{**one, "properties": bad} for one in base]
        yield Case(f"posthog_folded_{bad[:8]}", lines(folded).encode(), len(base))
        one = [{**base[0], "properties": bad}, *base[1:]]
        yield Case(f"posthog_one_folded_{bad[:8]}", lines(one).encode(), len(base))


def posthog() -> list[dict[str, Any]]:
    """Some events as lines have them, with their elements as a list."""
    return made_up.old(made_up.events(1, seed=7))


def _strange(values: list[Any], chance: Random, times: int) -> list[Any]:
    """A copy with something else in some places inside the records."""
    changed = deepcopy(values)
    for _ in range(times):
        holder, key = chance.choice([place for one in changed for place in _places(one)])
        holder[key] = deepcopy(chance.choice(STRANGE))
    return changed


def _places(value: Any) -> list[tuple[Any, Any]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for key, part in inside for place in [(value, key), *_places(part)]]
