"""Harmless: clicks that belong to the ordinary use of something. The last line or two of each kind says nothing about
what it is, as on sites that name their classes by numbers.
"""

from __future__ import annotations

from tests.truth.labelled.harms import BUTTONS
from tests.truth.labelled.scene import Scene, burst, once
from tests.truth.labelled.stage import (
    Stage,
    changes,
    fetches,
    leads,
    leaves_the_window,
    presses,
    scrolls,
)

STEPPERS = (
    "div.quantity > button.quantity__button[name=plus][aria-label=Increase quantity]",
    "div.input-group > button.btn.btn-outline-secondary.btn-plus[type=button]{+}",
    "div.ant-input-number > span.ant-input-number-handler.ant-input-number-handler-up[role=button]",
    "td.qty > button.minus[aria-label=Diminuer la quantité]{−}",
    "div.guests > button.stepper__inc[aria-label=Add adult]{+}",
    "div.css-1k2 > button.css-9x1 > svg",
)
CAROUSELS = (
    "div.swiper.swiper-initialized > div.swiper-button-next[role=button][aria-label=Next slide]",
    "div.slick-slider > button.slick-arrow.slick-next[type=button]{Next}",
    "div.carousel.slide > button.carousel-control-next[type=button] > span.carousel-control-next-icon",
    "div.product-gallery > button.gallery-arrow-right[aria-label=Photo suivante]",
    "div.splide > button.splide__arrow.splide__arrow--next[aria-label=Next slide]",
    "div.x1n2 > button.x9qz[type=button] > svg",
)
CALENDARS = (
    "div.flatpickr-calendar > span.flatpickr-next-month[cursor=pointer]",
    "div.react-datepicker > button.react-datepicker__navigation--next[aria-label=Next Month]",
    "div.MuiPickersCalendarHeader-root > button.MuiIconButton-root[aria-label=Next month][title=Next month]",
    "div.ui-datepicker > a.ui-datepicker-next[title=Next] > span.ui-icon",
    "table.rdp > button.rdp-nav_button[aria-label=Go to next month]",
    "div.sc-1xz > div.sc-2ab[role=button] > svg",
)
MAPS = (
    "div.leaflet-container > div.leaflet-control-zoom > a.leaflet-control-zoom-in[href=#][role=button]{+}",
    "div.mapboxgl-map > div.mapboxgl-ctrl-group > button.mapboxgl-ctrl-zoom-in[aria-label=Zoom in]",
    "div.gm-style > div.gmnoprint > button.gm-control-active[title=Zoom in][aria-label=Zoom in]",
    "div.mapboxgl-map > div.mapboxgl-canvas-container > canvas.mapboxgl-canvas",
    "div#store-finder > canvas",
    "div.css-8aa > button.css-7bb[type=button] > svg",
)
LIVELY = (
    "div.post > button.like[aria-pressed=false] > svg",
    "div.results > button.show-more[type=button]{Show more}",
    "div.wizard > button.btn-continue{Continue}",
    "div.tags > button.chip > span.remove{×}",
    "ul.todo > li > div.row[cursor=pointer]{Milk}",
    "div.keys > button.key{0}",
)
TEXTS = (
    "article.post > p{Terms and conditions apply to all orders}",
    "div.description > p.lead{Made of solid oak}",
    "main > section > h2{Delivery}",
    "div.faq > div.answer > span{within three days}",
    "td.spec{120 × 60 cm}",
)
PLAYERS = (
    "div.video-js > div.vjs-progress-control > div.vjs-progress-holder.vjs-slider[role=slider]",
    "div.plyr > div.plyr__progress > input[type=range][aria-label=Seek]",
    "div.html5-video-player > div.ytp-progress-bar[role=slider][aria-label=Seek slider]",
    "div.player > div.player__seekbar > div.player__buffer",
    "figure > video.clip",
    "div.css-0vd > div.css-1bar > div.css-2fill",
)
PAGERS = (
    "nav[aria-label=Pagination] > ul.pagination > li.page-item > a.page-link[href=?page=2]{Next}",
    "div.dataTables_paginate > a.paginate_button.next{Suivant}",
    "div.pager > button.pager-next[aria-label=Next page]{›}",
    "div.tabular > button.b7[type=button] > i.i3",
)
TOGGLES = (
    "div.settings > button.switch[role=switch][aria-checked=false]",
    "label.check > input[type=checkbox]",
    "details.faq > summary{How do I return it?}",
    "div.row > div.c91[cursor=pointer] > div.c92",
)
GAMES = (
    "div#game > canvas#board",
    "div.memory > div.tile[cursor=pointer]",
    "div.drum-machine > button.pad",
    "div.k11 > div.k12[cursor=pointer]",
)
SLIDERS = (
    "div.noUi-target > div.noUi-base > div.noUi-connects",
    "span.MuiSlider-root > span.MuiSlider-thumb > input[type=range]",
    "div.rc-slider > div.rc-slider-track",
    "div.volume > input[type=range]",
)
KEYPADS = (
    "div.pin-pad > button.digit[type=button]{0}",
    "div.calculator > button.calc-key{0}",
    "div.n44 > button.n45[type=button]{1}",
)
DOWN = (
    "section.hero > a.scroll-down[href=#next]",
    "div.list > button.scroll-right[aria-label=Scroll right]",
    "div.v1 > button.v2 > svg",
)
FIELDS = (
    "form.address > input#zip[type=text][name=zip]",
    "form > textarea#message[name=message]",
    "div.editor > div.ProseMirror[contenteditable=true] > p",
    "header > form.search > input.search-field[type=search]",
)
PICKERS = (
    "form > select#country[name=country]",
    "form > input#birthday[type=date]",
    "form.upload > input#file[type=file]",
    "form > select.size > option{M}",
)
BLANKS = (
    "html > body",
    "body > div#root > main.content",
    "main > div.container > div.row",
    "body > footer > div.legal{© 2026}",
)
MENUS = (
    "header > nav > button.menu-toggle[aria-haspopup=true]{Menu}",
    "div.select > div.select__control[role=combobox]",
    "div.toolbar > button.dropdown-toggle{Sort by}",
)
AWAY = (
    "footer > a.external[href=https://partner.example/][target=_blank]{Partner}",
    "div.docs > a.pdf[href=/files/manual.pdf]{Manual (PDF)}",
    "div.docs > a[href=/report.xlsx][download=]{Export}",
)
WRITE = (
    "footer > a[href=mailto:help@example.com]{help@example.com}",
    "header > a.phone[href=tel:+33123456789]{01 23 45 67 89}",
    "div.contact > a.btn[href=mailto:sales@example.com] > span{Write to us}",
    "div.share > a.whatsapp[href=whatsapp://send?text=hi]{WhatsApp}",
)
CHOSEN = (
    "ul.tabs > li > a.tab.active[role=tab][aria-selected=true][href=#details]{Details}",
    "header > nav > a.nav-link.active[aria-current=page][href=/shop]{Shop}",
    "label.radio > input[type=radio][name=delivery]",
    "ul.swatches > li > button.swatch.selected[aria-pressed=true]{Red}",
)
FRAMES = ("div.video > iframe.embed[src=https://video.example/]", "div.captcha > iframe")
COPIES = ("div.code > button.copy[aria-label=Copy]", "div.voucher > button.copy-code{Copy code}")
PRINTS = (
    "div.order > button.print{Print}",
    "div.ticket > a.print-link[href=javascript:window.print()]{Imprimer}",
)
MODALS = (
    "body > div.modal-backdrop[cursor=pointer]",
    "body > div.overlay",
    "div.MuiDialog-root > div.MuiBackdrop-root",
)
HINTS = (
    "label.price > span.info-icon[tabindex=0][aria-label=More information]",
    "div.form > button.tooltip-trigger[type=button]{?}",
    "th.sorted > i.help[cursor=pointer]",
)
FILES = (
    "div.upload > button.choose-file[type=button]{Choose a photo}",
    "form > label.file-label[for=cv]{Upload your CV}",
)
HANDLES = (
    "li.item > span.drag-handle[cursor=grab]",
    "div.card > div.grip[draggable=true][cursor=move]",
    "tr > td > button.reorder[aria-label=Drag to reorder]",
)
TOPS = ("header > a.top[href=#top]{Top}", "body > a.skip[href=#main]{Skip to content}")
SHARING = ("article > button.share{Share}", "div.actions > button[aria-label=Partager]")
VOLUME = ("div.audio > button.faster[type=button]{+10 %}", "div.s8 > button.s9[type=button]")
UNDO = ("div.toolbar > button.undo[aria-label=Undo]", "div.editor > button.zz1[type=button] > svg")
EMOJI = ("div.reactions > button.emoji{👏}", "div.call > button.rr2[type=button]")


def _selecting(stage: Stage, line: str) -> None:
    """Marking a paragraph: three clicks, often one or two more; not every tracker tells of selections."""
    is_told = stage.is_recording or stage.chance(0.8)
    n = 3 if stage.chance(0.65) else stage.some(4, 6)
    for at, gap in enumerate([*stage.gaps(n, 170), 0.0]):
        stage.click(line)
        if is_told and at:
            stage.row("selection", 6.0, selection_empty=at == n - 1 and stage.chance(0.2))
        stage.t += gap


def _marking_a_word(stage: Stage, line: str) -> None:
    is_told = stage.is_recording or stage.chance(0.8)
    stage.burst([line] * 2, 160)
    if is_told:
        stage.row("selection", 8.0)


def _double(stage: Stage, line: str) -> None:
    """People who double-click everything, now and then twice."""
    stage.burst([line] * 2, 170, changes)
    if stage.chance(0.12):
        stage.wait(150, 500)
        stage.burst([line] * 2, 170, changes)


def _many_things(stage: Stage, line: str) -> None:
    """Quick clicks down a list, each on another thing."""
    lines = [f"ul.todo > li.item-{at} > input#c{at}[type=checkbox]" for at in range(stage.some(4, 8))]
    stage.burst(lines, 230, changes)
    stage.click(line, changes)


def _plays(stage: Stage) -> None:
    stage.answered("media", float(stage.rng.uniform(5, 60)))


def _types(stage: Stage, line: str) -> None:
    stage.click(line)
    stage.wait(400, 3_500)
    if stage.chance(0.6):
        stage.row("input", form="form.address", field="zip")


def _picks(stage: Stage, line: str) -> None:
    stage.click(line)
    stage.wait(1_500, 9_000)
    if stage.chance(0.7):
        stage.row("change", form="form", field="country")


def _already(stage: Stage, line: str) -> None:
    stage.click(line)
    stage.wait(3_200, 6_000)


def _copies(stage: Stage, line: str) -> None:
    stage.click(line, changes if stage.chance(0.7) else None)
    stage.row("copy", 3.0)


def _hinted(stage: Stage, line: str) -> None:
    """The hint came with the pointer, before the click; the click itself does nothing, or keeps it open."""
    if not stage.is_recording:
        stage.row("mutation", -float(stage.rng.uniform(150, 1_500)))
    stage.click(line, changes if stage.chance(0.4) else None)
    stage.wait(800, 5_000)


def _native_files(stage: Stage, line: str) -> None:
    """The dialog of the system: the window mostly loses the focus, and later a file may be there."""
    stage.click(line, leaves_the_window if stage.chance(0.8) else None)
    stage.wait(2_000, 15_000)
    if stage.chance(0.6):
        stage.row("change", form="form", field="cv")


def _into_a_frame(stage: Stage, line: str) -> None:
    stage.click(line)
    stage.row("blur", 3.0)


def _sees(stage: Stage, line: str) -> None:
    """The ordinary case: all sorts of things that answer, soon or late."""
    del line
    for _ in range(stage.some(2, 5)):
        stage.click(str(stage.rng.choice(BUTTONS)), stage.one_of([changes, fetches, leads, presses]))
        stage.wait(600, 6_000)


LOOK_ALIKES: tuple[Scene, ...] = (
    Scene("quantity stepper", "nothing", STEPPERS, burst(3, 10, 225, fetches)),
    Scene("carousel", "nothing", CAROUSELS, burst(3, 10, 250, changes)),
    Scene("date picker", "nothing", CALENDARS, burst(3, 12, 225, changes)),
    Scene("map zoom", "nothing", MAPS, burst(3, 8, 250, changes)),
    Scene("double click", "nothing", LIVELY, _double),
    Scene("ordinary fast clicking", "nothing", LIVELY, burst(3, 8, 230, changes)),
    Scene("fast clicking on many things", "nothing", TOGGLES[1:2], _many_things),
    Scene("clicking on text while reading", "nothing", TEXTS, once()),
    Scene("clicking on nothing", "nothing", BLANKS, once()),
    Scene("clicking into a field", "nothing", FIELDS, _types),
    Scene("pickers of the browser", "nothing", PICKERS, _picks),
    Scene("menu that opens on press", "nothing", MENUS, once(presses)),
    Scene("new tabs and downloads", "nothing", AWAY, once()),
    Scene("things that answer", "nothing", BUTTONS, _sees, 2),
    Scene("video seek bar", "nothing", PLAYERS, burst(3, 8, 230, _plays, drift=40), held_out=True),
    Scene("triple-click selection", "nothing", TEXTS, _selecting, held_out=True),
    Scene("pager", "nothing", PAGERS, burst(3, 8, 260, fetches), held_out=True),
    Scene("toggle to and fro", "nothing", TOGGLES, burst(3, 6, 240, changes), held_out=True),
    Scene("game", "nothing", GAMES, burst(4, 14, 190, changes), held_out=True),
    Scene("slider", "nothing", SLIDERS, burst(3, 7, 240, changes, drift=20), held_out=True),
    Scene("keypad", "nothing", KEYPADS, burst(3, 5, 220, changes), held_out=True),
    Scene("arrow that scrolls", "nothing", DOWN, burst(3, 7, 250, scrolls), held_out=True),
    Scene("marking a word", "nothing", TEXTS, _marking_a_word, held_out=True),
    Scene("mail and phone links", "nothing", WRITE, once(leaves_the_window), held_out=True),
    Scene("what is chosen already", "nothing", CHOSEN, _already),
    Scene("into a frame", "nothing", FRAMES, _into_a_frame, held_out=True),
    Scene("copy button", "nothing", COPIES, _copies, held_out=True),
    Scene("print", "nothing", PRINTS, once(leaves_the_window), held_out=True),
    Scene("closing a dialog beside it", "nothing", MODALS, once(changes), held_out=True),
    Scene("hint on an icon", "nothing", HINTS, _hinted, 0.5),
    Scene("choosing a file", "nothing", FILES, _native_files),
    Scene("undo", "nothing", UNDO, burst(3, 9, 230, changes), held_out=True),
    Scene("applause", "nothing", EMOJI, burst(3, 12, 180, changes), held_out=True),
    Scene("handle to drag", "nothing", HANDLES, _already, 0.3, held_out=True),
    Scene("anchor to where one is", "nothing", TOPS, _already, 0.3),
    Scene("sharing through the system", "nothing", SHARING, once(leaves_the_window), held_out=True),
    Scene("volume and speed", "nothing", VOLUME, burst(3, 8, 220, changes), held_out=True),
    Scene(
        "anchor in the page", "nothing", ("nav.toc > a[href=#part-2]{Part 2}",), once(scrolls), held_out=True
    ),
)
