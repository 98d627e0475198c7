"""Which facts hold for an element, given what is known of it and of its ancestors.

The *control* is the nearest of the element and its ancestors that answers clicks: a click on the icon in a
button is a click on the button. Words of the control and of what lies inside it say what it is for; words
further out say where it stands (in a carousel, in a calendar). A place alone makes a pager or a carousel
only of a control that also turns.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from friction.elements.flags import Flag
from friction.elements.node import Node
from friction.elements.words import (
    DRAG_PHRASES,
    STEP_PHRASES,
    STEP_TEXTS,
    TURN_PHRASES,
    TURN_TEXTS,
    UPLOAD_PHRASES,
    Mark,
    folded,
    words,
)

INTERACTIVE_TAGS = words("a button input select textarea label summary option")
INTERACTIVE_ROLES = words(
    "button link checkbox radio switch tab menuitem menuitemcheckbox menuitemradio option combobox listbox"
    " textbox searchbox slider spinbutton treeitem gridcell"
)
HANDLERS = words(
    "onclick onmousedown onmouseup onpointerdown onpointerup ontouchstart ontouchend contenteditable"
)
"""Attributes that promise an answer to a click."""

TEXT_TYPES = words("text search email password url tel") | {""}
PICKER_TYPES = words("date time datetime-local month week file color number datetime")
"""Inputs whose picker the browser draws itself, unseen by recorders."""

FILES = re.compile(
    r"(?i)\.(?:pdf|zip|rar|7z|t?gz|docx?|xlsx?|pptx?|odt|ods|csv|ics|vcf|epub|mp3|mp4|wav|exe|msi|dmg|pkg|deb|rpm|apk)"
    r"(?:[?#]|$)"
)
"""Links to such files end in the download of the browser, not in a page."""

SEARCH_NAMES = words("q s query search keyword keywords recherche")
"""Names of search fields all over the web."""

CHOSEN_CLASSES = words("selected is-selected current is-current")
"""By which the one that is chosen is marked among others."""
SHOWN_CLASSES = words("active is-active uk-active")
"""The same in tabs and navigations; elsewhere it may be anything, such as a button that is held."""

TOPS = words("#top #main #content #main-content #haut #contenu")
"""Links to where a page begins."""

MOVING = re.compile(r"(?:grab|grabbing|move|all-scroll|(?:col|row|[nsew]{1,4})-resize)")
"""Cursors by which a page says that something is moved, turned or resized here (CSS Basic User Interface)."""

PROSE = words(
    "p h1 h2 h3 h4 h5 h6 li dd dt td th blockquote pre code em strong small cite q figcaption caption address"
)
"""Tags of words that are read."""

NEAR = 3
"""Ancestors that say what a control without words is for: its own small box, not the section it stands in."""

LONGEST = 100
"""Characters of a text that are read: what turns or steps says so in a word or two."""

REACH = 5
"""Ancestors whose answering of clicks counts for the element."""

_INTERACTIVE, _INERT, _DISABLED = Flag.INTERACTIVE.value, Flag.INERT.value, Flag.DISABLED.value
_TEXT = Flag.TEXT.value
_PLAYERS, _SEARCHES = words("video audio"), words("search searchbox")


def flags_of(node: Node, above: Sequence[Node], interactive: bool | None, disabled: bool | None) -> int:
    """The bits of `Flag` of an element. `interactive` and `disabled`: the source's own word."""
    seen = _Seen(node, above)
    flags = 0
    for flag, holds in _CLAIMS:
        if holds(seen):
            flags |= flag
    if seen.control is not None or interactive:
        flags |= _INTERACTIVE
    elif interactive is False or (node.tag and "-" not in node.tag):
        flags |= _INERT
        if node.tag in PROSE or (node.tag in {"span", "div", "b", "i"} and any(map(str.isalpha, node.text))):
            flags |= _TEXT
    return flags | _DISABLED if disabled else flags


class _Seen:
    """An element and its surroundings, with the words found in them."""

    def __init__(self, node: Node, above: Sequence[Node]) -> None:
        self.node = node
        self.chain = (node, *above)
        marks = [each.marks for each in self.chain]
        self.control = _control(self.chain, marks)
        inside = 1 if self.control is None else self.control + 1
        self.inner = self.chain[:inside]
        self.main = self.inner[-1]
        self.own = _any(marks[:inside])
        self.near = _any(marks[: inside + NEAR])
        self.all = _any(marks)
        self.tags = {each.tag for each in self.chain}
        self.roles = {each.role for each in self.chain}
        self.attributed = [each for each in self.chain if each.attrs]
        texts = [folded(text[:LONGEST]) for each in self.inner for text in (each.text, each.label) if text]
        self.says_turn = self.steps = self.counts = self.asks_file = self.drags = False
        for text in texts:
            self.says_turn |= text in TURN_TEXTS or TURN_PHRASES.search(text) is not None
            self.steps |= text in STEP_TEXTS or STEP_PHRASES.search(text) is not None
            self.counts |= text.isdecimal() and len(text) < 4
            self.asks_file |= UPLOAD_PHRASES.search(text) is not None
            self.drags |= DRAG_PHRASES.search(text) is not None
        self.turns = self.says_turn or bool(self.own & Mark.TURN)
        self.worded = self.control is not None and sum(map(str.isalpha, self.main.text)) > 2
        self.place = self.near if self.worded else self.all
        """A control with words of its own is judged by its own small box only."""


def _any(marks: Iterable[int]) -> int:
    found = 0
    for mark in marks:
        found |= mark
    return found


def _control(chain: Sequence[Node], marks: Sequence[int]) -> int | None:
    for at, node in enumerate(chain[: REACH + 1]):
        if _answers(node) or (at < NEAR and marks[at] & Mark.BUTTON):
            return at
    return None


def _answers(node: Node) -> bool:
    if node.tag in INTERACTIVE_TAGS or node.role in INTERACTIVE_ROLES:
        return True
    if not node.attrs or node.tag in {"html", "body"}:
        return False
    if node.has("tabindex") and not node.value("tabindex").startswith("-"):
        return True
    if node.value("cursor") == "pointer" or "cursor:pointer" in node.value("style").replace(" ", ""):
        return True
    return any(name in HANDLERS and value.lower() != "false" for name, value in node.attrs.items())


def _link(seen: _Seen) -> Node | None:
    """The link a click goes through: an anchor with somewhere to go, as far as its attributes are known."""
    for node in seen.inner:
        if node.tag == "a" or node.role == "link":
            leads = (node.href or "").strip().lower()
            if node.href is None:
                return node if node.attrs is None or node.role == "link" else None
            return None if leads in {"", "#"} or leads.startswith("javascript:") else node
    return None


def _is_new_tab(seen: _Seen) -> bool:
    link = _link(seen)
    return link is not None and link.value("target") not in {"", "_self", "_parent", "_top"}


def _is_download(seen: _Seen) -> bool:
    link = _link(seen)
    return link is not None and (link.has("download") or FILES.search(link.href or "") is not None)


def _is_disabled(seen: _Seen) -> bool:
    if seen.own & Mark.DISABLED:
        return True
    for node in seen.attributed:
        if node.has("disabled") and (node.tag == "fieldset" or node in seen.inner):
            return True
        if node.value("aria-disabled") == "true" and node in seen.inner:
            return True
    return False


def _is_submit(seen: _Seen) -> bool:
    """A button in a form sends it unless its type says otherwise: so browsers do."""
    main = seen.main
    if main.tag == "button" and not main.type:
        return "form" in seen.tags
    return main.type in {"submit", "image"} and main.tag in {"", "button", "input"}


def _is_text_entry(seen: _Seen) -> bool:
    node = seen.node
    if node.tag == "textarea" or node.role in {"textbox", "searchbox"}:
        return True
    if node.tag == "input" and node.type in TEXT_TYPES and not seen.own & Mark.TOGGLE:
        return True
    edited = [each for each in seen.attributed if each.has("contenteditable")]
    return any(each.value("contenteditable") != "false" for each in edited)


def _is_native(seen: _Seen) -> bool:
    node = seen.node
    if node.tag in {"select", "option", "optgroup"} or (node.tag == "input" and node.type in PICKER_TYPES):
        return True
    if seen.control is None or seen.main.tag not in {"button", "label", "div", "span"}:
        return False
    return seen.asks_file or bool(seen.own & Mark.UPLOAD and not _is_submit(seen))


def _is_hint(seen: _Seen) -> bool:
    """A control without words, or a mark that ends in one (`?`, `i`), whose names say that it explains."""
    return bool(seen.own & Mark.HINT) and not seen.worded and _link(seen) is None


def _is_handle(seen: _Seen) -> bool:
    """Where it says so itself, or the control that it lies in. What may be dragged besides (a link) is no handle."""
    if seen.drags or seen.own & Mark.GRIP:
        return True
    return any(_moves(node) for node in seen.inner if node.attrs)


def _moves(node: Node) -> bool:
    if MOVING.fullmatch(node.value("cursor")) or any("drag-handle" in name for name in node.attrs or ()):
        return True
    if node.role == "separator" and node.has("aria-valuenow"):
        return True
    is_own = node.value("draggable") == "true" and node.value("cursor") != "pointer"
    described = node.value("aria-roledescription")
    return (is_own and node.tag not in INTERACTIVE_TAGS) or "drag" in described or "sortable" in described


def _is_toggle(seen: _Seen) -> bool:
    if seen.node.type in {"checkbox", "radio"} or seen.main.role in {"menuitemcheckbox", "menuitemradio"}:
        return True
    return bool(seen.own & Mark.TOGGLE)


def _is_stepper(seen: _Seen) -> bool:
    return seen.steps or bool(seen.own & Mark.STEP and seen.near & Mark.QUANTITY)


def _is_carousel(seen: _Seen) -> bool:
    if not seen.all & (Mark.CAROUSEL | Mark.SLIDER) and not any(
        node.value("aria-roledescription") == "carousel" for node in seen.attributed
    ):
        return False
    is_thumb = seen.own & Mark.HANDLE and not seen.all & Mark.CAROUSEL
    return seen.turns or seen.main.role == "tab" or bool(seen.own & Mark.DOT and not is_thumb)


def _is_pager(seen: _Seen) -> bool:
    """In a pager, or turning by its text, or by its class when it has no words; never what sends a form."""
    if seen.all & Mark.PAGER and (seen.turns or seen.counts or seen.own & Mark.PAGER):
        return True
    if not seen.says_turn and (seen.worded or not seen.own & Mark.TURN):
        return False
    return not (_is_submit(seen) or _is_carousel(seen) or _is_calendar(seen))


def _is_calendar(seen: _Seen) -> bool:
    return bool(seen.place & Mark.CALENDAR or (seen.all & Mark.CALENDAR and seen.turns))


def _is_slider(seen: _Seen) -> bool:
    if seen.node.type == "range" or "slider" in {seen.node.role, seen.main.role}:
        return True
    return bool(seen.near & Mark.SLIDER and seen.own & Mark.HANDLE and not seen.all & Mark.CAROUSEL)


def _is_media(seen: _Seen) -> bool:
    return bool(seen.place & Mark.PLAYER) or not seen.tags.isdisjoint(_PLAYERS)


def _is_canvas(seen: _Seen) -> bool:
    if seen.node.tag in {"canvas", "object", "embed"}:
        return True
    return bool((seen.own if seen.worded else seen.all) & Mark.MAP)


def _is_search(seen: _Seen) -> bool:
    if seen.node.type == "search" or not seen.roles.isdisjoint(_SEARCHES):
        return True
    return seen.node.name.lower() in SEARCH_NAMES or bool(seen.near & Mark.SEARCH)


def _is_login(seen: _Seen) -> bool:
    autofill = seen.node.value("autocomplete")
    return autofill == "current-password" or bool(seen.all & Mark.LOGIN)


def _is_chosen(seen: _Seen) -> bool:
    node, main = seen.node, seen.main
    if node.type == "radio" or (main.role == "radio" and main.value("aria-checked") == "true"):
        return True
    if main.value("aria-selected") == "true" or main.value("aria-current") not in {"", "false"}:
        return True
    if (main.href or "").lower() in TOPS:
        return True
    if seen.control is not None and not CHOSEN_CLASSES.isdisjoint(main.classes):
        return True
    is_place = main.role == "tab" or (main.tag == "a" and bool({"nav", "ul"} & seen.tags))
    return is_place and not SHOWN_CLASSES.isdisjoint(main.classes)


_CLAIMS: tuple[tuple[int, Callable[[_Seen], bool]], ...] = (
    (Flag.LINK.value, lambda seen: _link(seen) is not None),
    (Flag.NEW_TAB.value, _is_new_tab),
    (Flag.DOWNLOAD.value, _is_download),
    (Flag.DISABLED.value, _is_disabled),
    (Flag.SUBMIT.value, _is_submit),
    (Flag.TEXT_ENTRY.value, _is_text_entry),
    (Flag.NATIVE_CONTROL.value, _is_native),
    (Flag.TOGGLE.value, _is_toggle),
    (Flag.STEPPER.value, _is_stepper),
    (Flag.PAGER.value, _is_pager),
    (Flag.CAROUSEL.value, _is_carousel),
    (Flag.CALENDAR.value, _is_calendar),
    (Flag.SLIDER.value, _is_slider),
    (Flag.MEDIA.value, _is_media),
    (Flag.CANVAS.value, _is_canvas),
    (Flag.OPT_OUT.value, lambda seen: bool(seen.all & Mark.OPT_OUT)),
    (Flag.SEARCH.value, _is_search),
    (Flag.LOGIN.value, _is_login),
    (Flag.CHOSEN.value, _is_chosen),
    (Flag.HINT.value, _is_hint),
    (Flag.HANDLE.value, _is_handle),
)
