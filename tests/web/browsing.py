"""A service in a real browser: a tab that listens, and a file that nobody knows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import chromium
from tests.web.served import Served, served

__all__ = ["chromium", "heard", "page", "site"]

HEAD = "Quand;id_client;adresse;quoi;cible"


def shop() -> str:
    """A week of a shop in a table that nobody knows: a button is clicked in vain, some go on all the same."""
    lines = [HEAD]
    for n in range(400):
        day, minute = f"{1 + n // 3 % 9:02}/10/2026", n % 60
        lines.append(f"{day} 10:{minute:02}:00;c-{n};/;page;")
        lines.append(f"{day} 10:{minute:02}:08;c-{n};/panier;page;")
        if n % 3 == 0:
            lines += [f"{day} 10:{minute:02}:20,{k}50;c-{n};/panier;click;button#payer" for k in range(5)]
        if n % 4 if n % 3 else n % 5 == 0:
            lines.append(f"{day} 10:{minute:02}:50;c-{n};/merci;page;")
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("served") / "data") as running:
        yield running


@pytest.fixture
def heard() -> list[str]:
    """What pages complained of, and what they asked other hosts for."""
    return []


@pytest.fixture
def page(chromium: Browser, site: Served, heard: list[str]) -> Iterator[Page]:
    """A tab that listens; its page's policy holds."""
    context = chromium.new_context(
        base_url=site.address, locale="en-GB", viewport={"width": 1280, "height": 900}
    )
    page = context.new_page()
    page.on(
        "console",
        lambda message: heard.append(message.text) if message.type in ("error", "warning") else None,
    )
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on(
        "request",
        lambda asked: None if asked.url.startswith((site.address, "data:")) else heard.append(asked.url),
    )
    yield page
    context.close()
