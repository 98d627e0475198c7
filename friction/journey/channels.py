"""From campaign tags and referrer to a channel, by the default channel group of GA4.

Rules and their order are those of the help page "[GA4] Default channel group" (support.google.com/analytics/answer/
9756891); first match wins and case does not count. Without campaign tags a click id of an advertiser says what paid
for the visit, else the referrer does: a search engine is `organic`, another site `referral`, none at all direct.
Where a file names a channel in one word and nothing else, the word counts as source and as medium. Visits outside the
web that a file brings (`OFFLINE`) are channels of their own, since GA4 has none for them.
"""

from __future__ import annotations

import re
from urllib.parse import unquote_plus

from friction.journey.sites import kind_of
from friction.values import dataclass

CHANNELS = (
    *("direct", "cross_network", "paid_shopping", "paid_search", "paid_social", "paid_video", "display"),
    *("paid_other", "organic_shopping", "organic_social", "organic_video", "organic_search", "email"),
    *("affiliates", "referral", "audio", "sms", "push", "unassigned"),
)
OFFLINE = ("chat", "support", "survey", "store", "phone", "other_touch")
ALL = (*CHANNELS, *OFFLINE)

_PAID = re.compile(r"(.*cp.*|ppc|retargeting|paid.*)")
_SHOP = re.compile(r"(.*(([^a-df-z]|^)shop|shopping).*)")
_SOCIAL_MEDIA = frozenset(
    ("social", "social-network", "social-media", "sm", "social network", "social media")
)
_MAIL = frozenset(("email", "e-mail", "e_mail", "e mail"))
_NOTHING = frozenset(("", "(none)", "(not set)", "none", "not set", "null", "undefined"))
CLICK_IDS = {
    **dict.fromkeys(("gclid", "gbraid", "wbraid", "gclsrc"), ("google", "cpc")),
    "dclid": ("google", "display"),
    "msclkid": ("bing", "cpc"),
    "ttclid": ("tiktok", "cpc"),
    "twclid": ("twitter", "cpc"),
    "li_fat_id": ("linkedin", "cpc"),
    "epik": ("pinterest", "cpc"),
    "sccid": ("snapchat", "cpc"),
    "yclid": ("yandex", "cpc"),
    "irclickid": ("impact", "affiliate"),
}
"""Parameters that advertisers add to the address, with the source and medium that they stand for."""
_NAMED = {re.sub(r"[^a-z]", "", name.replace("push", "mobilepushnotifications")): name for name in CHANNELS}
_WORDS = {
    **dict.fromkeys(("ads", "ad", "sea", "adwords", "sem", "paid search"), "paid_search"),
    **dict.fromkeys(("seo", "natural", "search"), "organic_search"),
    **dict.fromkeys(("newsletter", "mail", "mailing", "courriel", "emailing"), "email"),
    **dict.fromkeys(("social ads", "paid social"), "paid_social"),
    **dict.fromkeys(("banner", "banners", "programmatic"), "display"),
    **dict.fromkeys(("partner", "partners", "affiliation", "affiliate", "partenaires"), "affiliates"),
    **dict.fromkeys(("direct", "typein", "bookmark"), "direct"),
    **dict.fromkeys(("chat", "chatbot", "bot", "livechat", "live chat"), "chat"),
    **dict.fromkeys(("support", "helpdesk", "ticket", "tickets"), "support"),
    **dict.fromkeys(("survey", "surveys", "enquete"), "survey"),
    **dict.fromkeys(("store", "shop visit", "in-store", "instore", "pos", "magasin", "boutique"), "store"),
    **dict.fromkeys(("phone", "call", "call center", "callcenter", "telephone", "hotline"), "phone"),
}
"""What people call a channel in a column of one word."""


@dataclass(frozen=True)
class Origin:
    """Where a visit says it comes from; null: it says nothing."""

    source: str | None = None
    medium: str | None = None
    campaign: str | None = None
    referrer: str | None = None
    """An address, or a host; of the site itself counts as none."""
    tags: str | None = None
    """The query of the address on which the visit began."""


def channel(origin: Origin, own_host: str | None = None) -> str:
    """The channel of a visit, one of `ALL`."""
    source, medium, campaign = _said(origin)
    if medium is None and source is not None and (named := _named(source)):
        return named
    if source is None and medium is None:
        source, medium = _referred(origin.referrer, own_host)
    elif source is None and medium in {"organic", "referral"}:
        source = _referred(origin.referrer, own_host)[0]
    return _grouped(source or "", medium or "", campaign or "")


def _said(origin: Origin) -> tuple[str | None, str | None, str | None]:
    """Source, medium and campaign in lower case: tags of the address before what the file says beside."""
    tags = _query(origin.tags)
    source, medium = _clean(tags.get("utm_source")), _clean(tags.get("utm_medium"))
    campaign = _clean(tags.get("utm_campaign")) or _clean(origin.campaign)
    if source is None and medium is None:
        clicked = next((CLICK_IDS[name] for name in tags if name in CLICK_IDS), None)
        source, medium = clicked or (_clean(origin.source), _clean(origin.medium))
    return source, medium, campaign


def _query(tags: str | None) -> dict[str, str]:
    pairs = (part.partition("=") for part in (tags or "").split("&") if part)
    return {name.lower(): unquote_plus(value) for name, _, value in pairs}


def _clean(text: str | None) -> str | None:
    word = " ".join((text or "").lower().split())
    return None if word in _NOTHING else word


def _named(word: str) -> str | None:
    """The channel that one word names, as GA4 writes it or as people do; null for the name of a site or campaign."""
    letters = re.sub(r"[^a-z]", "", word)
    found = _NAMED.get(letters) or _WORDS.get(word)
    if found or kind_of(word):
        return found
    by_medium = _grouped("", word, "")
    return by_medium if by_medium not in {"unassigned", "direct"} else None


def _referred(referrer: str | None, own_host: str | None) -> tuple[str, str]:
    host = host_of(referrer)
    if not host or host == own_host or (own_host and host.endswith("." + own_host)):
        return "(direct)", "(none)"
    return host, "organic" if kind_of(host) == "search" else "referral"


def host_of(address: str | None) -> str:
    """The host of an address in lower case, without `www.`, user and port; empty where there is none."""
    rest = (address or "").strip().lower()
    if rest.startswith("android-app://"):
        return _app(rest.removeprefix("android-app://").partition("/")[0])
    rest = rest.partition("://")[2] or rest.removeprefix("//")
    host = re.split(r"[/?#]", rest, maxsplit=1)[0].rpartition("@")[2].partition(":")[0]
    return host.removeprefix("www.") if "." in host else ""


def _app(package: str) -> str:
    """An app's name as the host it stands for: `com.google.android.gm` says `google` like `google.com`."""
    return ".".join(reversed(package.split(".")))


def _grouped(source: str, medium: str, campaign: str) -> str:
    """The rules in their order, over words in lower case."""
    paid = _PAID.fullmatch(medium) is not None
    kind = kind_of(source) if source else None
    shops = kind == "shopping" or _SHOP.fullmatch(campaign) is not None
    rules = (
        (source in {"", "(direct)"} and medium in {"", *_NOTHING}, "direct"),
        ("cross-network" in campaign, "cross_network"),
        (shops and paid, "paid_shopping"),
        (kind == "search" and paid, "paid_search"),
        (kind == "social" and paid, "paid_social"),
        (kind == "video" and paid, "paid_video"),
        (medium in {"display", "banner", "expandable", "interstitial", "cpm"}, "display"),
        (paid, "paid_other"),
        (shops, "organic_shopping"),
        (kind == "social" or medium in _SOCIAL_MEDIA, "organic_social"),
        (kind == "video" or "video" in medium, "organic_video"),
        (kind == "search" or medium == "organic", "organic_search"),
        (source in _MAIL or medium in _MAIL, "email"),
        (medium in {"affiliate", "affiliates"}, "affiliates"),
        (medium in {"referral", "app", "link"}, "referral"),
        (medium == "audio", "audio"),
        (source == "sms" or medium == "sms", "sms"),
        (_is_push(source, medium), "push"),
    )
    return next((name for holds, name in rules if holds), "unassigned")


_OUTSIDE = (
    ("chat", r"chat\w*|bot|messag\w+"),
    ("support", r"support|tickets?|helpdesk|complaints?|reclamation"),
    ("survey", r"survey|feedback|nps|csat|ces|enquete|answer"),
    ("store", r"store|shop|pos|branch|magasin|boutique|visit|showroom"),
    ("phone", r"phone|calls?|hotline|appel|telephone"),
)


def offline(name: str | None) -> str:
    """The channel of a touch outside of the product, by the name of its event, one of `OFFLINE`."""
    parts = set(re.split(r"[^a-z]+", re.sub(r"([a-z])([A-Z])", r"\1 \2", name or "").lower()))
    for found, pattern in _OUTSIDE:
        if any(re.fullmatch(pattern, part) for part in parts):
            return found
    return "other_touch"


def _is_push(source: str, medium: str) -> bool:
    return medium.endswith("push") or "mobile" in medium or "notification" in medium or source == "firebase"
