"""JSON and JSON lines: what is no JSON, what is too much of it, and what changes its type midway."""

from __future__ import annotations

import json
from collections.abc import Iterator
from random import Random
from typing import Any

from tests.torture.case import CANARY, ROWS, Case, records

NOT_JSON = (
    "{,}", "{'a': 1}", '{"a": NaN}', '{"a": Infinity}', '{"a": 01}', '{"a": 1,}', '{"a" 1}', '{"a": tru}',
    '{"a": "\x01"}', '{"a": "\\x"}', '{"a": "\\ud83d"}', '{"a": .5}', '{"a": +1}', "{a: 1}", '{"a": 1} x', "]", "}",
    "", '{"a":', "[1,2", '"', "nul", '{"a": /* c */ 1}', '{"a": 1e}', "\x1e{}", '{"\\u0000": 1}',
)  # fmt: skip
ODD_VALUES: tuple[Any, ...] = (
    None, True, 0, -0.0, 1e308, 2**63, 2**64, 10**400, "", "\x00", "\u202e", "\x1b[2J", [], {}, [[[]]], [{}],
    {"a": None}, {"": 1}, ["a", 1, None], "=cmd", "\\N", "null", 1.5, "x" * 70_000,
)  # fmt: skip
PLACES = ("timestamp", "session_id", "event", "url", "target")


def cases(chance: Random) -> Iterator[Case]:
    """All of them."""
    for name, content in {"lines": lines(records()), "list": json.dumps(records())}.items():
        yield Case(f"json_{name}", content.encode(), ROWS, ROWS)
    yield from _bad_lines()
    yield from _types()
    yield from _shapes()
    yield from _encodings()
    yield from _deep()
    yield from _torn(chance)


def lines(values: list[Any]) -> str:
    """One JSON text a line."""
    return "".join(json.dumps(value) + "\n" for value in values)


def _bad_lines() -> Iterator[Case]:
    whole = lines(records()).splitlines(keepends=True)
    for number, bad in enumerate(NOT_JSON):
        for at in (0, ROWS // 2, ROWS):
            content = "".join([*whole[:at], bad + "\n", *whole[at:]]).encode("utf-8", "surrogatepass")
            # A blank line is none, and what an escape or a bare name stands for may be read by a lenient reader.
            yield Case(f"bad_line_{number}_{at}", content, ROWS + bool(bad), ROWS)
        yield Case(f"bad_alone_{number}", bad.encode())
    for number, odd in enumerate((1, "x", None, [], [1], True)):
        yield Case(f"no_object_{number}", lines([*records(), odd]).encode(), ROWS + 1, ROWS)
        yield Case(f"no_object_in_list_{number}", json.dumps([*records(), odd]).encode(), ROWS + 1, ROWS)


def _types() -> Iterator[Case]:
    """One value of another type in one record: it may cost that record, never another one."""
    for number, value in enumerate(ODD_VALUES):
        for place in PLACES:
            changed = records()
            changed[5][place] = value
            yield Case(f"type_{place}_{number}", lines(changed).encode(), ROWS, ROWS - 1)
        everywhere = [{**one, "note": value} for one in records()]
        yield Case(f"type_all_{number}", json.dumps(everywhere).encode(), ROWS, ROWS)


def _shapes() -> Iterator[Case]:
    base = records()
    for key in ("events", "results", "data", "rows", "hits", "records", "items", "unknown"):
        yield Case(f"envelope_{key}", json.dumps({key: base}).encode())
        yield Case(f"envelope_{key}_twice", json.dumps({"data": {key: base}}).encode())
        yield Case(f"envelope_{key}_odd", json.dumps({key: 1, "data": [CANARY]}).encode())
    for name, content in {
        "concatenated": "".join(map(json.dumps, base)),
        "pretty": "\n".join(json.dumps(one, indent=2) for one in base),
        "pretty_list": json.dumps(base, indent=2),
        "sequence": "".join(f"\x1e{json.dumps(one)}\n" for one in base),
        "commas": ",\n".join(map(json.dumps, base)),
        "comments": "// a tool\n" + json.dumps(base),
        "script": "const events = " + json.dumps(base) + ";",
        "lists": lines([list(one.values()) for one in base]),
        "columns": json.dumps({key: [one[key] for one in base] for key in base[0]}),
        "empty_list": "[]", "empty": "{}", "null": "null", "scalars": "[1, 2, 3]", "list_of_lists": "[[[]]]",
        "by_key": json.dumps({one["session_id"]: one for one in base}),
        "keys_twice": lines(base).replace('"note"', '"url"'),
        "keys_dotted": lines([{**one, "a.b": 1, "a": {"b": 2}} for one in base]),
        "keys_case": lines([{**one, "URL": 1, "Url": 2} for one in base]),
        "keys_odd": lines([{**one, "": 1, "\n": 2, "__proto__": 3, "\u202e": 4, "=x": 5} for one in base]),
        "keys_many": lines([{**one, **{f"k{at}": at for at in range(1000)}} for one in base]),
        "keys_new": lines([{**one, f"k{at}": at} for at, one in enumerate(base)]),
        "crlf": lines(base).replace("\n", "\r\n"), "blank_lines": lines(base).replace("\n", "\n\n \n"),
        "cr": lines(base).replace("\n", "\r"),
    }.items():  # fmt: skip
        yield Case(f"shape_{name}", content.encode())


def _encodings() -> Iterator[Case]:
    content = json.dumps([{**one, "target": "é €"} for one in records()], ensure_ascii=False)
    by_line = "".join(json.dumps({**one, "target": "é €"}, ensure_ascii=False) + "\n" for one in records())
    for encoding in ("utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252"):
        yield Case(f"json_encoding_{encoding}", content.encode(encoding))
        yield Case(f"lines_encoding_{encoding}", by_line.encode(encoding))
    raw = lines(records()).encode()
    yield Case("json_bad_utf8", raw.replace(b"button", b"b\xff\xfe\x80n", 1), ROWS, ROWS - 1)
    yield Case("json_nuls", raw.replace(b"button", b"b\0n", 1), ROWS, ROWS - 1)


def _deep() -> Iterator[Case]:
    for depth in (10, 120, 130, 1_000, 1_100, 50_000):
        for name, content in {
            "list": "[" * depth + "]" * depth,
            "open": "[" * depth,
            "object": '{"a":' * depth + "1" + "}" * depth,
            "open_object": '{"a":' * depth,
        }.items():
            yield Case(f"deep_{name}_{depth}", content.encode())
        inside = lines(records()[:-1]) + '{"a":' * depth + "1" + "}" * depth + "\n"
        yield Case(f"deep_line_{depth}", inside.encode(), ROWS, ROWS - 1)


def _torn(chance: Random) -> Iterator[Case]:
    for name, whole in {"lines": lines(records()).encode(), "list": json.dumps(records()).encode()}.items():
        for number in range(15):
            yield Case(f"json_cut_{name}_{number}", whole[: chance.randrange(1, len(whole))])
            a, b = sorted(chance.sample(range(len(whole)), 2))
            yield Case(f"json_hole_{name}_{number}", whole[:a] + whole[b:])
