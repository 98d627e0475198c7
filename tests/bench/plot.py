"""The figures as a drawing for the README: who takes how long for six counts, and how an analysis grows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from math import log10

from tests.bench.cases import Result
from tests.bench.measure import Usage

WIDTH, ROW, NAMES, BARS = 720, 24, 130, 440
TOP, PLOT, CUT = 40, 150, 4
STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#57606a}.h{font-weight:600}.o{fill:#0b6e6e}.p{fill:#afb8c1}"
    ".l{stroke:#0b6e6e;stroke-width:2;fill:none}.m{stroke:#b35900;stroke-width:2;fill:none}"
    ".d{fill:#0b6e6e}.e{fill:#b35900}.a{stroke:#d0d7de}"
    "@media(prefers-color-scheme:dark){text{fill:#9198a1}.p{fill:#59636e}.a{stroke:#3d444d}}"
)


def drawn(peers: Mapping[str, Usage], events: int, results: Sequence[Result]) -> str:
    """An SVG: bars of processor seconds for the same counts, then time and memory of an analysis by events."""
    grown = TOP + ROW * len(peers) + 50
    height = grown + PLOT + 40
    words = f"Six counts over {events:,} events, and how an analysis grows"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">'
        f"<title>{words}</title><style>{STYLE}</style>"
        + _text(0, 16, f"Six counts over {events / 1e6:g} M events: processor seconds, all processes", "h")
        + "".join(_bars(peers))
        + "".join(_growth(results, grown))
        + "</svg>\n"
    )


def _bars(peers: Mapping[str, Usage]) -> Iterator[str]:
    """One bar each; who takes longer than several times the next one gets a bar with a gap, cut to the width."""
    longest = max(one.cpu_s for one in peers.values())
    shorter = max((one.cpu_s for one in peers.values() if one.cpu_s < longest), default=longest)
    most = longest if longest < CUT * shorter else shorter
    for number, (name, one) in enumerate(peers.items()):
        y, long = TOP + ROW * number, max(min(one.cpu_s / most, 1) * BARS, 1)
        yield _text(0, y + 4, name)
        style = "o" if name == "friction" else "p"
        yield f'<rect class="{style}" x="{NAMES}" y="{y - 8}" width="{long:.1f}" height="16" rx="2"/>'
        if one.cpu_s > most:
            yield f'<rect class="{style}" x="{NAMES + BARS + 6}" y="{y - 8}" width="8" height="16" rx="2"/>'
            long += 14
        yield _text(NAMES + long + 8, y + 4, f"{one.cpu_s:.1f} s, {one.peak_mb / 1e3:.1f} GB")


def _growth(results: Sequence[Result], top: int) -> Iterator[str]:
    """Two lines over events, both axes logarithmic: processor seconds, and memory in hundred million bytes."""
    yield _text(0, top, "A whole analysis of Parquet", "h")
    yield f'<circle class="d" cx="236" cy="{top - 4}" r="4"/>{_text(246, top, "processor seconds")}'
    yield f'<circle class="e" cx="386" cy="{top - 4}" r="4"/>{_text(396, top, "peak memory, in 100 MB")}'
    points = [(one.case.events, one.analysis.cpu_s, one.analysis.peak_mb / 100) for one in results]
    values = [value for _, *both in points for value in both]
    low, high = log10(min(values)) - 0.3, log10(max(values)) + 0.1
    first, last = log10(points[0][0]), log10(points[-1][0]) + 1e-9

    def place(events: int, value: float) -> tuple[float, float]:
        across = (log10(events) - first) / (last - first) * BARS
        return NAMES + across, top + 20 + PLOT * (1 - (log10(value) - low) / (high - low))

    bottom = top + 20 + PLOT
    yield f'<line class="a" x1="{NAMES - 10}" y1="{bottom}" x2="{NAMES + BARS + 10}" y2="{bottom}"/>'
    for events, *_ in points:
        yield _text(place(events, 1)[0], bottom + 18, f"{events / 1e6:g} M", anchor="middle")
    for line, dot, which, away in (("l", "d", 1, -10), ("m", "e", 2, 20)):
        places = [place(point[0], point[which]) for point in points]
        yield f'<polyline class="{line}" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in places)}"/>'
        for (x, y), point in zip(places, points, strict=True):
            yield f'<circle class="{dot}" cx="{x:.1f}" cy="{y:.1f}" r="4"/>'
            yield _text(x, y + away, f"{point[which]:.3g}", dot, anchor="middle")


def _text(x: float, y: float, words: str, style: str = "", anchor: str = "") -> str:
    more = (f' class="{style}"' if style else "") + (f' text-anchor="{anchor}"' if anchor else "")
    return f'<text x="{x:.1f}" y="{y:.1f}"{more}>{escape(words)}</text>'
