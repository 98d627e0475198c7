"""The key with which a project's visitors are hashed: its own, so that ids cannot be compared between projects.

It is derived from the secret of the service (`secret`) unless the operator gives one (`FRICTION_PRIVACY__KEY`, which
then holds for every project). It is put into a plan when the plan is carried out and lies in no row of the store:
where the secret is destroyed, nobody can tell any more whose an id was.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from friction.privacy.identities import visitor

from .folder import DataFolder
from .secret import derived

VARIABLE = "FRICTION_PRIVACY__KEY"


def key(folder: DataFolder, project: str) -> str:
    """The key of a project."""
    return os.environ.get(VARIABLE) or derived(folder, f"visitors of {project}").hex()


def with_key(folder: DataFolder, project: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of a job, with the key of its project."""
    return {**settings, "privacy": {**settings.get("privacy", {}), "key": key(folder, project)}}


def without_key(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The settings as they may be kept."""
    kept = {name: value for name, value in settings.get("privacy", {}).items() if name != "key"}
    return {**settings, "privacy": kept} if "privacy" in settings else dict(settings)


def keyed(folder: DataFolder, project: str, visitor_id: str) -> str:
    """A visitor as the project's lake and reports know them, whether the id is raw or hashed already."""
    return visitor(visitor_id.strip(), key(folder, project))
