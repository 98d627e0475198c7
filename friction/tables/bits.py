"""Truths about the bytes of a block as bits, 64 a word, the first the lowest: what stands where, and what is quoted."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Words = npt.NDArray[np.uint64]
Places = npt.NDArray[np.intp]
WIDTH = 64
_ONE, _LAST = np.uint64(1), np.uint64(63)
_SHIFTS = tuple(np.uint64(1 << step) for step in range(6))


def words_of(found: npt.NDArray[np.bool_]) -> Words:
    """Truths as bits; zeros behind the last."""
    packed = np.packbits(found, bitorder="little")
    if len(packed) % 8:
        packed = np.concatenate((packed, np.zeros(-len(packed) % 8, np.uint8)))
    return packed.view("<u8")


def places_of(words: Words) -> Places:
    """The places of all ones, in their order."""
    at = np.flatnonzero(words)
    found = words[at]
    if (found & (found - _ONE)).any():
        return np.flatnonzero(np.unpackbits(words.view(np.uint8), bitorder="little"))
    places: Places = at * WIDTH + np.bitwise_count(found - _ONE)
    return places


def after(words: Words) -> Words:
    """Of every bit the next one; none behind the last."""
    found = words >> _ONE
    found[:-1] |= words[1:] << _LAST
    return found


def before(words: Words) -> Words:
    """Of every bit the one before it; one before the first."""
    found = words << _ONE
    found[1:] |= words[:-1] >> _LAST
    found[0] |= _ONE
    return found


def quoted(quotes: Words, *, inside: bool) -> tuple[Words, bool]:
    """Which bytes of a block lie behind an odd number of quotes, themselves included; and whether its end does."""
    found, moved = quotes.copy(), np.empty_like(quotes)
    for width in _SHIFTS:
        np.left_shift(found, width, out=moved)
        found ^= moved
    odd = np.bitwise_xor.accumulate(found >> _LAST) ^ np.uint64(inside)
    moved[0], moved[1:] = inside, odd[:-1]
    # Of one the negative is all ones.
    found ^= np.negative(moved, out=moved)
    return found, bool(odd[-1])
