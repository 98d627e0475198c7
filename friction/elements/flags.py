"""The facts a rule may ask about an element, as bits."""

from __future__ import annotations

from enum import IntFlag, auto


class Flag(IntFlag):
    """One bit of `el_flags` each. No bit of INTERACTIVE and INERT set: the source does not say."""

    INTERACTIVE = auto()
    """A link, button, field, label, summary, or by role, handler, tabindex, pointer cursor, the source's own
    word or a class that calls it a button; or inside one of these."""
    INERT = auto()
    """Known not to be interactive: its tag is known, and neither it nor a known ancestor answers clicks."""
    LINK = auto()
    NEW_TAB = auto()
    DOWNLOAD = auto()
    DISABLED = auto()
    SUBMIT = auto()
    TEXT_ENTRY = auto()
    """Text-like input, textarea, contenteditable."""
    NATIVE_CONTROL = auto()
    """select, option, and inputs with a picker of the browser's own (date, time, file, color, number)."""
    TOGGLE = auto()
    """Checkbox, radio, switch."""
    STEPPER = auto()
    PAGER = auto()
    CAROUSEL = auto()
    CALENDAR = auto()
    SLIDER = auto()
    MEDIA = auto()
    CANVAS = auto()
    """canvas, map, game."""
    OPT_OUT = auto()
    """Carries an opt-out attribute or class of friction's or of a known tool's."""
    SEARCH = auto()
    """A search box or filter."""
    LOGIN = auto()
    CHOSEN = auto()
    """Says of itself that it is chosen already: a tab, an entry of a navigation, a radio button (its state is rarely
    told, and clicking the one that is set changes nothing); or leads to the top of the page, where one mostly is."""
    HINT = auto()
    """Explains something beside it, mostly as soon as the pointer comes near: the click itself owes nothing."""
    HANDLE = auto()
    """Made to be dragged: its cursor, its role or its names say that something is moved or resized with it."""
    TEXT = auto()
    """Words that can be marked: it is INERT, and a paragraph, heading, entry of a list or table, or has a text."""
