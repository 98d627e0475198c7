"""By what PostHog's files are known: fields that every event has, and names that only PostHog gives.

Others look alike: Mixpanel has `event` and `distinct_id` too, but inside its properties; Segment has a
`messageId`. A single foreign mark is enough to refuse a record.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from friction.recordings.values import Torn, first_values
from friction.sources.base import InputFile
from friction.sources.posthog_columns import FOLDED, PREFIX, bare
from friction.tables.delimited import dialect
from friction.tables.files import unpacked
from friction.tables.jsonl import ENVELOPES, looks_like_json
from friction.tables.parquet import MAGIC, read_schema
from friction.tables.text import decode_line, encoding, whole_lines

SNIFFED = 128 * 1024
SEEN = 200
"""Records the sniffer looks at."""
SURE = 0.96

EVENT_FIELDS = frozenset({"event", "distinct_id", "timestamp"})
FIELD_MARKS = frozenset({"elements_chain", "person_properties", "_inserted_at", "person_mode", "elements"})
MARKS = frozenset(
    (
        "$lib $lib_version $session_id $window_id $device_id $current_url $pathname $host $event_type"
        " $geoip_country_code $process_person_profile $is_identified $configured_session_timeout_ms"
        " $screen_name $session_entry_url"
    ).split()
)
FOREIGN = frozenset(
    (
        "messageId anonymousId originalTimestamp event_properties amplitude_id mp_processing_time_ms mp_lib"
        " $mp_api_endpoint $mp_api_timestamp_ms mp_country_code event_params user_pseudo_id EventType"
    ).split()
)


def surety(file: InputFile) -> float:
    """How sure, 0–1, that a file is PostHog's."""
    if file.head.startswith(MAGIC):
        return SURE if _is_header(read_schema(unpacked(file), file.name)) else 0.0
    if looks_like_json(file.head):
        return _of_objects(file.head[:SNIFFED])
    word = encoding(file.head)
    if word is None:
        return 0.0
    head = file.head.decode(word, "replace") if word != "utf-8" else decode_line(whole_lines(file.head))
    return SURE if _is_header(dialect(head)[1]) else 0.0


def _of_objects(head: bytes) -> float:
    """More than half of the records at the start must be events of PostHog."""
    found = [one for _, one in zip(range(SEEN), _objects(list(first_values(head))), strict=False)]
    return SURE if sum(map(_is_event, found)) * 2 > len(found) else 0.0


def _objects(value: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    """What may be events, inside lists and envelopes."""
    if isinstance(value, Torn):
        value = value.value
    if isinstance(value, list) and depth < 4:
        for part in value:
            yield from _objects(part, depth + 1)
    elif isinstance(value, dict):
        inside = next((value[key] for key in ENVELOPES if isinstance(value.get(key), list)), None)
        if inside is None or "event" in value:
            yield value
        else:
            yield from _objects(inside, depth + 1)


def _is_event(one: dict[str, Any]) -> bool:
    if not one.keys() >= EVENT_FIELDS:
        return _is_header(one)
    given = one.get(FOLDED)
    inside: Collection[str] = given if isinstance(given, dict | str) else ()
    if FOREIGN & one.keys() or any(word in inside for word in FOREIGN):
        return False
    return bool(FIELD_MARKS & one.keys()) or any(word in inside for word in MARKS) or _is_header(one)


def _is_header(names: Collection[str]) -> bool:
    """Columns of an export: an event, a time, somebody, and a mark."""
    plain = {bare(name) for name in names}
    inside = {name.removeprefix(PREFIX) for name in plain}
    who = {"distinct_id", "person.distinct_id", "$session_id"} & inside
    if not plain >= {"event", "timestamp"} or not who or FOREIGN & inside:
        return False
    return bool(FIELD_MARKS & plain or MARKS & inside)
