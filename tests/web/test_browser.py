"""The pages in a real browser: the whole way from a file nobody knows to a shared report, keys and filters."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Page

from tests.render.samples import every_kind, hostile
from tests.web.browsing import chromium, heard, page, shop, site
from tests.web.conftest import published
from tests.web.served import Served

__all__ = ["chromium", "heard", "page", "site"]


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
    page.select_option("#m-ts", "Quand")
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
