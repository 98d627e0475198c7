"""Configuration: what may be set (`models`) and where it comes from (`layers`)."""

from __future__ import annotations

from friction.config.layers import called, columns_file, load, read
from friction.config.models import (
    AnalysisSettings,
    ExcludeSettings,
    GoalSettings,
    LimitSettings,
    PageSettings,
    PrivacySettings,
    Settings,
    TimeSettings,
    json_schema,
)
from friction.config.rules import RuleSettings, StepSettings
from friction.config.sources import SourceSettings

__all__ = [
    "AnalysisSettings",
    "ExcludeSettings",
    "GoalSettings",
    "LimitSettings",
    "PageSettings",
    "PrivacySettings",
    "RuleSettings",
    "Settings",
    "SourceSettings",
    "StepSettings",
    "TimeSettings",
    "called",
    "columns_file",
    "json_schema",
    "load",
    "read",
]
