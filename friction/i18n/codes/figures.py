"""Figures by their keys: details of findings and checks, facts of points and files, units of costs."""

from __future__ import annotations

from friction.i18n.language import N_

DEVICE = {
    "desktop": N_("desktop"),
    "mobile": N_("mobile"),
    "tablet": N_("tablet"),
}
"""What `friction.sources.agents` calls them, and most tools."""
FIGURE = {
    **DEVICE,
    "accepted": N_("accepted"),
    "all": N_("all"),
    "answered": N_("answered clicks"),
    "changes": N_("changes"),
    "conversions": N_("conversions"),
    "corrections": N_("corrections"),
    "cuts": N_("cuts"),
    "days": N_("days"),
    "dwell_ms": N_("stay in ms"),
    "end": N_("end"),
    "errors": N_("errors"),
    "events": N_("events"),
    "expected": N_("expected"),
    "extra": N_("extra"),
    "field": N_("field"),
    "fields": N_("fields"),
    "from_page": N_("came from"),
    "good": N_("good"),
    "hesitation_ms": N_("pause in ms"),
    "high": N_("high end"),
    "judged": N_("points judged"),
    "k": N_("exits"),
    "kind": N_("kind"),
    "level": N_("lasting change"),
    "low": N_("low end"),
    "metrics": N_("measures"),
    "n": N_("views"),
    "outside_period": N_("outside the period"),
    "p75": N_("three of four below"),
    "people": N_("sessions of people"),
    "poor": N_("poor"),
    "rate_before": N_("share before"),
    "rate_in": N_("share then"),
    "rating": N_("rating"),
    "ratings": N_("ratings"),
    "ratio": N_("ratio"),
    "rejected": N_("rejected"),
    "requests": N_("failed requests"),
    "sessions": N_("sessions"),
    "share": N_("share"),
    "spike": N_("spike"),
    "start": N_("start"),
    "views": N_("views"),
    "views_in_all": N_("views in all"),
    "visible_loss": N_("smallest loss that shows"),
    "visitors": N_("visitors"),
    "worst_ratio": N_("times the limit"),
    "z": N_("clearness"),
}
UNIT = {
    "lost_conversions": N_("conversions lost"),
    "extra_exits": N_("extra exits"),
}
