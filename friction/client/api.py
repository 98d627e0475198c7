"""The calls: each is one resource of the API, or the short way through several."""

from __future__ import annotations

import base64
import json
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, Self

from friction.client.answers import Job, Report, Upload
from friction.client.transport import Transport, failure
from friction.errors import FrictionError

CHUNK_BYTES = 8 * 2**20
RESUMABLE_FROM = 64 * 2**20
"""Files from this size on are sent in pieces, so that a cut connection costs one of them."""
LOOK_S = 0.3


class Client:
    """A service at `address`; `key` where it asks for one. Use it as a context, or `close` it."""

    def __init__(self, address: str, key: str | None = None, *, timeout_s: float = 120.0) -> None:
        self._to = Transport(address, key, timeout_s)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the connections back."""
        self._to.http.close()

    def analyze(self, *files: str | Path, wait_s: float = 3600.0, **options: Any) -> Report:
        """Send files, order a report of them, wait for it. `options` are those of `order`."""
        uploads = [self.upload(file) for file in files]
        return self.wait(self.order(uploads, **options), wait_s)

    def upload(self, file: str | Path) -> Upload:
        """Send one file; large ones in pieces, going on where a cut connection ended."""
        path = Path(file)
        if path.stat().st_size >= RESUMABLE_FROM:
            return self._in_pieces(path)
        told = {"Content-Disposition": f"attachment; filename*=UTF-8''{_quoted(path.name)}"}
        with path.open("rb") as content:
            answer = self._to.ask("POST", "/v1/uploads", content=content.read(), headers=told)
        return Upload.of(answer.json())

    def inspect(self, upload: Upload | str, tz: str | None = None) -> dict[str, Any]:
        """What the file is and how it would be read."""
        asked = {"tz": tz} if tz else {}
        found: dict[str, Any] = self._get(f"/v1/uploads/{_id(upload)}/inspection", asked)
        return found

    def order(
        self,
        uploads: Sequence[Upload | str],
        *,
        goal: str | Sequence[str] = (),
        funnel: str | Sequence[str] = (),
        detector: Sequence[str] = (),
        mapping: str | Mapping[str, str] | None = None,
        key: str | None = None,
        **options: Any,
    ) -> Job:
        """Order a report. `key` makes the same job however often it is sent; else each call makes a new one.

        `options`: `preset`, `tz`, `since`, `until`, as on the command line.
        """
        wishes = {
            "goal": [goal] if isinstance(goal, str) else list(goal),
            "funnel": [funnel] if isinstance(funnel, str) else list(funnel),
            "detector": list(detector),
            **options,
        }
        asked: dict[str, Any] = {"uploads": [_id(each) for each in uploads], "options": wishes}
        if mapping is not None:
            asked["mapping"] = mapping if isinstance(mapping, str) else dict(mapping)
        once = {"Idempotency-Key": key or uuid.uuid4().hex}
        return Job.of(self._to.ask("POST", "/v1/reports", json=asked, headers=once).json())

    def job(self, job: Job | str) -> Job:
        """How far it is now."""
        return Job.of(self._get(f"/v1/jobs/{_id(job)}"))

    def cancel(self, job: Job | str) -> Job:
        """Cancel it, if it is not over."""
        return Job.of(self._to.ask("DELETE", f"/v1/jobs/{_id(job)}").json())

    def wait(self, job: Job | str, seconds: float = 3600.0) -> Report:
        """The report of a job, once it is there. Raises what the analysis was refused for, or `TimeoutError`."""
        deadline = time.monotonic() + seconds
        while not (now := self.job(job)).is_over:
            if time.monotonic() > deadline:
                raise TimeoutError(f"the analysis is not over after {seconds:g} s")
            time.sleep(LOOK_S)
        if now.state != "succeeded":
            raise failure(now.problem or {"code": "job.cancelled", "detail": "the job was cancelled"}, 409)
        return self.report(now.report_id)

    def reports(self) -> Iterator[Report]:
        """All reports, the newest first."""
        return (Report.of(each) for each in self._pages("/v1/reports", "reports", {}))

    def report(self, report_id: str) -> Report:
        """One report, in short."""
        return Report.of(self._get(f"/v1/reports/{report_id}/summary"))

    def document(self, report: Report | str) -> dict[str, Any]:
        """The whole report, as `friction schema report` describes it."""
        found: dict[str, Any] = json.loads(self._to.ask("GET", f"/v1/reports/{_id(report)}").content)
        return found

    def rendered(
        self,
        report: Report | str,
        form: Literal["html", "md", "csv", "txt"],
        lang: Literal["en", "fr"] = "en",
    ) -> bytes:
        """The report in a form for people."""
        return self._to.ask("GET", f"/v1/reports/{_id(report)}.{form}", params={"lang": lang}).content

    def points(self, report: Report | str, **filters: Any) -> Iterator[dict[str, Any]]:
        """The friction points of a report in their order; `detector`, `page`, `min_score`, `state` filter them."""
        return self._pages(f"/v1/reports/{_id(report)}/points", "points", filters)

    def evidence(self, report: Report | str, point_id: str) -> list[dict[str, Any]]:
        """The moments that show a point."""
        found: list[dict[str, Any]] = self._get(f"/v1/reports/{_id(report)}/points/{point_id}/evidence")[
            "evidence"
        ]
        return found

    def change(self, point_id: str, **values: Any) -> dict[str, Any]:
        """Say something about a point: `muted`, `muted_until`, `mute_reason`, `owner`, `note`, `link`."""
        found: dict[str, Any] = self._to.ask("PATCH", f"/v1/points/{point_id}", json=values).json()
        return found

    def compare(self, old: Report | str, new: Report | str) -> dict[str, Any]:
        """What changed between two reports."""
        found: dict[str, Any] = self._get("/v1/compare", {"old": _id(old), "new": _id(new)})
        return found

    def _get(self, path: str, asked: Mapping[str, Any] | None = None) -> Any:
        return self._to.ask("GET", path, params=dict(asked or {})).json()

    def _pages(self, path: str, name: str, asked: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        page = self._get(path, asked)
        while True:
            yield from page[name]
            if page["next"] is None:
                return
            page = self._get(path, {**asked, "cursor": page["next"]})

    def _in_pieces(self, path: Path) -> Upload:
        size = path.stat().st_size
        told = {
            "Upload-Length": str(size),
            "Upload-Metadata": f"filename {base64.b64encode(path.name.encode()).decode()}",
        }
        place = self._to.ask("POST", "/v1/uploads/resumable", headers=told).headers["location"]
        with path.open("rb") as content:
            while (start := self._arrived(place)) < size:
                content.seek(start)
                self._piece(place, start, content.read(CHUNK_BYTES))
        return Upload.of(self._get(place.replace("/resumable", "")))

    def _arrived(self, place: str) -> int:
        return int(self._to.ask("HEAD", place).headers["upload-offset"])

    def _piece(self, place: str, start: int, piece: bytes) -> None:
        """Send it; one that had arrived although the answer was lost is no fault."""
        told = {"Upload-Offset": str(start), "Content-Type": "application/offset+octet-stream"}
        try:
            self._to.ask("PATCH", place, content=piece, headers=told)
        except FrictionError as refused:
            if refused.problem.code not in ("upload.wrong_offset", "upload.locked"):
                raise
            time.sleep(LOOK_S)


def _id(thing: Upload | Job | Report | str) -> str:
    return thing if isinstance(thing, str) else thing.id


def _quoted(name: str) -> str:
    from urllib.parse import quote

    return quote(name, safe="")
