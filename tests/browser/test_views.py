"""Views in a real browser: the recording stands at the moment, nothing overflows, axe finds nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page

from api.service import Bounds, Service
from api.web.assets import asset
from friction.report import Point, Report
from tests.browser.served import served
from tests.web.recorded import made, recorded

AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
VIEWS = ("point", "overview", "funnels", "forms", "speed", "paths", "sessions", "quality")
WAYS: tuple[tuple[int, Literal["light", "dark"], str], ...] = ((360, "light", "fr"), (1280, "dark", "en"))


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Where the service answers, and the report of the recorded shop in it."""
    before = os.umask(0o077)
    service = Service.open(tmp_path_factory.mktemp("data"), bounds=Bounds(rate="100000/minute"))
    report_id = recorded(service)
    with served(service) as address:
        yield address, report_id
    service.queue.close()
    service.store.close()
    os.umask(before)


def raging() -> Point:
    """The point of the button that is hit again and again."""
    report = Report.from_json(made()[0])
    return next(point for point in report.points if point.detector == "rage_click" and point.page == "/cart")


def opened(browser: Browser, address: str, width: int = 1280, **options: Any) -> tuple[Page, list[str]]:
    """A page, and whatever it asked of others or complained of."""
    context = browser.new_context(viewport={"width": width, "height": 900}, **options)
    page, heard = context.new_page(), list[str]()
    host = "/".join(address.split("/")[:3])
    page.on(
        "request",
        lambda request: None if request.url.startswith((host, "data:")) else heard.append(request.url),
    )
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.goto(address)
    return page, heard


@pytest.fixture
def replay(chromium: Browser, shop: tuple[str, str]) -> Iterator[tuple[Page, list[str]]]:
    """The recording at the moment of the rage click, as the page of its session shows it."""
    if not asset("vendor/rrweb.min.js"):
        pytest.skip("the player is not here: run `make web`, which needs npm")
    moment = raging().evidence[0]
    page, heard = opened(
        chromium, f"{shop[0]}/reports/{shop[1]}/sessions/{moment.session_id}?at={moment.start}"
    )
    page.frame_locator("iframe.replay").locator("body[data-ready]").wait_for()
    yield page, heard
    page.context.close()


def test_the_replay_shows_the_clicked_button_at_the_moment_of_the_rage_click(
    replay: tuple[Page, list[str]],
) -> None:
    page, heard = replay
    player = page.frame_locator("iframe.replay")
    button = player.frame_locator("#screen").locator(str(raging().target))
    cursor = player.locator("#cursor")
    button.wait_for()
    cursor.wait_for()

    there, here = button.bounding_box(), cursor.bounding_box()

    assert there is not None
    assert here is not None
    assert there["x"] <= here["x"] + here["width"] / 2 <= there["x"] + there["width"]
    assert there["y"] <= here["y"] + here["height"] / 2 <= there["y"] + there["height"]
    assert button.inner_text() == raging().label
    assert heard == []


def test_playing_begins_before_the_moment_and_goes_on(replay: tuple[Page, list[str]]) -> None:
    player = replay[0].frame_locator("iframe.replay")
    at = player.locator("#seek").input_value()
    player.locator("#play").click()
    replay[0].wait_for_timeout(700)
    later = player.locator("#seek").input_value()

    assert float(at) - 5200 < float(later) < float(at)
    assert player.locator("#play").inner_text() == "Pause"


def test_the_recorded_page_is_in_nobodys_origin_and_can_reach_nothing(replay: tuple[Page, list[str]]) -> None:
    page, _ = replay
    inside = next(frame for frame in page.frames if frame.url == "about:srcdoc")
    reach = "fetch('/healthz').then(() => 'reached', () => 'refused')"

    assert inside.evaluate("self.origin") == "null"
    assert inside.evaluate(reach) == "refused"
    assert (
        inside.evaluate("try { parent.parent.document.title } catch (error) { error.name }")
        == "SecurityError"
    )


@pytest.mark.parametrize("view", VIEWS)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    view: str, chromium: Browser, shop: tuple[str, str]
) -> None:
    place = f"points/{raging().id}" if view == "point" else view
    for width, scheme, code in WAYS:
        headers = {"Accept-Language": code}
        page, heard = opened(
            chromium,
            f"{shop[0]}/reports/{shop[1]}/{place}",
            width,
            color_scheme=scheme,
            extra_http_headers=headers,
            bypass_csp=True,
        )
        down = page.evaluate("scrollY")
        page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
        wide = page.evaluate("document.documentElement.scrollWidth")
        page.add_script_tag(path=AXE)
        found = page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
        page.context.close()

        assert wide <= width
        assert down == 0, "it opens at its top"
        assert heard == []
        assert [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in found] == []


def test_a_choice_acts_at_once_and_stands_in_the_address(chromium: Browser, shop: tuple[str, str]) -> None:
    page, heard = opened(chromium, f"{shop[0]}/reports/{shop[1]}/paths")
    with page.expect_navigation():
        page.select_option("#page", "/cart")

    assert "page=%2Fcart" in page.url
    assert "/cart" in page.inner_text("h1")
    assert heard == []
    page.context.close()
