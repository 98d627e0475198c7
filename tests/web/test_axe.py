"""axe on every page in both themes and languages, and nothing scrolls sideways."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page

from friction.i18n import LANGUAGES
from tests.api.test_access import secret
from tests.browser.test_report import AXE
from tests.render.samples import every_kind
from tests.web.browsing import chromium, heard, shop, site
from tests.web.conftest import published
from tests.web.served import Served, served

__all__ = ["chromium", "heard", "site"]

SCHEMES: tuple[tuple[Literal["light", "dark"], dict[str, list[str]]], ...] = (
    ("light", {}),
    ("dark", {"runOnly": ["color-contrast"]}),
)
"""Themes, and what axe looks at in each: what stands on the page is the same in both, its colours are not."""


def objections(page: Page) -> list[str]:
    """What axe has against the page in either theme, and where it scrolls sideways."""
    page.add_script_tag(path=AXE)
    found = []
    for scheme, only in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        told = page.evaluate("only => axe.run({resultTypes: ['violations'], ...only})", only)
        found += [f"{scheme} {each['id']}: {each['nodes'][0]['html'][:200]}" for each in told["violations"]]
    for width in (360, 1920):
        page.set_viewport_size({"width": width, "height": 900})
        wide = page.evaluate("document.documentElement.scrollWidth")
        found += [f"{wide} px wide at {width}"] if wide > width else []
    return found


@pytest.mark.parametrize("code", LANGUAGES)
def test_axe_finds_nothing_where_people_log_in(
    code: str, chromium: Browser, tmp_path: Path, heard: list[str]
) -> None:
    with served(tmp_path / "data") as running:
        told = secret(running.service, "admin")
        context = chromium.new_context(
            base_url=running.address, locale=code, reduced_motion="reduce", bypass_csp=True
        )
        page = context.new_page()
        page.on("pageerror", lambda error: heard.append(str(error)))
        page.goto("/account")
        heard += objections(page)
        page.fill("#key", "frk_nobody_knows")
        page.press("#key", "Enter")
        page.locator("[role=alert]").wait_for()
        heard += objections(page)
        page.fill("#key", told)
        page.press("#key", "Enter")
        page.wait_for_url("**/account")
        heard += objections(page)
        context.close()

    assert heard == []


WAYS = (
    "start",
    "list",
    "point",
    "plain point",
    "share",
    "delete",
    "shared",
    "closed",
    "missing",
    "wizard",
    "known",
    "masked",
    "waiting",
)


@pytest.fixture(scope="module")
def places(site: Served) -> dict[str, str]:
    """What a page shows → where it is."""
    import httpx2

    report = every_kind()
    report_id = published(site.service, report)
    known = "time,session,page,event\n2026-10-03T14:22:00Z,s1,/a,page_view\n2026-10-03T14:23:00Z,s1,/b,page_view\n"
    with httpx2.Client(base_url=site.address, trust_env=False, timeout=60) as client:
        drops = {
            name: client.post("/uploads", files={"file": (f"{name}.csv", content)}).headers["location"]
            for name, content in (("known", known), ("wizard", shop()))
        }
        shared = client.post(f"/v1/reports/{report_id}/shares", json={}).json()["path"]
        put, site.line.put = site.line.put, lambda _: None  # type: ignore[method-assign, assignment]
        waiting = client.post(f"{drops['known']}/analyze", data={}).headers["location"]
        site.line.put = put  # type: ignore[method-assign]
    plain = next(point for point in report.points if point.impact.estimate is None)
    return {
        "start": "/",
        "list": f"/reports/{report_id}",
        "point": f"/reports/{report_id}/points/{report.points[0].id}",
        "plain point": f"/reports/{report_id}/points/{plain.id}",
        "share": f"/reports/{report_id}/share",
        "delete": f"/reports/{report_id}/delete",
        "shared": shared,
        "closed": "/s/none",
        "missing": "/reports/none",
        **drops,
        "masked": f"{drops['known']}/masked",
        "waiting": waiting,
    }


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("way", WAYS)
def test_axe_finds_nothing_in_either_theme_and_nothing_scrolls_sideways(
    way: str, code: str, chromium: Browser, site: Served, places: dict[str, str]
) -> None:
    context = chromium.new_context(
        base_url=site.address, locale=code, color_scheme="light", reduced_motion="reduce", bypass_csp=True
    )
    page = context.new_page()
    page.goto(places[way])
    page.evaluate("for (const each of document.querySelectorAll('details:not(.pop)')) each.open = true")
    found = objections(page)
    context.close()

    assert found == []
