"""Harm: clicks in anger, and clicks on what does nothing.

How many clicks somebody makes in anger and how quickly is nowhere published with numbers one could use. Assumed here:
three to twelve, five as a rule; one person's median pause 200 ms, a quarter of all people slower than 240 ms.
"""

from __future__ import annotations

import numpy as np

from tests.truth.labelled.scene import Scene
from tests.truth.labelled.stage import Answer, Stage, changes, fetches

CLICKS = (3, 4, 5, 6, 7, 8, 10, 12)
SHARES = (0.04, 0.15, 0.23, 0.20, 0.15, 0.12, 0.07, 0.04)
PAUSE_MS = 200.0

BUTTONS = (
    "main > form.checkout > button#pay.btn.btn-primary[type=submit]{Pay now}",
    "div.product > button.add-to-cart[type=button]{Add to cart}",
    "section.plans > div.plan > a.cta[href=#][role=button]{Choose this plan}",
    "div.MuiBox-root > button.MuiButton-root.MuiButton-contained[type=button]{Save}",
    "div.sc-bdVaJa > button.sc-htpNat{Continuer}",
    "app-root > app-cart > button.mat-raised-button > span.mat-button-wrapper{Checkout}",
    "div.modal > div.modal-header > button.close[aria-label=Close]{×}",
    "div#cookie > button#accept{Accept all}",
    "li.filter > label.facet > span.facet-name[cursor=pointer]{Blue}",
    "header > nav > a.nav-link[href=javascript:void(0)]{Offers}",
)
CARDS = (
    "div.grid > div.card[cursor=pointer] > img.photo",
    "div.tiles > div.tile[cursor=pointer] > h3{Winter sale}",
    "ul.results > li.result[cursor=pointer] > div.price{49 €}",
    "section.team > article.member[tabindex=0] > p.name{Ada}",
    "table.orders > tr[onclick=open()] > td{1042}",
)
DISABLED = (
    "form.address > button.btn[type=submit][disabled=]{Continue}",
    "form > button.next-step[aria-disabled=true]{Next step}",
    "div.seat > button.seat.is-disabled{12B}",
)


def rage(stage: Stage, line: str, answer: Answer | None = None) -> None:
    """The burst of one person in anger."""
    n = int(stage.rng.choice(CLICKS, p=SHARES))
    stage.burst([line] * n, PAUSE_MS, answer, drift=float(stage.rng.uniform(0, 4)))


def _silent(stage: Stage, line: str) -> None:
    rage(stage, line)
    if stage.chance(0.3):
        stage.wait(900, 2_500)
        rage(stage, line)


def _slow(stage: Stage, line: str) -> None:
    """A spinner at the first click or none at all, a request with each, and the answer after seconds."""
    has_spinner, first = stage.chance(0.5), [True]

    def answer(on: Stage) -> None:
        on.request(float(on.rng.uniform(2, 25)), took=4_000)
        if has_spinner and first[0]:
            changes(on)
        first[0] = False

    rage(stage, line, answer)
    stage.wait(2_500, 7_000)
    if not stage.is_recording:
        stage.row("mutation")


def _failing(stage: Stage, line: str) -> None:
    in_network = stage.has_network and stage.chance(0.5)

    def answer(on: Stage) -> None:
        if in_network:
            on.request(8.0, status=500, took=120)
        else:
            on.row("error", float(on.rng.uniform(3, 30)), error_message="x is undefined")

    rage(stage, line, answer)


def _refused(stage: Stage, line: str) -> None:
    """The form marks a field somewhere out of sight, at the first click."""
    first = [True]

    def answer(on: Stage) -> None:
        on.row("invalid", 4.0, form="form.checkout", field="zip")
        if first[0]:
            changes(on)
        first[0] = False

    rage(stage, line, answer)


def _rippling(stage: Stage, line: str) -> None:
    """Each click draws a ripple on the button, and that is all."""
    rage(stage, line, changes)


def _broken_arrow(stage: Stage, line: str) -> None:
    rage(stage, line)


def _waits(stage: Stage) -> None:
    """People wait, scroll on, try again, leave: what they do when nothing comes."""
    what = stage.rng.choice(["looks", "scrolls", "tries again", "tries another", "leaves"],
                            p=[0.36, 0.24, 0.2, 0.12, 0.08])  # fmt: skip
    if what == "leaves":
        stage.wait(400, 6_000)
        stage.row("visibility")
        stage.wait(60_000, 90_000)
    elif what == "scrolls":
        stage.wait(700, 2_500)
        stage.row("scroll")
        stage.wait(3_000, 9_000)
    elif what == "tries another":
        stage.wait(1_200, 6_000)
        stage.click("header > nav > a.nav-link[href=/help]{Help}", fetches)
        stage.wait(3_000, 9_000)
    else:
        stage.wait(3_200, 9_000)


def _dead(stage: Stage, line: str) -> None:
    if stage.chance(0.12):
        stage.burst([line] * 2, 210)
    else:
        stage.click(line)
    _waits(stage)
    if stage.chance(0.25):
        stage.click(line)
        stage.wait(3_200, 6_000)


def _dead_at_the_end(stage: Stage, line: str) -> None:
    stage.click(line)
    stage.t += float(np.clip(stage.rng.lognormal(np.log(4_000), 0.8), 300, 60_000))
    stage.row("page_leave")


ARROWS = (
    "div.swiper > button.swiper-button-next[aria-label=Next slide]",
    "nav.pagination > a.page-link[href=#]{Next}",
    "div.qty > button.qty-plus{+}",
)
HARMS: tuple[Scene, ...] = (
    Scene("rage: nothing answers", "rage_click", BUTTONS, _silent, 4),
    Scene("rage: a thing that looks like a link", "rage_click", CARDS, _silent, 2),
    Scene("rage: a slow call", "rage_click", BUTTONS, _slow, 3),
    Scene("rage: greyed out", "rage_click", DISABLED, _silent, 1),
    Scene("rage: each click fails", "rage_click", BUTTONS, _failing, 1.5),
    Scene("rage: refused out of sight", "rage_click", BUTTONS[:1], _refused, 1),
    Scene("rage: a ripple and nothing else", "rage_click", BUTTONS[3:4], _rippling, 0.4, held_out=True),
    Scene("rage: an arrow that is broken", "rage_click", ARROWS, _broken_arrow, 0.4, held_out=True),
    Scene("dead: button or link", "dead_click", BUTTONS, _dead, 5),
    Scene("dead: card, picture, row", "dead_click", CARDS, _dead, 3),
    Scene("dead: greyed out", "dead_click", DISABLED, _dead, 1),
    Scene("dead: and then they leave", "dead_click", BUTTONS, _dead_at_the_end, 1),
)
