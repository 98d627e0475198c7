"""The pages in a real browser: the whole way from a file nobody knows to a shared report; axe on every page."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page

from friction.i18n import LANGUAGES
from tests.api.test_access import secret
from tests.browser.conftest import chromium
from tests.browser.test_report import AXE
from tests.render.samples import every_kind, hostile
from tests.web.conftest import published
from tests.web.served import Served, served

__all__ = ["chromium"]

SCHEMES: tuple[tuple[Literal["light", "dark"], dict[str, list[str]]], ...] = (
    ("light", {}),
    ("dark", {"runOnly": ["color-contrast"]}),
)
"""Themes, and what axe looks at in each: what stands on the page is the same in both, its colours are not."""
HEAD = "Horodatage;id_client;adresse;quoi;cible"


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


def test_from_a_file_nobody_knows_to_a_shared_report(page: Page, heard: list[str], tmp_path: Path) -> None:
    unknown = tmp_path / "export.csv"
    unknown.write_text(shop())
    page.goto("/")
    page.set_input_files("#f", unknown)
    page.wait_for_url("**/uploads/drp_*")
    assert "We do not know this file" in page.inner_text("h1")
    for ours, theirs in (
        ("visitor_id", "id_client"),
        ("url", "adresse"),
        ("kind", "quoi"),
        ("target", "cible"),
    ):
        page.select_option(f"#m-{ours}", theirs)
    page.select_option("#m-ts", "Horodatage")
    page.get_by_label("1 October 2026").check()
    page.locator("#preview td", has_text="/panier").first.wait_for()
    page.fill("#mn", "atelier")
    page.click("text=Read it like this")
    page.wait_for_url(re.compile(r"/uploads/drp_\w+$"))
    page.locator("h1", has_text="This table can be read").wait_for()
    page.click("summary:has-text('What counts')")
    page.fill("#goal", "page=/merci")
    page.click("text=Analyse the file")
    page.wait_for_url("**/reports/rep_*", timeout=90_000, wait_until="commit")
    page.locator("#rows .pt h3 a").first.wait_for()
    completed(page)

    read_and_muted(page)
    report = page.url
    shared(page)
    tried_and_compared(page, report)
    assert heard == []


def completed(page: Page) -> None:
    """The list is there before the rest; when that is there, the page is loaded again by itself."""
    page.locator("#completing").wait_for(state="detached", timeout=90_000)
    page.locator(".menu").first.wait_for()
    page.wait_for_load_state()


def read_and_muted(page: Page) -> None:
    """From the list to the first point, its evidence, back, and mute it by keys."""
    first = page.locator("#rows .pt h3 a").first
    title = first.inner_text()
    page.keyboard.press("j")
    assert first.evaluate("each => each === document.activeElement")
    page.keyboard.press("Enter")
    page.wait_for_url("**/points/*")
    assert page.inner_text("h1") == title
    assert page.locator("#moment svg.strip").count() == 1
    page.keyboard.press("u")
    page.wait_for_url("**/reports/rep_*")
    page.keyboard.press("j")
    page.keyboard.press("m")
    page.get_by_label("until it is met more often").check()
    page.get_by_label("Percent more often").fill("25")
    with page.expect_response(lambda answer: answer.request.method == "PATCH" and answer.ok):
        page.click("dialog >> text=Mute")
    point = str(page.locator("#rows .pt.muted").first.get_attribute("id"))[2:]
    assert page.request.get(f"/v1/points/{point}").json()["mute_beyond"] == 1.25


def shared(page: Page) -> None:
    """A link to read, and what whoever has it sees."""
    page.click("text=Share…")
    page.click("text=Make a link")
    link = page.input_value("#link")
    page.goto(link)
    assert page.inner_text("h1")
    assert "Shared with you" in page.inner_text("main")
    assert page.locator("#mute, .pt .menu").count() == 0


def tried_and_compared(page: Page, report: str) -> None:
    """Another threshold and another detector on the same files, and both reports side by side."""
    page.goto("/settings/detectors")
    page.fill('[name="rage_click.min_clicks"]', "5")
    page.check('[name="bounce.wake"]')
    page.click("text=Try it on this report")
    page.wait_for_url(
        lambda address: "/reports/rep_" in address and address != report, timeout=90_000, wait_until="commit"
    )
    completed(page)
    page.keyboard.press("?")
    page.locator("dialog#keys[open]").wait_for()
    page.keyboard.press("Escape")
    page.locator("dialog#keys[open]").wait_for(state="detached")
    page.keyboard.press("g")
    page.keyboard.press("c")
    page.wait_for_url("**/compare")
    page.click("main form button >> text=Compare")
    page.wait_for_url("**/compare?**")
    assert page.locator("main table caption").first.is_visible()


def test_keys_right_after_a_dialog_is_closed_are_for_the_page(page: Page, site: Served) -> None:
    page.goto(f"/reports/{published(site.service, every_kind())}")
    page.evaluate(
        """for (const key of ["g", "c"]) {
            const typed = new KeyboardEvent("keydown", { key, bubbles: true });
            document.querySelector("dialog#keys button").dispatchEvent(typed);
        }"""
    )
    page.wait_for_url("**/compare")


def test_a_point_is_muted_by_key_with_undo_and_the_server_knows(
    page: Page, heard: list[str], site: Served
) -> None:
    report_id = published(site.service, every_kind())
    page.goto(f"/reports/{report_id}")
    row = page.locator("#rows .pt").first
    point = str(row.get_attribute("id"))[2:]
    page.keyboard.press("j")
    page.keyboard.press("m")
    page.get_by_label("Reason").fill("known")
    page.click("dialog >> text=Mute")
    page.locator(f"#p-{point}.muted .badge", has_text="Muted").wait_for()
    page.locator(".toast").wait_for()
    muted = page.request.get(f"/v1/points/{point}").json()
    with page.expect_response(lambda answer: answer.request.method == "PATCH" and answer.ok):
        page.click(".toast >> text=Undo")
    page.locator(f"#p-{point}:not(.muted)").wait_for()

    assert (muted["state"], muted["mute_reason"]) == ("muted", "known")
    assert page.request.get(f"/v1/points/{point}").json()["state"] != "muted"
    assert heard == []


def test_the_list_follows_its_filters_and_its_address_can_be_handed_on(
    page: Page, heard: list[str], site: Served
) -> None:
    page.goto(f"/reports/{published(site.service, every_kind())}")
    last = page.locator("#rows .pt").nth(page.locator("#rows .pt").count() - 1)
    page.select_option("#f-detector", "rage_click")
    last.wait_for(state="detached")
    page.wait_for_url("**detector=rage_click**")
    fewer = page.locator("#rows .pt").count()
    page.goto(page.url)

    assert "detector=rage_click" in page.url
    assert page.locator("#rows .pt").count() == fewer
    assert heard == []


def test_what_texts_of_visitors_hold_neither_runs_nor_loads_anything(
    page: Page, heard: list[str], site: Served
) -> None:
    told = replace(hostile(), counted=[], marks=[], series=[])
    points = [
        replace(each, id=f"{n:016x}", impact=replace(each.impact, says="figure"))
        for n, each in enumerate(told.points)
    ]
    report = replace(told, points=points)
    report_id = published(site.service, report)
    page.goto(f"/reports/{report_id}")
    page.goto(f"/reports/{report_id}/points/{report.points[0].id}")

    assert heard == []


def dropped(page: Page, *paths: Path) -> None:
    """Let go of these files and folders over the page, as from the desktop."""
    hand = page.context.new_cdp_session(page)
    held = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        hand.send("Input.dispatchDragEvent", {"type": kind, "x": 600, "y": 500, "data": held})
    hand.detach()


def clicks(day: int) -> str:
    """Sessions of one day, in columns that are known."""
    head = "timestamp,session_id,visitor_id,event,url,target"
    at = f"2026-10-{day:02}T10:00"
    rows = [f"{at}:{n:02}.5Z,s{day}-{n},v{n},page_view,https://shop.example/cart," for n in range(20)]
    return "\n".join([head, *rows]) + "\n"


def test_folders_are_looked_through_and_archives_opened_when_they_are_dropped(
    page: Page, heard: list[str], tmp_path: Path
) -> None:
    folder = tmp_path / "october"
    (folder / "second week").mkdir(parents=True)
    (folder / "first.csv").write_text(clicks(1))
    (folder / "second week" / "eighth.csv").write_text(clicks(8))
    (folder / ".DS_Store").write_bytes(b"\0\0\0\1Bud1")
    with zipfile.ZipFile(tmp_path / "rest.zip", "w") as archive:
        archive.writestr("fifteenth.csv", clicks(15))
        archive.writestr("late/thirtieth.csv", clicks(30))
    page.goto("/")
    dropped(page, folder, tmp_path / "rest.zip")
    page.wait_for_url(re.compile(r"/uploads/drp_\w+$"), timeout=60_000)
    page.locator("text=Analyse the").first.wait_for(timeout=60_000)
    card = " ".join(page.inner_text("main").split())

    assert all(name in card for name in ("first.csv", "eighth.csv", "rest.zip › fifteenth.csv"))
    assert "rest.zip › thirtieth.csv" in card, "the archive is named, folders in it are not"
    assert "DS_Store" not in card
    assert "80" in card, "rows of the four tables"
    assert "30 Oct 2026" in card
    assert heard == []


def test_a_drop_goes_on_where_a_cut_connection_ended(page: Page, tmp_path: Path) -> None:
    page.goto("/")
    page.route(
        "**/v1/uploads/resumable/*",
        lambda route: route.abort() if route.request.method == "PATCH" else route.continue_(),
    )
    large = tmp_path / "large.csv"
    large.write_text("time,session,page\n" + "2026-10-03T14:22:00Z,s1,/a\n" * 20_000)
    page.set_input_files("#f", large)
    page.locator("#sending", has_text="connection was lost").wait_for()
    page.unroute("**/v1/uploads/resumable/*")
    page.wait_for_url("**/uploads/drp_*", timeout=30_000)

    assert "This table can be read" in page.inner_text("h1")


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
