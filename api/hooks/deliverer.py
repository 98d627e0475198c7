"""Brings the messages to their receivers, beside the jobs of a worker."""

from __future__ import annotations

import datetime as dt
import logging
import random
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, Final

from sqlalchemy.exc import SQLAlchemyError

from ..clock import now
from ..store import Store, hooks
from ..store.hooks import Delivery, Message, Webhook
from . import TEST, posting, signing
from .reach import Reach

LOG = logging.getLogger("friction.hooks")
LOOK_S = 0.5
AT_ONCE = 8
PAUSES_S: Final = (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
"""After each attempt that failed, as Standard Webhooks recommends: given up after three days and a quarter."""
OVERLAP = dt.timedelta(hours=24)
"""After a change of the secret messages are signed by the old one too, for so long."""
GONE = 410
"""The receiver says that it wants nothing more."""


class Deliverer:
    """Looks for what is due until told to end. Several workers may run one each."""

    def __init__(self, store: Store, key: bytes, reach: Reach, pauses: Sequence[float] = PAUSES_S) -> None:
        self._store, self._key, self._reach, self._pauses = store, key, reach, pauses
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="hooks", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Begin no further attempt. One that is cut off with the process is made again when its lease is over."""
        self._over.set()

    def round(self, pool: ThreadPoolExecutor) -> int:
        """Make all attempts that are due now; how many."""
        with self._store.read() as scope:  # a writer would wake the disk twice a second for nothing
            if not hooks.is_due(scope):
                return 0
        with self._store.write() as scope:
            taken = hooks.take(scope, AT_ONCE)
        list(pool.map(self._attempt, taken))
        return len(taken)

    def _keep(self) -> None:
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="hook") as pool:
            while not self._over.is_set():
                made = 0
                with suppress(SQLAlchemyError):  # a store that is away for a while is asked again
                    made = self.round(pool)
                if not made:
                    self._over.wait(LOOK_S)

    def _attempt(self, taken: Delivery) -> None:
        with self._store.read() as scope:
            webhook, message = hooks.get(scope, taken.webhook_id), hooks.message(scope, taken.message_id)
        if webhook is None or message is None:
            return
        answer = self._sent(webhook, message)
        LOG.info("webhook %s answered %s to %s", webhook.id, answer.status or answer.fault, message.id)
        with suppress(SQLAlchemyError), self._store.write() as scope:
            outcome = self._outcome(taken, answer)
            hooks.settle(scope, taken, outcome)
            if answer.status == GONE or (outcome["state"] == "given_up" and message.type != TEST):
                hooks.change(scope, webhook.id, {"state": "failing"})

    def _sent(self, webhook: Webhook, message: Message) -> posting.Answer:
        body, moment = message.body.encode(), now()
        generations = [webhook.generation]
        if webhook.renewed is not None and moment - webhook.renewed < OVERLAP:
            generations.append(webhook.generation - 1)
        secrets = [signing.secret(self._key, webhook.id, number) for number in generations]
        marks = signing.headers(message.id, int(moment.timestamp()), body, secrets)
        return posting.post(webhook.url, body, marks, self._reach)

    def _outcome(self, taken: Delivery, answer: posting.Answer) -> dict[str, Any]:
        done = {"attempts": taken.attempts + 1, "status": answer.status, "fault": answer.fault}
        if answer.is_taken:
            return {**done, "state": "delivered", "due": None, "ended": now()}
        if answer.status == GONE or taken.attempts >= len(self._pauses):
            return {**done, "state": "given_up", "due": None, "ended": now()}
        # Receivers that were down together are not all called in the same second.
        pause = self._pauses[taken.attempts] * random.uniform(1.0, 1.2)
        pause = max(pause, min(answer.retry_after or 0, 86_400))
        return {**done, "state": "waiting", "due": now() + dt.timedelta(seconds=pause)}
