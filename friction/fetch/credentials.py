"""With what this process shows who it is: the environment, and files that the place's own tools use.

`~/.pgpass`, `PGSERVICEFILE` and the keys of Google are found by the libraries themselves. The files of Amazon are read
here, since the library looks only into the environment: `AWS_PROFILE`, `~/.aws/credentials`, `~/.aws/config` and the
variables that name others in their place.
"""

from __future__ import annotations

import configparser
import os
from pathlib import Path

from friction.errors import UsageError
from friction.places.address import Place

_OF_PROFILE = {
    "aws_access_key_id": "AWS_ACCESS_KEY_ID",
    "aws_secret_access_key": "AWS_SECRET_ACCESS_KEY",
    "aws_session_token": "AWS_SESSION_TOKEN",
    "region": "AWS_REGION",
    "endpoint_url": "AWS_ENDPOINT_URL",
}
_OTHERS = ("AWS_ACCESS_KEY_ID", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")


def take(place: Place) -> None:
    """Put what belongs to the place into the environment of this process. Raises `UsageError`."""
    if place.credentials is not None:
        os.environ.update(_lines(Path(place.credentials), place.name))
    if place.kind == "s3":
        for name, value in _profile().items():
            os.environ.setdefault(name, value)
        if "AWS_REGION" not in os.environ and "AWS_DEFAULT_REGION" not in os.environ:
            os.environ["AWS_REGION"] = "us-east-1"


def _lines(path: Path, name: str) -> dict[str, str]:
    """The variables of a file; lines that are empty or begin with `#` say nothing."""
    try:
        lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
    except (OSError, UnicodeDecodeError):
        detail = "the file with the credentials cannot be read"
        raise UsageError(
            "place.credentials_file", detail, remedy="check its name and who may read it", file=name
        ) from None
    said = [line.removeprefix("export ").partition("=") for line in lines if line and line[0] != "#"]
    if any(not equals for _, equals, _ in said):
        detail = "the file with the credentials has a line that is not NAME=value"
        raise UsageError("place.credentials_file", detail, remedy="write one variable a line", file=name)
    return {key.strip(): value.strip().strip("\"'") for key, _, value in said}


def _profile() -> dict[str, str]:
    """Of the chosen profile, what Amazon's own tools would take; keys only where the environment has no others."""
    profile = os.environ.get("AWS_PROFILE", "default")
    home = Path(os.environ.get("HOME", "~")).expanduser() / ".aws"
    found: dict[str, str] = {}
    for variable, file, section in (
        ("AWS_CONFIG_FILE", "config", profile if profile == "default" else f"profile {profile}"),
        ("AWS_SHARED_CREDENTIALS_FILE", "credentials", profile),
    ):
        parser = configparser.RawConfigParser()
        try:
            parser.read(os.environ.get(variable) or home / file, encoding="utf-8")
        except (configparser.Error, UnicodeDecodeError):
            continue
        if parser.has_section(section):
            found |= {
                name: parser[section][key] for key, name in _OF_PROFILE.items() if key in parser[section]
            }
    if any(name in os.environ for name in _OTHERS):
        found = {name: found[name] for name in ("AWS_REGION", "AWS_ENDPOINT_URL") if name in found}
    return found
