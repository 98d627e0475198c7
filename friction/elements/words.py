"""The words by which pages call their parts, as marks on the names that an element carries.

A name (class, id, role, `aria-label`, name of an attribute that holds one) is cut at everything that is no
letter and at changes of case, so that `swiper-button-next`, `carouselNext` and `MuiSlider-thumb` say what
they are. A mark alone decides little: most parts need a second one on the element itself (`rules`), because
a Buy button inside a carousel is a Buy button.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache


class Mark:
    """What a single name speaks of: bits of plain integers, since they are tested by the million."""

    STEP = 1 << 0
    QUANTITY = 1 << 1
    TURN = 1 << 2
    DOT = 1 << 3
    PAGER = 1 << 4
    CAROUSEL = 1 << 5
    CALENDAR = 1 << 6
    SLIDER = 1 << 7
    HANDLE = 1 << 8
    PLAYER = 1 << 9
    MAP = 1 << 10
    SEARCH = 1 << 11
    LOGIN = 1 << 12
    BUTTON = 1 << 13
    DISABLED = 1 << 14
    TOGGLE = 1 << 15
    OPT_OUT = 1 << 16
    HINT = 1 << 17
    UPLOAD = 1 << 18
    GRIP = 1 << 19


def words(text: str) -> frozenset[str]:
    """A vocabulary, written as one readable line."""
    return frozenset(text.split())


VOCABULARY: dict[int, str] = {
    # + and − of a quantity: quick repeated clicks are how it is used.
    Mark.STEP: "plus minus increase decrease increment decrement inc dec stepup stepdown stepper spinbutton"
    " augmenter diminuer incrementer decrementer",
    Mark.QUANTITY: "quantity qty quantite quantites stepper numberinput inputnumber spinbutton",
    # Forwards and backwards, whatever is turned: pages, pictures, months.
    Mark.TURN: "next prev previous forward backward arrow arrows chevron nextbtn prevbtn"
    " suivant suivante precedent precedente avancer reculer fleche",
    Mark.DOT: "dot dots bullet bullets indicator indicators thumb thumbs thumbnail thumbnails",
    Mark.PAGER: "pagination paginator pager pagelink pagenumbers pageitem paging",
    Mark.CAROUSEL: "carousel slick swiper glide splide flickity owl slideshow gallery lightbox fotorama"
    " keen embla siema coverflow rslides flexslider diaporama galerie photoswipe pswp fancybox",
    Mark.CALENDAR: "calendar calendrier datepicker datetimepicker daterangepicker daterange flatpickr pikaday"
    " daypicker rdp timepicker monthpicker bsdatepicker litepicker fullcalendar",
    # A value to drag, or a gallery: what lies inside tells which.
    Mark.SLIDER: "slider rangeslider noui nouislider rcslider muislider inputrange seekbar scrubber",
    Mark.HANDLE: "handle thumb track rail knob connect seekbar scrubber",
    # Seek bars are clicked like nothing else on the web.
    Mark.PLAYER: "player videoplayer audioplayer mediaplayer vjs videojs plyr jwplayer mejs ytp html5video"
    " shaka seekbar scrubber vimeo flowplayer bitmovin theoplayer lecteur",
    # Surfaces that are dragged, drawn on or played with. Not "carte" and "game": shops sell both.
    Mark.MAP: "map leaflet mapbox mapboxgl maplibre maplibregl gmap gmaps googlemap gmstyle olviewport"
    " mapcontainer canvas gameboard gamecanvas",
    Mark.SEARCH: "search searchbox searchbar searchform recherche rechercher filter filters filtre filtres"
    " facet facets facette facettes refine refinement typeahead autocomplete",
    # Not "password": a registration has one too.
    Mark.LOGIN: "login signin logon connexion authentification",
    # Authors who call a div a button mean it to be pressed.
    Mark.BUTTON: "btn button cta clickable bouton",
    Mark.DISABLED: "disabled isdisabled desactive",
    Mark.HINT: "tooltip tooltips tooltiptrigger hint info help infobulle aide",
    # What opens the dialog of the system in which a file is chosen.
    Mark.UPLOAD: "upload uploader fileupload filepicker fileinput choosefile selectfile dropzone televerser",
    # What is moved or resized by it. Not "reorder", with which a shop sells the same again, nor "gutter".
    Mark.GRIP: "grip gripper grabber draghandle draghandler dragger dragindicator dragicon movehandle sorthandle"
    " sortablehandle resizer resizehandle resizablehandle splitter splitbar poignee",
    Mark.TOGGLE: "switch checkbox radio toggleswitch interrupteur",
}
"""Words by mark, English and French, without accents."""

WRAPPERS = words("group toolbar wrapper wrap container row bar list set box area holder outer")
"""Words that make `btn-group`, `button-bar` … the surroundings of buttons instead of one."""

EXCEPTIONS: dict[int, frozenset[str]] = {
    Mark.CALENDAR: frozenset({"add", "ajouter", "export", "link", "event", "events"}),
    Mark.PLAYER: frozenset({"card", "profile", "name", "stats", "list", "team", "row"}),
    Mark.MAP: frozenset({"site", "link", "card", "menu", "road"}),
    Mark.BUTTON: WRAPPERS,
    Mark.SEARCH: frozenset({"result", "results", "resultats"}),
}
"""Words in the same name that take a mark back: "add to calendar" is no calendar, a player card no player, a
link to a map no map, a result of a search no search box."""

OPT_OUT = words("friction-ignore ph-no-rageclick ph-no-deadclick ph-no-capture ph-no-autocapture")
"""Classes of ours and of PostHog by which a page says that clicks here mean nothing."""

OPT_OUT_ATTRIBUTES = words("data-friction-ignore data-dd-ignore-frustration data-ph-no-autocapture")
"""Attributes of ours, Datadog's and PostHog's to the same effect, with any value."""

STEP_TEXTS = words("+ - \N{MINUS SIGN} \N{EN DASH} \N{FULLWIDTH PLUS SIGN} ++ -- +1 -1")
"""Whole texts of the two sides of a stepper."""

TURN_TEXTS = words(
    "> < >> << \u203a \u2039 \u00bb \u00ab \u2192 \u2190 \u276f \u276e \u25b6 \u25c0 \u25ba \u25c4"
    " next prev previous suivant suivante precedent precedente"
)
"""Whole texts of what turns pages, pictures and months."""

TURN_PHRASES = re.compile(
    r"\b(?:next|previous|prev)\s+(?:page|slide|photo|image|picture|item|month|year|week|day|video|step|results?)"
    r"|\b(?:page|image|photo|diapositive|diapo|vue|mois|annee|semaine|jour|video)\s+(?:suivant|precedent)e?"
    r"|\bgo to (?:page|slide)\b|\b(?:page|slide|diapositive)\s+\d+"
)
STEP_PHRASES = re.compile(
    r"\b(?:increase|decrease|increment|decrement|raise|reduce|one more|one less|one fewer)\b"
    r"|\b(?:augmenter|diminuer|reduire|ajouter un|retirer un|enlever un)\b"
)
"""Longer labels, in lower case without accents."""
UPLOAD_PHRASES = re.compile(
    r"\b(?:choose|select|upload|attach|browse|add)\b.{0,20}\b(?:files?|photos?|images?|pictures?|documents?|cv|resume)\b"
    r"|\b(?:choisir|selectionner|televerser|joindre|ajouter|importer)\b.{0,20}"
    r"\b(?:fichiers?|photos?|images?|documents?|cv)\b|^(?:browse|parcourir)$"
)
"""Labels of buttons behind which the system asks for a file."""

DRAG_PHRASES = re.compile(
    r"\bdrag[ _-](?:to|and|the|this|handle|indicator|item|row|me)\b|\b(?:faire )?glisser\b|^(?:resize|redimensionner)\b"
)
"""Labels of handles: what to do with them, or the name of their picture in a font of icons."""

_CUT = re.compile(r"[^a-z0-9+]+")
_CASE = re.compile(r"(?<=[a-z])(?=[A-Z])")
_MARKS: dict[str, int] = {}
for _mark, _vocabulary in VOCABULARY.items():
    for _word in _vocabulary.split(" "):
        _MARKS[_word] = _MARKS.get(_word, 0) | _mark


@lru_cache(maxsize=65_536)
def marks_of(name: str) -> int:
    """The marks of one name; words that belong together are tried as one too (`date-picker`, `sign in`)."""
    if name in OPT_OUT:
        return Mark.OPT_OUT
    is_plain = name.islower() and name.isascii()
    parts = _CUT.split(name if is_plain else folded(_CASE.sub(" ", name)))
    words = {*parts, *map(str.__add__, parts, parts[1:])}
    if not is_plain:
        words.update(_CUT.split(folded(name)))
    found = 0
    for word in words & _MARKS.keys():
        found |= _MARKS[word]
    for mark, exceptions in EXCEPTIONS.items() if found else ():
        if found & mark and not exceptions.isdisjoint(words):
            found &= ~mark
    return found


def folded(text: str) -> str:
    """Lower case, without accents, blanks in one form."""
    text = text.lower()
    if not text.isascii():
        text = "".join(sign for sign in unicodedata.normalize("NFD", text) if not unicodedata.combining(sign))
    return " ".join(text.split())
