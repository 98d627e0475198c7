"""Tables that are written out: the event table, what was counted, raw findings, rejected records."""

from friction.export.counted import counted_table, write_counted
from friction.export.events import event_frames, write_events
from friction.export.findings import FOUND, FindingsWriter
from friction.export.rejects import write_rejects

__all__ = [
    "FOUND",
    "FindingsWriter",
    "counted_table",
    "event_frames",
    "write_counted",
    "write_events",
    "write_rejects",
]
