"""The notebook that comes with friction runs from top to bottom in a real kernel, and the report shows itself there."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[2]
NOTEBOOK = ROOT / "fixtures" / "notebook" / "first-analysis.ipynb"

Cells = list[Any]


def stored() -> Any:
    """The notebook as it lies there."""
    return nbformat.reads(NOTEBOOK.read_text(encoding="utf-8"), as_version=4)  # type: ignore[no-untyped-call]


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Cells:
    """The code cells with what a headless kernel answered, in a folder that lies as the shipped one does."""
    home = tmp_path_factory.mktemp("jupyter")
    (home / "notebook").mkdir()
    shutil.copytree(ROOT / "fixtures" / "sites" / "shop", home / "sites" / "shop")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_PREFER_ENV_PATH", "1")
        patch.setenv("JUPYTER_PLATFORM_DIRS", "1")
        patch.setenv("IPYTHONDIR", str(home / "ipython"))
        book = stored()
        NotebookClient(
            book, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(home / "notebook")}}
        ).execute()
    return [cell for cell in book.cells if cell.cell_type == "code"]


def shown(cell: Any) -> dict[str, str]:
    """What a cell's value looks like, by media type."""
    values = [output for output in cell.outputs if output.output_type == "execute_result"]
    assert len(values) == 1
    found: dict[str, str] = values[0].data
    return found


def test_the_notebook_is_stored_without_answers() -> None:
    book = stored()

    nbformat.validate(book)
    assert not [cell for cell in book.cells if cell.get("outputs") or cell.get("execution_count")]


def test_every_step_is_explained_before_it_is_done() -> None:
    kinds = [cell.cell_type for cell in stored().cells]

    assert kinds == ["markdown", "code"] * (len(kinds) // 2)


def test_every_cell_runs_and_says_nothing_on_the_side(ran: Cells) -> None:
    noise = [output for cell in ran for output in cell.outputs if output.get("name") == "stderr"]

    assert not noise
    assert all(shown(cell) for cell in ran)


def test_the_report_shows_itself_as_a_table(ran: Cells) -> None:
    page = shown(ran[0])["text/html"]

    assert page.count("<tr") == 11
    assert "of 6,000" not in page
    assert "5,997 sessions, 3 Mar 2025 to 13 Apr 2025" in page.replace("\N{NO-BREAK SPACE}", " ")
    assert re.search(r"about \d+ \(\d+ to \d+\)", page)
    assert "●●● clear" in page
    assert "<script" not in page


def test_frames_are_shown_by_polars_and_points_by_friction(ran: Cells) -> None:
    pages = [shown(cell).get("text/html", "") for cell in ran]

    assert sum('class="dataframe"' in page for page in pages) == 4
    assert sum("Sessions hit" in page for page in pages) == 3
    assert pages[-1] == pages[0]
