"""Thrift's compact protocol, in which Parquet says what a file holds: read and written without knowing what it means.

A struct is a dict of its fields by their numbers, each a type and a value; a list is the type of its items and these.
"""

from __future__ import annotations

from typing import Any

Struct = dict[int, tuple[int, Any]]
TRUE, FALSE, I32, I64, BINARY, LIST, SET, STRUCT = 1, 2, 5, 6, 8, 9, 10, 12
"""Types."""
_NUMBERS = frozenset({4, I32, I64})
_SIZES = {TRUE: 1, FALSE: 1, 3: 1, 7: 8}
"""Of values that are copied as they stand: truths in lists, bytes, fractions."""
LARGEST = 63
"""Bits of a number."""
_MOST_STEP = _MANY = 15
"""A list of so many items or more says how many in a number of its own."""


def read(packed: bytes) -> Struct:
    """The struct that begins there. Raises `ValueError` or `IndexError` where there is none."""
    return _Reader(packed).struct()


class _Reader:
    def __init__(self, packed: bytes) -> None:
        self._packed, self._at = packed, 0

    def struct(self) -> Struct:
        found: Struct = {}
        number = 0
        while head := self._byte():
            number = number + (head >> 4) if head >> 4 else self._signed()
            kind = head & 15
            found[number] = kind, (None if kind in {TRUE, FALSE} else self._value(kind))
        return found

    def _value(self, kind: int) -> Any:
        if kind in _NUMBERS:
            return self._signed()
        if kind == BINARY:
            return self._bytes(self._number())
        if kind == STRUCT:
            return self.struct()
        if kind in {LIST, SET}:
            return self._list()
        if kind not in _SIZES:
            raise ValueError(kind)
        return self._bytes(_SIZES[kind])

    def _list(self) -> tuple[int, list[Any]]:
        head = self._byte()
        many = self._number() if head >> 4 == _MANY else head >> 4
        return head & 15, [self._value(head & 15) for _ in range(many)]

    def _bytes(self, size: int) -> bytes:
        self._at += size
        return self._packed[self._at - size : self._at]

    def _byte(self) -> int:
        self._at += 1
        return self._packed[self._at - 1]

    def _signed(self) -> int:
        number = self._number()
        return (number >> 1) ^ -(number & 1)

    def _number(self) -> int:
        found = shift = 0
        while (byte := self._byte()) > 127:
            found |= (byte & 127) << shift
            shift += 7
            if shift > LARGEST:
                raise ValueError("no such number")
        return found | byte << shift


def written(struct: Struct) -> bytes:
    """The struct as it is packed."""
    pieces, last = list[bytes](), 0
    for number, (kind, value) in sorted(struct.items()):
        step, last = number - last, number
        pieces.append(
            bytes([step << 4 | kind]) if 0 < step <= _MOST_STEP else bytes([kind]) + _signed(number)
        )
        pieces.append(b"" if value is None else _packed(kind, value))
    return b"".join(pieces) + b"\0"


def _packed(kind: int, value: Any) -> bytes:
    if kind in _NUMBERS:
        return _signed(value)
    if kind == BINARY:
        return _number(len(value)) + bytes(value)
    if kind == STRUCT:
        return written(value)
    if kind in {LIST, SET}:
        item, items = value
        few = len(items) < _MANY
        head = bytes([len(items) << 4 | item]) if few else bytes([_MANY << 4 | item]) + _number(len(items))
        return head + b"".join(_packed(item, each) for each in items)
    return bytes(value)


def _signed(number: int) -> bytes:
    return _number(number << 1 if number >= 0 else ~(number << 1))


def _number(number: int) -> bytes:
    pieces = bytearray()
    while number > 127:
        pieces.append(number & 127 | 128)
        number >>= 7
    return bytes([*pieces, number])
