"""What a project may set of its scans. Limits, keys, and what its scans may reach outside are the operator's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from friction import config
from friction.config import SourceSettings
from friction.config.nights import NotifySettings
from friction.errors import UsageError
from friction.places import is_address, parse

SECTIONS = (
    "analysis", "budgets", "detectors", "exclude", "goals", "mapping", "notify", "pages", "rules", "schedule",
    "sources", "time",
)  # fmt: skip
HERE = "sqlite:///"
Tree = dict[str, Any]


def checked(tree: Tree, inbox: Path, known: Tree, *, anywhere: bool) -> config.Settings:
    """The settings of a project. What reaches outside uses the network and the credentials of this machine: sources
    that do not lie in the project's inbox, ways of telling other than mail by this machine, a heartbeat. They may be
    set where `anywhere` says so, and otherwise stay as they are in the settings `known` up to now.

    Raises `UsageError` for what is not the project's to set.
    """
    if strange := sorted(tree.keys() - set(SECTIONS)):
        raise UsageError(
            "schedule.section",
            f"{strange[0]} cannot be set for a project",
            remedy=f"there are: {', '.join(SECTIONS)}",
        )
    settings = config.read(tree, "the request")
    for name, source in settings.sources.items():
        if not (anywhere or _stays(tree, known, "sources", name) or is_inside(inbox, source)):
            raise UsageError(
                "schedule.source_outside",
                f"the source {name} lies outside the inbox of the project",
                remedy="name a folder or pattern in the inbox; other places are named by an operator of the service",
            )
        _understood(name, source, settings)
    for name, channel in settings.notify.items():
        _told(name, channel, tree, anywhere=anywhere or _stays(tree, known, "notify", name))
    if settings.schedule.heartbeat and not (anywhere or _stays(tree, known, "schedule", "heartbeat")):
        raise UsageError(
            "schedule.channel",
            "a heartbeat address cannot be set for a project",
            remedy="/metrics says when a scan went well the last time",
        )
    return settings


def _stays(tree: Tree, known: Tree, section: str, name: str) -> bool:
    return name in known.get(section, {}) and known[section][name] == tree[section][name]


def _understood(name: str, source: SourceSettings, settings: config.Settings) -> None:
    if is_address(source.at):
        parse(f"source:{name}", settings.sources)
    if source.credentials is not None and Path(source.credentials).name != source.credentials:
        raise UsageError(
            "schedule.credentials",
            f"the credentials of the source {name} are no name of a file",
            remedy="name a file of the folder credentials in the data folder",
        )


def _told(name: str, channel: NotifySettings, tree: Tree, *, anywhere: bool) -> None:
    if {"password", "secret"} & tree["notify"][name].keys():
        raise UsageError(
            "schedule.secret",
            f"the channel {name} holds a secret, which is kept by nobody here",
            remedy="give it to the service as FRICTION_NOTIFY__NAME__PASSWORD or FRICTION_NOTIFY__NAME__SECRET",
        )
    if channel.file or ((channel.webhook or channel.url) and not anywhere):
        raise UsageError(
            "schedule.channel",
            f"the channel {name} is none that a project may set",
            remedy="use to with mail addresses, and /v1/webhooks for webhooks",
        )
    if channel.smtp != "smtp://localhost:25" and not anywhere:
        raise UsageError(
            "schedule.channel",
            f"the channel {name} names a mail server",
            remedy="leave smtp out: mail goes by the server of this machine",
        )


def is_inside(inbox: Path, source: SourceSettings) -> bool:
    """Whether whatever the source names lies below the inbox, links followed."""
    if source.credentials is not None or (is_address(source.at) and not source.at.startswith(HERE)):
        return False
    pattern = Path(source.at.removeprefix(HERE).partition("?")[0])
    fixed = Path(*[part for part in pattern.parts if not any(sign in part for sign in "*?[")])
    place = (inbox / fixed).resolve()
    return not pattern.is_absolute() and ".." not in pattern.parts and place.is_relative_to(inbox.resolve())
