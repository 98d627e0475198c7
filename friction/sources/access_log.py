"""Web-server logs: one line a request, of Apache, nginx, IIS, CloudFront, load balancers, Caddy or Traefik.

Exports   Common and combined lines, with the host before or the time taken behind; W3C logs with their header (IIS,
          CloudFront); AWS load balancers; JSON lines of nginx, Caddy and Traefik; gz and bz2.
Gives     Every line is a request with status and time taken; a page that was shown is a page view besides: found,
          or not, or failed.
          What names itself a machine is marked as such.
Misses    Clicks, inputs, and whatever does not ask the server. There is no session: a visitor is an address together
          with a browser, both kept as one number only, cut at 30 minutes of silence.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import ClassVar
from urllib.parse import unquote

import polars as pl

from friction.recordings.masking import masked_href
from friction.schema import KIND
from friction.sources import agents
from friction.sources.base import InputFile, Options
from friction.sources.casts import number, text
from friction.sources.fields import Fields, Names
from friction.sources.log_lines import fields_of, layout_of, open_log
from friction.sources.posthog_texts import by_distinct, each, first_text
from friction.sources.preset import Columns, Preset
from friction.sources.seen import SURE, Record, has, said, seen
from friction.tables.jsonl import looks_like_json, open_json
from friction.tables.table import Table
from friction.values import dataclass

ASSETS = (
    r"(?i)\.(?:css|js|mjs|map|png|jpe?g|gif|webp|avif|svg|ico|bmp|woff2?|ttf|otf|eot|mp[34]|m4[av]|webm|ogg|wav|pdf|zip"
    r"|gz|tgz|bz2|7z|exe|dmg|iso|txt|xml|rss|atom|json|wasm|swf|tiff?|csv|log)$"
)
APIS = r"(?i)^/(?:api|graphql|rest|v\d|rpc|ajax|wp-json|xmlrpc\.php|\.well-known)(?:/|$)"
FOUND = ("200", "304")
FAILED = r"^[45]\d\d$"
_BOTH = pl.Series(["page_view", "request"], dtype=KIND)


@dataclass(frozen=True, kw_only=True)
class AccessLog(Preset):
    """Access logs of web servers."""

    name: ClassVar[str] = "access_log"
    fields: ClassVar[Names] = {
        "clf_time": ("clf_time", "time_local"),
        "iso_time": ("iso_time", "time_iso8601", "@timestamp", "StartUTC", "time", "timestamp"),
        "epoch_time": ("ts", "msec"),
        "date": ("date",),
        "ip": (
            "ip",
            "remote_addr",
            "request.client_ip",
            "request.remote_ip",
            "ClientHost",
            "client_ip",
            "clientip",
        ),
        "host": ("host", "request.host", "http_host", "RequestHost", "server_name"),
        "user": ("user",),
        "request": ("request",),
        "method": ("method", "request_method", "request.method", "RequestMethod"),
        "path": ("path", "request_uri", "request.uri", "RequestPath", "uri"),
        "query": ("query", "args"),
        "status": ("status", "DownstreamStatus", "response"),
        "referer": ("referer", "http_referer", "request.headers.Referer", "request_Referer", "referrer"),
        "agent": (
            "agent",
            "http_user_agent",
            "request.headers.User-Agent",
            "request_User-Agent",
            "user_agent",
        ),
        "rest": ("rest",),
        "time_taken": ("time_taken",),
        "edge": ("edge",),
        "request_time": ("request_time",),
        "caddy_time": ("duration",),
        "traefik_time": ("Duration",),
        **{f"took_{place}": (f"took_{place}",) for place in (1, 2, 3)},
    }
    times: ClassVar[tuple[str, ...]] = ("clf_time", "iso_time", "epoch_time")
    needs: ClassVar[tuple[tuple[str, ...], ...]] = (("ip",), ("status",))
    repeated: ClassVar[str] = "what"
    made: ClassVar[frozenset[str]] = frozenset({"what", "is_document", "address"})
    also: ClassVar[frozenset[str]] = frozenset({"request", "method", "path", "query", "host", "status"})

    def sniff(self, file: InputFile) -> float:
        """Sure by the layout of the lines, by a W3C header, or by the names of the JSON."""
        looked = seen(file)
        if looked.form == "json":
            return looked.surety(is_ours)
        if looked.form != "text":
            return 0.0
        names = fields_of(looked.lines)
        if {"c-ip", "cs-method", "sc-status"} & set(names):
            return SURE
        return SURE if layout_of(looked.lines) else 0.0

    def table(self, file: InputFile, options: Options) -> Table:  # noqa: ARG002 - there are no columns to map
        """Lines of text cut into fields; lines of JSON."""
        if looks_like_json(file.head):
            return open_json(file)
        return open_log(file)

    def kept(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """What was asked for, and whether it is the view of a page besides."""
        asked = pl.col("request").str.extract_groups(r"^([A-Z]{3,10}) (\S+)").struct
        told = {
            "line": by_distinct("request", {"method": asked[0], **_of_path(asked[1])}),
            "own": by_distinct("path", _of_path(text(pl.col("path")))),
        }
        of_line, own = pl.col("line").struct, pl.col("own").struct
        query = pl.col("query").replace("-", None)
        path = pl.col("path")
        host = pl.col("host").replace("-", None).str.replace(r":\d+$", "")
        address = pl.when(host.is_not_null() & path.str.starts_with("/")).then("https://" + host + path)
        return (
            events.with_columns(**told)
            .with_columns(
                method=pl.coalesce(text(pl.col("method")), of_line["method"]),
                path=pl.coalesce(own["path"], of_line["path"]),
                is_document=pl.coalesce(own["is_document"], of_line["is_document"]).fill_null(value=False),
            )
            .drop(told)
            .with_columns(path=pl.when(query != "").then(path + "?" + query).otherwise(path))
            .with_columns(
                address=pl.coalesce(address, path),
                what=pl.when(_is_view().fill_null(value=False))
                .then(pl.lit(_BOTH.implode()))
                .otherwise(pl.lit(_BOTH[1:].implode())),
            )
        )

    def columns(self, known: Fields) -> Columns:
        """All that a request tells."""
        agent = _decoded(known)
        is_view = pl.col("what") == pl.lit("page_view", KIND)
        asked, referer = pl.col("address"), _none(each(pl.col("referer"), _first))
        came_from = pl.when(referer.str.contains("://", literal=True)).then(referer)
        who = pl.concat_str(pl.col("ip"), agent.fill_null(""), separator=" ")
        took = _took(known)
        return {
            "visitor_id": each(pl.when(pl.col("ip") != "-").then(who), hashed),
            "kind": pl.col("what").cast(KIND),
            "name": pl.col("method"),
            # Parts of a page belong to the page that asked for them.
            "url": pl.when(pl.col("is_document")).then(asked).otherwise(came_from),
            "referrer": came_from,
            "http_method": pl.col("method"),
            "http_status": number(pl.col("status")).cast(pl.Int16(), strict=False),
            "req_url": pl.when(~is_view).then(each(asked, masked_href)),
            "req_kind": pl.when(~is_view).then(
                pl.when(pl.col("is_document")).then(pl.lit("document")).otherwise(pl.lit("other"))
            ),
            "duration_ms": pl.when(~is_view).then(took),
            "device": each(agent, agents.device),
            "browser": each(agent, agents.browser),
            "os": each(agent, agents.system),
            "is_bot": each(agent, lambda one: "yes" if agents.is_machine(one) else "no") == "yes",
        }


def _of_path(path: pl.Expr) -> dict[str, pl.Expr]:
    """Where a path leads, without a port that goes without saying, and whether that may be a page."""
    bare = path.str.replace(r"^https?://[^/]+", "").str.replace(r"[?#;].*$", "")
    return {
        "path": path.str.replace(r"^(https?://[^/:]+):(?:80|443)/", "${1}/"),
        "is_document": ~bare.str.contains(ASSETS) & ~bare.str.contains(APIS),
    }


def _is_view() -> pl.Expr:
    """Whether a page was shown: found, or not, or failed."""
    failed = pl.col("status").str.contains(FAILED) & pl.col("method").is_in(["GET", "POST"])
    return pl.col("is_document") & (((pl.col("method") == "GET") & pl.col("status").is_in(FOUND)) | failed)


def _took(known: Fields) -> pl.Expr:
    """Milliseconds: nginx and CloudFront write seconds, IIS milliseconds, Traefik nanoseconds, Apache (`%D`) micro-
    seconds, which are whole numbers; whole ones that are small are its `%T`, seconds.
    """
    rest = pl.col("rest").str.extract(r'([\d.]+)"?\s*$')
    sample = known.sampled("rest").drop_nulls().str.extract(r'([\d.]+)"?\s*$').drop_nulls()
    typical = sample.cast(pl.Float64(), strict=False).median()
    has_points = bool(sample.str.contains(".", literal=True).any())
    is_small = isinstance(typical, float) and typical < 100
    taken = 1_000.0 if known.knows("edge") else 1.0
    balancer = pl.sum_horizontal(number(pl.col(f"took_{place}")).clip(0) for place in (1, 2, 3)) * 1_000
    parts = {
        "rest": number(rest) * (1_000.0 if has_points or is_small else 0.001),
        "time_taken": number(pl.col("time_taken")) * taken,
        "request_time": number(pl.col("request_time")) * 1_000,
        "caddy_time": number(pl.col("caddy_time")) * 1_000,
        "traefik_time": number(pl.col("traefik_time")) * 1e-6,
        "took_1": balancer,
    }
    there = [expr for label, expr in parts.items() if known.knows(label)]
    return pl.coalesce(there) if there else number(pl.col("rest"))


def _decoded(known: Fields) -> pl.Expr:
    """The agent as it was sent: W3C writes blanks as `+`, CloudFront encodes twice, Caddy gives lists."""
    agent = _none(each(pl.col("agent"), _first))
    if known.knows("date"):
        rule = _unquoted_twice if known.knows("edge") else _unplussed
        return each(agent, rule)
    return agent


def _unplussed(word: str) -> str:
    return word.replace("+", " ")


def _unquoted_twice(word: str) -> str:
    return unquote(unquote(word))


def _first(word: str) -> str | None:
    return first_text(word)


def _none(column: pl.Expr) -> pl.Expr:
    return pl.when(~column.is_in(["-", ""])).then(column)


def hashed(words: str) -> str:
    """A number that stands for these words."""
    return blake2b(words.encode("utf-8", "replace"), digest_size=8).hexdigest()


def is_ours(record: Record) -> bool:
    """Whether a record is a request of nginx, Caddy or Traefik in JSON."""
    if has(record, "request.uri") and has(record, "status"):
        return has(record, "request.method")
    if has(record, "DownstreamStatus"):
        return has(record, "RequestMethod") and has(record, "RequestPath")
    status = str(said(record, "status") or "")
    asked = has(record, "request") or has(record, "request_uri") or has(record, "uri")
    return has(record, "remote_addr") and asked and status[:3].isdecimal()
