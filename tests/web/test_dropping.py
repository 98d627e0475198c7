"""Files, folders and archives dropped on the page in a real browser, also where the connection is cut."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from playwright.sync_api import Page

from tests.web.browsing import chromium, heard, page, site

__all__ = ["chromium", "heard", "page", "site"]


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


def test_an_empty_file_is_said_to_be_empty(page: Page, heard: list[str], tmp_path: Path) -> None:
    empty = tmp_path / "export.csv"
    empty.touch()
    page.goto("/")
    page.set_input_files("#f", empty)
    page.locator("#sending .note", has_text="nothing to send").wait_for()

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
