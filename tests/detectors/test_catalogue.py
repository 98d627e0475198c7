"""Choosing and setting detectors, and the texts people read about them."""

from __future__ import annotations

import json
from importlib.metadata import EntryPoint, EntryPoints
from typing import ClassVar

import polars as pl
import pytest

from friction import detectors
from friction.detectors import BUILTIN, catalogue, configure
from friction.detectors.base import REASON, Detector
from friction.detectors.rage_click import RageClick
from friction.errors import UsageError


class Mine(Detector):
    """Mine: found by somebody else.

    Finds     Nothing at all.
    Matters   It shows how a plug-in
              is documented.
    """

    name: ClassVar[str] = "mine"


class Taken(Detector):
    """Another rage click."""

    name: ClassVar[str] = "rage_click"


def test_the_detectors_that_are_on_are_configured_unless_some_are_named() -> None:
    on = [name for name, detector in BUILTIN.items() if not detector.opt_in]

    assert [detector.name for detector in configure(None, {})] == on
    assert configure(["rage_click"], {"rage_click": {"min_clicks": 3}}) == [RageClick(min_clicks=3)]


def test_any_detector_can_be_turned_on_and_off() -> None:
    chosen = configure(None, {"bounce": {"enabled": True}, "rage_click": {"enabled": False, "min_clicks": 3}})

    names = {detector.name for detector in chosen}
    assert "bounce" in names
    assert "rage_click" not in names
    with pytest.raises(UsageError, match=r"bounce\.enabled"):
        configure(None, {"bounce": {"enabled": "yes"}})


def test_a_reason_can_be_switched_off_by_its_name_or_several() -> None:
    assert configure(["rage_click"], {"rage_click": {"counted": "stepper, pager"}})[0].counted == (
        "pager",
        "stepper",
    )
    assert configure(["rage_click"], {"rage_click": {"counted": ["media"]}})[0].counted == ("media",)
    with pytest.raises(UsageError, match="stepper"):
        configure(["rage_click"], {"rage_click": {"counted": ["steper"]}})


def test_what_is_counted_is_no_longer_set_aside() -> None:
    found = pl.DataFrame({"aside": pl.Series(["stepper", "pager", None], dtype=REASON)})

    assert RageClick(counted=("stepper",)).recounted(found)["aside"].to_list() == [None, "pager", None]
    assert RageClick().recounted(found)["aside"].to_list() == ["stepper", "pager", None]


def test_the_order_of_names_does_not_matter() -> None:
    assert configure(["quick_back", "rage_click"], {}) == configure(["rage_click", "quick_back"], {})


@pytest.mark.parametrize(
    ("names", "options", "code", "remedy"),
    [
        (["rage_clic"], {}, "detector.unknown", "rage_click"),
        (None, {"deadclick": {}}, "detector.unknown", "dead_click"),
        (None, {"rage_click": {"min_click": 3}}, "config.unknown_key", "min_clicks"),
    ],
)
def test_a_misspelt_word_is_an_error_that_names_the_nearest(
    names: list[str] | None, options: dict[str, dict[str, object]], code: str, remedy: str
) -> None:
    with pytest.raises(UsageError) as error:
        configure(names, options)

    assert error.value.problem.code == code
    assert remedy in (error.value.problem.remedy or "")


@pytest.mark.parametrize("value", [1, "many", None, 2.5])
def test_a_value_out_of_bounds_is_an_error_that_names_the_setting(value: object) -> None:
    with pytest.raises(UsageError, match=r"rage_click\.min_clicks"):
        configure(None, {"rage_click": {"min_clicks": value}})


def test_the_catalogue_is_json_with_all_there_is_to_say() -> None:
    entries = {entry["name"]: entry for entry in json.loads(json.dumps(catalogue()))}

    assert list(entries) == list(BUILTIN)
    assert entries["rage_click"]["title"] == "Rage click"
    assert entries["rage_click"]["finds"].startswith("`min_clicks` or more clicks within a sliding")
    assert entries["rage_click"]["parameters"]["min_clicks"]["default"] == 4
    assert entries["rage_click"]["parameters"]["min_clicks"]["minimum"] == 2
    assert entries["quick_back"]["outcome"] is True
    assert entries["dead_click"]["needs"] == ["has_clicks", "has_dom_reaction", "has_selector"]


def registered(monkeypatch: pytest.MonkeyPatch, *entries: tuple[str, str]) -> None:
    """Let these entry points (name, object) be the ones that other packages registered."""
    found = EntryPoints(EntryPoint(name, value, detectors.GROUP) for name, value in entries)
    monkeypatch.setattr(detectors, "entry_points", lambda group: found.select(group=group))


def test_a_plug_in_joins_the_catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    registered(monkeypatch, ("mine", f"{__name__}:Mine"))

    assert configure(["mine"], {}) == [Mine()]
    assert catalogue()[-1]["matters"] == "It shows how a plug-in is documented."


def test_a_plug_in_that_cannot_be_loaded_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    registered(monkeypatch, ("lost", "no_such_package_anywhere:Lost"))

    with pytest.raises(UsageError, match="'lost': cannot be loaded"):
        configure(None, {})


@pytest.mark.parametrize(
    ("value", "message"),
    [("friction.schema:EVENT", "is no Detector class"), (f"{__name__}:Taken", "is taken")],
)
def test_a_plug_in_of_the_wrong_sort_is_refused(
    monkeypatch: pytest.MonkeyPatch, value: str, message: str
) -> None:
    registered(monkeypatch, ("odd", value))

    with pytest.raises(UsageError, match=message):
        configure(None, {})
