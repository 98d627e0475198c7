"""Requests that survive a busy or restarting service, and refusals as exceptions."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import httpx2

from friction.errors import FrictionError, InputError, InternalError, LimitError, MissingExtra, UsageError

ATTEMPTS = 6
PAUSE_S, LONGEST_S = 0.5, 10.0
AGAIN = frozenset({429, 502, 503, 504})


class Transport:
    """One service at `address`; `key` goes along where the service asks for one."""

    def __init__(self, address: str, key: str | None, timeout_s: float) -> None:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self.http = httpx2.Client(base_url=address, headers=headers, timeout=timeout_s)

    def ask(self, method: str, path: str, **more: Any) -> httpx2.Response:
        """One request, sent again while the service is away or busy. Raises `FrictionError` when it is refused.

        Only what may be sent twice is: everything but `POST` without an `Idempotency-Key`.
        """
        is_safe = method != "POST" or "Idempotency-Key" in more.get("headers", {})
        for attempt in range(1, ATTEMPTS + 1):
            last = attempt == ATTEMPTS
            try:
                answer = self.http.request(method, path, **more)
            except httpx2.TransportError as fault:
                if last or not is_safe:
                    raise _away(fault) from None
                time.sleep(_pause(attempt))
                continue
            if last or answer.status_code not in AGAIN:
                return checked(answer)
            time.sleep(_pause(attempt, answer.headers.get("retry-after")))
        raise AssertionError("unreachable")


def checked(answer: httpx2.Response) -> httpx2.Response:
    """The answer; raises what it says when it is a refusal."""
    if answer.status_code < 400:
        return answer
    answer.read()
    try:
        told = answer.json()
    except ValueError:
        told = {}
    raise failure(told, answer.status_code)


def failure(told: Mapping[str, Any], status: int) -> FrictionError:
    """A problem document as the exception it was on the other side."""
    code = str(told.get("code", "service.unknown"))
    names = ("remedy", "file", "line", "column", "limit")
    members = {name: told[name] for name in names if told.get(name) is not None}
    error = _kind(code, status)(code, str(told.get("detail", f"the service answered {status}")), **members)
    error.status = status
    return error


def _kind(code: str, status: int) -> type[FrictionError]:
    family = code.partition(".")[0]
    known = {"limit": LimitError, "input": InputError, "extra": MissingExtra, "internal": InternalError}
    return known.get(family, UsageError if status < 500 else InternalError)


def _pause(attempt: int, asked: str | None = None) -> float:
    if asked and asked.isdecimal():
        return min(float(asked), LONGEST_S)
    return min(PAUSE_S * 2.0 ** (attempt - 1), LONGEST_S)


def _away(fault: Exception) -> InternalError:
    detail = f"the service does not answer ({type(fault).__name__})"
    return InternalError("service.away", detail, remedy="is its address right, and is it running?")
