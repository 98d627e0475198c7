"""`python -m friction.recordings.worker`: a process that plays stretches for another one (`friction.recordings.crew`).

    from its owner  an `Ask` and, for each stretch, `(Ask, Stretch)`, pickled, behind its length (8 bytes)
    to its owner    for each the `Told`, likewise; null where it could not be played here

It keeps the limits and the network of the process that started it, ends when that one does, and says nothing else.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import struct
import sys
import threading
import traceback
from queue import SimpleQueue
from typing import IO

from friction.recordings.told import Told, told

SIZE = struct.Struct("<Q")


def sent(stream: IO[bytes], message: object) -> None:
    """Write one message."""
    data = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    stream.write(SIZE.pack(len(data)))
    stream.write(data)
    stream.flush()


def received(stream: IO[bytes]) -> bytes:
    """The bytes of the next message. Raises `EOFError` where the other side is gone."""
    size = stream.read(SIZE.size)
    if len(size) == SIZE.size:
        data = stream.read(wanted := SIZE.unpack(size)[0])
        if len(data) == wanted:
            return data
    raise EOFError


def main() -> None:
    """Play until nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # our owner ends us
    gc.disable()  # nothing that is played is garbage before it is gone by itself
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    asked: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_listen, args=[asked], daemon=True).start()
    while True:
        sent(answers, _answer(asked.get()))


def _listen(asked: SimpleQueue[bytes]) -> None:
    """Also while something is played, for that may take long: without an owner nobody wants it."""
    try:
        while True:
            asked.put(received(sys.stdin.buffer))
    except EOFError:
        os._exit(0)


def _answer(message: bytes) -> Told | None:
    try:
        ask, stretch = pickle.loads(message)
        return told(stretch, ask)
    except Exception:
        traceback.print_exc()
        return None


if __name__ == "__main__":
    main()
