"""What a life looks like in a recording, part one: forms, planted trouble and look-alikes."""

from __future__ import annotations

import numpy as np

from friction.testing.shop.chance import Chance, Floats, Ints
from friction.testing.shop.forms import FORM_AT, Form
from friction.testing.shop.frictions import POINTS, Planted
from friction.testing.shop.look_alikes import LOOK_ALIKES, LookAlike
from friction.testing.shop.rows import Rows, burst
from friction.testing.shop.views import Views
from friction.values import dataclass


@dataclass(frozen=True)
class Stage:
    """The views to be written down, with the intent behind each, and the chance of this life."""

    views: Views
    intent: Floats
    chance: Chance

    def draw(self, purpose: str, view: Ints) -> Floats:
        """Uniform numbers for these views."""
        return self.chance.draw(purpose, self.views.session[view], self.views.step[view])

    def between(self, low: float, high: float, purpose: str, view: Ints) -> Ints:
        """Whole numbers for these views, `low` to `high - 1`."""
        return (low + (high - low) * self.draw(purpose, view)).astype(np.int64)

    @property
    def loaded(self) -> Ints:
        return self.views.start + self.views.load

    @property
    def looked(self) -> Ints:
        """When looking is over and trouble, if any, begins."""
        return self.loaded + self.views.look


def trouble(stage: Stage, rows: Rows) -> None:
    """Rows of every planted point that shows in clicks or typing."""
    views = stage.views
    begins = {False: stage.looked, True: stage.looked + views.trouble + views.filling}
    for bit, point in enumerate(POINTS):
        met = np.flatnonzero((views.met >> bit) & 1)
        start = begins[point.on_way][met]
        begins[point.on_way][met] += point.lasts_ms
        if point.detector == "rage_click":
            _rage(stage, rows, point, met, start + 200)
        elif point.detector == "dead_click":
            _dead(stage, rows, point, met, start + 200)
        elif point.detector == "error_click":
            _error(stage, rows, point, met, start + 200)
        elif point.field:
            _refused_field(stage, rows, point, met, start)


def _rage(stage: Stage, rows: Rows, point: Planted, met: Ints, start: Ints) -> None:
    clicks = stage.between(5, 9, f"{point.name}: clicks", met)
    gaps = stage.between(130, 230, f"{point.name}: gap", met)
    found = burst(met, start, clicks, gaps)
    if point.answers:
        rows.add("click", found.view, found.at, point.target, response_delay_ms=60.0 + found.number * 7)
        return
    rows.add("click", found.view, found.at, point.target)
    if point.at in FORM_AT:
        sent = stage.views.next[met] >= 0
        late = start[sent] + point.lasts_ms - 1500
        rows.add("submit", met[sent], late, form=FORM_AT[point.at].name)
        rows.add("request", met[sent], late + 5, http_method="POST", http_status=200, duration_ms=640.0)


def _dead(stage: Stage, rows: Rows, point: Planted, met: Ints, start: Ints) -> None:
    clicks = 1 + (stage.draw(f"{point.name}: again", met) < 0.35)
    found = burst(met, start, clicks, stage.between(1200, 1900, f"{point.name}: gap", met))
    rows.add("click", found.view, found.at, point.target)


def _error(stage: Stage, rows: Rows, point: Planted, met: Ints, start: Ints) -> None:
    rows.add(
        "click", met, start, point.target, response_delay_ms=80.0 + 60 * stage.draw("spinner", met).round(1)
    )
    if point.at in FORM_AT:
        rows.add("submit", met, start + 2, form=FORM_AT[point.at].name)
    after = stage.between(120, 900, f"{point.name}: after", met)
    if point.message is None:
        rows.add(
            "request", met, start + 20, http_method="POST", http_status=503, duration_ms=after.astype(float)
        )
    else:
        rows.add("error", met, start + after, error_message=point.message, error_kind="TypeError")


def _refused_field(stage: Stage, rows: Rows, point: Planted, met: Ints, start: Ints) -> None:
    """A long pause before typing, then the field is left and corrected two to four times."""
    element = f"{point.target} {point.field}"
    item = next(item for item in FORM_AT[point.at].fields if item.name == point.field)
    about = {"form": FORM_AT[point.at].name, "field": item.name, "field_type": item.type}
    rows.add("focus", met, start + 300, element, **about)
    rounds = stage.between(3, 6, f"{point.name}: rounds", met)
    first = start + stage.between(9_000, 18_000, f"{point.name}: pause", met)
    tries = burst(met, first, rounds, np.full(len(met), 5_000))
    again = tries.number > 0
    length = stage.chance.between(item.low, item.high, f"{point.name}: length", tries.view, tries.number)
    rows.add("focus", tries.view[again], tries.at[again] - 1_400, element, **about)
    rows.add("input", tries.view, tries.at, element, value_len=length, **about)
    rows.add("change", tries.view, tries.at + 2_400, element, value_len=length, **about)
    rows.add("blur", tries.view, tries.at + 2_401, element, **about)
    fails = tries.number < np.repeat(rounds, rounds) - (np.repeat(stage.views.next[met], rounds) >= 0)
    rows.add("invalid", tries.view[fails], tries.at[fails] + 2_450, element, **about)


def forms(stage: Stage, rows: Rows) -> None:
    """Ordinary typing, field by field."""
    for at, form in FORM_AT.items():
        filled = np.flatnonzero((stage.views.page == at) & (stage.views.fields > 0))
        for number in range(len(form.fields)):
            _typing(stage, rows, form, number, filled[stage.views.fields[filled] > number])


def _typing(stage: Stage, rows: Rows, form: Form, number: int, view: Ints) -> None:
    item, views = form.fields[number], stage.views
    element = f"{form.name} {item.name}"
    about = {"form": form.name, "field": item.name, "field_type": item.type}
    lasts = views.filling[view] // np.maximum(views.fields[view], 1)
    start = stage.looked[view] + views.trouble[view] + number * lasts
    length = stage.between(item.low, item.high, f"{element}: length", view)
    rows.add("focus", view, start + 50, element, **about)
    rows.add(
        "input",
        view,
        start + stage.between(350, 1500, f"{element}: pause", view),
        element,
        value_len=length,
        **about,
    )
    rows.add("change", view, start + lasts - 200, element, value_len=length, **about)
    rows.add("blur", view, start + lasts - 199, element, **about)


def look_alikes(stage: Stage, rows: Rows) -> dict[str, tuple[int, int]]:
    """Rows of all look-alikes; returns how many bursts in how many sessions, by name."""
    return {look_alike.name: _look_alike(stage, rows, look_alike) for look_alike in LOOK_ALIKES}


def _look_alike(stage: Stage, rows: Rows, this: LookAlike) -> tuple[int, int]:
    there = np.flatnonzero((stage.views.page == this.at) & (stage.views.look >= 8000))
    rate = np.minimum(this.rate * np.exp(0.6 * stage.intent[there]), 0.9)
    done = there[stage.draw(this.name, there) < rate]
    start = stage.loaded[done] + (this.slot * stage.views.look[done]).astype(np.int64)
    clicks = stage.between(*this.clicks, f"{this.name}: clicks", done)
    found = burst(done, start, clicks, stage.between(*this.gap, f"{this.name}: gap", done))
    answer = {"response_delay_ms": 50.0 + found.number * 9} if this.answers else {}
    rows.add("click", found.view, found.at, this.target, **answer)
    if this.also == "selection":
        some = found.number > 0
        rows.add("selection", found.view[some], found.at[some] + 15, this.target, selection_empty=False)
    elif this.also == "dblclick":
        second = found.number == 1
        rows.add("dblclick", found.view[second], found.at[second] + 1, this.target, detail=2)
    elif this.also == "media":
        rows.add("media", found.view, found.at + 20, this.target)
    return len(done), len(np.unique(stage.views.session[done]))
