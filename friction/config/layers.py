"""Where settings come from: defaults < `friction.toml` < `FRICTION_*` < flags, the later winning key by key.

The file is `--config FILE`, else `friction.toml` in the working folder, else `[tool.friction]` of its
`pyproject.toml`. `FRICTION_TIME__ZONE=Europe/Paris` sets `zone` of `[time]`; lists and tables are JSON.
Goals are the one exception to "key by key": those of a flag replace those of the file, since the first ranks.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from friction.config.models import Settings
from friction.errors import InputError, UsageError, nearest
from friction.misfits import misfit
from friction.values import dataclass

PREFIX = "FRICTION_"


@dataclass(frozen=True)
class Layer:
    """Settings of one origin; `origin` is what a message calls it."""

    origin: str
    values: Mapping[str, Any]


def load(
    config: Path | None = None,
    *,
    flags: Mapping[str, Any] | None = None,
    folder: Path | None = None,
    origin: str = "the command line",
) -> Settings:
    """The settings in force; `UsageError` for an unknown key or bad value, `InputError` without the file. `origin`
    is what a message calls the place where `flags` come from.
    """
    layers = [_file(config, folder or Path()), _environment(), Layer(origin, flags or {})]
    return _with_files(_in_force(layers), config.parent if config else folder or Path())


def called(config: Path | Mapping[str, Any] | None, said: Mapping[str, Any]) -> Settings:
    """Settings of a call from a program: those of a file or table, under what the call itself says, and nothing that
    happens to lie around. Raises as `load`.
    """
    below = _file(config, Path()) if isinstance(config, Path) else Layer("config", config or {})
    return _with_files(
        _in_force([below, Layer("the call", said)]), config.parent if isinstance(config, Path) else Path()
    )


def _with_files(settings: Settings, folder: Path) -> Settings:
    """The settings with what their files say, seen from `folder`: the key, unless it is given itself, and where the
    credentials of sources lie.
    """
    sources = {
        name: each.model_copy(update={"credentials": str((folder / each.credentials).absolute())})
        for name, each in settings.sources.items()
        if each.credentials is not None
    }
    settings = (
        settings.model_copy(update={"sources": {**settings.sources, **sources}}) if sources else settings
    )
    privacy = settings.privacy
    if privacy.key is not None or privacy.key_file is None:
        return settings
    path = folder / privacy.key_file
    try:
        key = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        key = ""
    if not key:
        raise InputError(
            "input.missing",
            f"{path} cannot be read",
            file=str(path),
            remedy="check the name and who may read it",
        )
    return settings.model_copy(update={"privacy": privacy.model_copy(update={"key": key})})


def _in_force(layers: Sequence[Layer]) -> Settings:
    """All layers as one, the last winning."""
    merged: dict[str, Any] = {}
    for layer in layers:
        merged = _laid_over(merged, layer.values)
    if goals := layers[-1].values.get("goals"):
        merged["goals"] = goals
    return _validated(merged, layers)


def read(values: Mapping[str, Any], origin: str) -> Settings:
    """Settings from one place alone; `UsageError` as in `load`, with `origin` as the place."""
    return _validated(values, [Layer(origin, values)])


def columns_file(path: Path) -> dict[str, str]:
    """A mapping file (`--mapping`): one line a column, ours = "theirs"."""
    columns = _toml(path)
    if wrong := [name for name, theirs in columns.items() if not isinstance(theirs, str)]:
        raise UsageError(
            "config.bad_value",
            f"{wrong[0]} in the mapping is no column name",
            remedy='write one line a column, like ts = "event time"',
            file=str(path),
        )
    return columns


def _validated(values: Mapping[str, Any], layers: Sequence[Layer]) -> Settings:
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        raise _refusal(error, layers) from None


def _file(config: Path | None, folder: Path) -> Layer:
    if config is not None:
        found = _toml(config)
        return Layer(str(config), found.get("tool", {}).get("friction", found))
    if (folder / "friction.toml").is_file():
        return Layer("friction.toml", _toml(folder / "friction.toml"))
    if (folder / "pyproject.toml").is_file():
        return Layer("pyproject.toml", _toml(folder / "pyproject.toml").get("tool", {}).get("friction", {}))
    return Layer("friction.toml", {})


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError:
        remedy = "check the name and who may read it"
        raise InputError("input.missing", f"{path} cannot be read", file=str(path), remedy=remedy) from None
    except UnicodeDecodeError:
        remedy = "save it as UTF-8"
        detail = "this is not a text in UTF-8"
        raise UsageError("config.not_toml", detail, file=str(path), remedy=remedy) from None
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        what = str(error).split(" (at ", maxsplit=1)[0].lower()
        raise UsageError(
            "config.not_toml",
            f"this is not TOML: {what}",
            file=str(path),
            line=int(line[1]) if line else None,
            remedy='write texts in quotes and one setting a line, like zone = "Europe/Paris"',
        ) from None


def _environment() -> Layer:
    names = [name for name in os.environ if name.startswith(PREFIX)]
    for name in sorted(names):
        section = name.removeprefix(PREFIX).split("__")[0].lower()
        if section not in Settings.model_fields:
            raise _unknown(section, Settings.model_fields, name)
    return Layer("the environment", _read_environment() if names else {})


def _read_environment() -> dict[str, Any]:
    # This import takes longer than all else here: only who sets such a variable pays for it.
    from pydantic_settings import BaseSettings, EnvSettingsSource, SettingsError

    class Environment(Settings, BaseSettings):  # type: ignore[misc]  # two kinds of `model_config`
        pass

    try:
        return EnvSettingsSource(Environment, env_prefix=PREFIX, env_nested_delimiter="__")()
    except SettingsError as error:
        raise UsageError(
            "config.bad_value",
            f"a variable {PREFIX}… is not readable: {str(error).split(' from source', maxsplit=1)[0]}",
            remedy='write lists and tables as JSON, like FRICTION_ANALYSIS__DETECTORS=["rage_click"]',
        ) from None


def _laid_over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Both as one; tables are merged, anything else is replaced."""
    both = dict(below)
    for key, value in above.items():
        known = both.get(key)
        both[key] = (
            _laid_over(known, value) if isinstance(known, Mapping) and isinstance(value, Mapping) else value
        )
    return both


def _refusal(error: ValidationError, layers: Sequence[Layer]) -> UsageError:
    """One fault as an error that names key, origin and remedy: a key that is misspelt before one that is missing."""
    faults = error.errors(include_url=False)
    fault = next((one for one in faults if one["type"] == "extra_forbidden"), faults[0])
    path = [str(part) for part in fault["loc"]]
    origin = next(
        (layer.origin for layer in reversed(layers) if _holds(layer.values, path)), layers[0].origin
    )
    if fault["type"] == "extra_forbidden":
        return _unknown(".".join(path), _siblings(path[:-1]), origin)
    return UsageError(
        "config.bad_value",
        f"{'.'.join(path)}: {misfit(fault)} ({origin})",
        remedy="friction schema config says what it may be",
    )


def _unknown(key: str, known: Mapping[str, Any] | Sequence[str], origin: str) -> UsageError:
    remedy = nearest(key.rpartition(".")[2], known)
    return UsageError("config.unknown_key", f"there is no setting {key!r} ({origin})", remedy=remedy)


def _holds(values: Any, path: Sequence[str]) -> bool:
    for key in path:
        if not isinstance(values, Mapping) or key not in values:
            return False
        values = values[key]
    return True


def _siblings(path: Sequence[str]) -> list[str]:
    """The keys that exist in the table at `path`."""
    place: Any = Settings
    for key in path:
        place = place.model_fields[key].annotation if _is_section(place) else _inside(place, key)
    return list(place.model_fields) if _is_section(place) else []


def _inside(place: Any, key: str) -> Any:
    """What a table of tables or a list of them holds."""
    held = [each for each in get_args(place) if each is not Ellipsis]
    return held[0] if key.isdecimal() and held else held[-1] if held else None


def _is_section(place: Any) -> bool:
    return isinstance(place, type) and issubclass(place, BaseModel)
