"""What the line says with which a browser introduces itself: device, browser, system, machine or person.

Only the few words that all of them keep to are looked for; a visitor can write there whatever they like.
"""

from __future__ import annotations

import re

_BOT = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|mediapartners|feedfetcher|facebookexternalhit|monitor|uptime|pingdom|preview"
    r"|headless|phantomjs|lighthouse|python|curl|wget|libwww|java/|okhttp|go-http|httpclient|axios|node-fetch|ruby"
    r"|perl|scrapy|feed|rss|archive|scan|check|validator|httrack|apache-http|winhttp|puppeteer|playwright",
    re.IGNORECASE,
)
_BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox/", "Firefox"),
             ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
             ("MSIE", "Internet Explorer"), ("Trident/", "Internet Explorer"))  # fmt: skip
_SYSTEMS = (("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iOS"), ("iPad", "iOS"),
            ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"))  # fmt: skip


def is_machine(agent: str) -> bool:
    """Whether it says that no person is there."""
    return bool(_BOT.search(agent))


def browser(agent: str) -> str | None:
    """The browser; null where none is named."""
    return next((name for mark, name in _BROWSERS if mark in agent), None)


def system(agent: str) -> str | None:
    """The operating system."""
    return next((name for mark, name in _SYSTEMS if mark in agent), None)


def device(agent: str) -> str | None:
    """`mobile`, `tablet` or `desktop`; null for what names no system."""
    if "iPad" in agent or ("Android" in agent and "Mobile" not in agent):
        return "tablet"
    if "Mobi" in agent or "iPhone" in agent:
        return "mobile"
    return "desktop" if system(agent) else None
