"""Webhooks: other systems are told what has happened here, in the manner of Standard Webhooks.

    tell(scope, "report.ready", {...})     # in the transaction in which it happened: told if and only if it did

A message waits in the store until a worker has brought it to each receiver: at least once, under one id, with retries
for three days. Receivers are public https addresses (`reach`); every message is signed (`signing`).
"""

from ..store.hooks import tell

EVENTS = {
    "report.ready": "A report is finished.",
    "point.new": "A friction point has shown for the first time.",
    "point.worse": "A friction point has become worse, beyond its noise.",
    "point.better": "A friction point has become better, beyond its noise.",
    "point.regressed": "A friction point that was fixed is back.",
    "point.fixed": "A friction point has gone although its page is visited.",
    "scan.failed": "A scheduled scan came to no end.",
    "session.friction": "A visitor of a live session has met a friction that is watched.",
}
"""What can be heard."""
TEST = "webhook.test"
"""What the test button sends."""

__all__ = ["EVENTS", "TEST", "tell"]
