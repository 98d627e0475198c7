"""The made-up visits as web servers log them: lines of Apache, IIS, CloudFront and a load balancer, JSON of three."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta, timezone
from typing import Any
from urllib.parse import quote

from friction.testing.exports.visits import SITE, Step
from friction.testing.exports.writing import Files, json_lines

TOLD = {"view": "page_view", "request": "request"}
TWICE = frozenset({"view"})
"""Steps of which a line tells both a page view and a request."""
OSLO = timezone(timedelta(hours=2))


def requests(steps: Sequence[Step]) -> list[tuple[Step, str, int]]:
    """Step, path and status of every line."""
    return [
        (step, step.path, 200) if step.what == "view" else (step, "/api/stock?k=1", step.more["status"])
        for step in steps
        if step.what in TOLD
    ]


def _ip(step: Step) -> str:
    return f"192.0.2.{10 + step.visitor}"


def _clf(step: Step, path: str, status: int) -> str:
    at = step.at.astimezone(OSLO).strftime("%d/%b/%Y:%H:%M:%S %z")
    return f'{_ip(step)} - - [{at}] "GET {path} HTTP/1.1" {status} 512'


def _referer(step: Step) -> str:
    return step.url if step.what == "request" else SITE + step.more["before"]


def combined(steps: Sequence[Step], *, host: bool = False, took: str = "") -> bytes:
    """Combined lines, with the host before or the time taken (microseconds) behind."""
    front = "shop.example:443 " if host else ""
    lines = (
        f'{front}{_clf(step, path, status)} "{_referer(step)}" "{step.agent}"{took}\n'
        for step, path, status in requests(steps)
    )
    return "".join(lines).encode()


def common(steps: Sequence[Step]) -> bytes:
    """Common lines: without where somebody came from and with what."""
    return "".join(_clf(*one) + "\n" for one in requests(steps)).encode()


def iis(steps: Sequence[Step]) -> bytes:
    """IIS: the header comes again in the middle, blanks are plus signs, time taken in milliseconds."""
    header = (
        "#Software: Microsoft Internet Information Services 10.0\n#Version: 1.0\n#Date: 2026-03-02 08:00:00\n"
        "#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer)"
        " sc-status sc-substatus sc-win32-status time-taken\n"
    )
    lines = []
    for step, path, status in requests(steps):
        stem, _, query = path.partition("?")
        agent = step.agent.replace(" ", "+")
        lines.append(
            f"{step.at:%Y-%m-%d %H:%M:%S} 10.0.0.1 GET {stem} {query or '-'} 443 - {_ip(step)} {agent}"
            f" {_referer(step)} {status} 0 0 250\n"
        )
    half = len(lines) // 2
    return (header + "".join(lines[:half]) + header + "".join(lines[half:])).encode()


def cloudfront(steps: Sequence[Step]) -> bytes:
    """CloudFront: tabs, the agent encoded twice, time taken in seconds."""
    header = (
        "#Version: 1.0\n#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status"
        " cs(Referer) cs(User-Agent) cs-uri-query time-taken\n"
    )
    lines = []
    for step, path, status in requests(steps):
        stem, _, query = path.partition("?")
        cells = (
            *(
                f"{step.at:%Y-%m-%d}",
                f"{step.at:%H:%M:%S}",
                "CDG50-C1",
                "512",
                _ip(step),
                "GET",
                "shop.example",
            ),
            *(stem, str(status), _referer(step), quote(quote(step.agent)), query or "-", "0.250"),
        )
        lines.append("\t".join(cells) + "\n")
    return (header + "".join(lines)).encode()


def balancer(steps: Sequence[Step]) -> bytes:
    """An AWS application load balancer."""
    lines = (
        f"https {step.at:%Y-%m-%dT%H:%M:%S.%f}Z app/shop/50dc {_ip(step)}:4711 10.0.0.1:80 0.000 0.250 0.000"
        f' {status} {status} 34 366 "GET {SITE.replace("example", "example:443")}{path} HTTP/1.1" "{step.agent}"'
        f' ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 arn:aws:elasticloadbalancing:x "Root=1-58337262" "shop.example" "-" 0'
        f' {step.at:%Y-%m-%dT%H:%M:%S.%f}Z "forward" "-" "-" "-" "-" "-" "-"\n'
        for step, path, status in requests(steps)
    )
    return "".join(lines).encode()


def nginx(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """nginx with a JSON format: seconds."""
    return [
        {
            "time_iso8601": step.at.replace(microsecond=0).isoformat(),
            "remote_addr": _ip(step),
            "host": "shop.example",
            "request_method": "GET",
            "request_uri": path,
            "status": status,
            "http_referer": _referer(step),
            "http_user_agent": step.agent,
            "request_time": 0.25,
        }
        for step, path, status in requests(steps)
    ]


def caddy(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """Caddy: epoch seconds with fractions, durations in seconds, headers as lists."""
    return [
        {
            "level": "info",
            "ts": step.ms / 1_000,
            "logger": "http.log.access",
            "msg": "handled request",
            "request": {
                "remote_ip": _ip(step),
                "proto": "HTTP/2.0",
                "method": "GET",
                "host": "shop.example",
                "uri": path,
                "headers": {"User-Agent": [step.agent], "Referer": [_referer(step)]},
            },
            "duration": 0.25,
            "size": 512,
            "status": status,
        }
        for step, path, status in requests(steps)
    ]


def traefik(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """Traefik: durations in nanoseconds."""
    return [
        {
            "ClientHost": _ip(step),
            "DownstreamStatus": status,
            "Duration": 250_000_000,
            "RequestHost": "shop.example",
            "RequestMethod": "GET",
            "RequestPath": path,
            "StartUTC": step.at.isoformat(timespec="microseconds").replace("+00:00", "Z"),
            "request_User-Agent": step.agent,
            "request_Referer": _referer(step),
        }
        for step, path, status in requests(steps)
    ]


def files(steps: Sequence[Step]) -> Files:
    """One file a layout."""
    return {
        "common.log": common(steps),
        "combined.log": combined(steps),
        "host.log": combined(steps, host=True),
        "timed.log": combined(steps, took=" 250000"),
        "iis.log": iis(steps),
        "cloudfront.log": cloudfront(steps),
        "balancer.log": balancer(steps),
        "nginx.jsonl": json_lines(nginx(steps)),
        "caddy.jsonl": json_lines(caddy(steps)),
        "traefik.jsonl": json_lines(traefik(steps)),
    }
