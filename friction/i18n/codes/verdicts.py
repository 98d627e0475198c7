"""What the report says of its own figures: confidence, effort, methods, changes between reports, quality."""

from __future__ import annotations

from friction.i18n.language import N_

CONFIDENCE = {"high": N_("clear"), "medium": N_("likely"), "low": N_("uncertain")}
MEANING = {
    "high": N_("even the low end is a real loss"),
    "medium": N_("a loss; how large is open"),
    "low": N_("perhaps no loss at all"),
}
EFFORT = {"small": N_("small"), "medium": N_("medium"), "large": N_("large")}
METHOD = {
    "joint_models": N_(
        "exits, progress and later harm, compared with like page views, all points of a page at once"
    ),
    "joint_exit_models": N_("exits compared with those of like page views, all points of a page at once"),
    "beside_joint_models": N_(
        "exits, progress and later harm, compared with like page views, beside the points that more people met"
    ),
    "exits_beyond_expected": N_("exits beyond those expected of like page views"),
    "exits beyond the page's own past × value of staying": N_(
        "exits beyond the page’s own past, times the value of staying"
    ),
}
STATE = {
    "new": N_("new"),
    "ongoing": N_("ongoing"),
    "worse": N_("worse"),
    "better": N_("better"),
    "fixed": N_("fixed"),
    "regressed": N_("back again"),
    "muted": N_("muted"),
}
"""Of a friction point's life."""
CHANGE = {
    "new": N_("new"),
    "worse": N_("worse"),
    "better": N_("better"),
    "fixed": N_("fixed"),
    "gone": N_("gone"),
    "unchanged": N_("unchanged"),
    "too_little_data": N_("too little data"),
}
GOAL = {
    "better": N_("more often reached"),
    "worse": N_("more rarely reached"),
    "unchanged": N_("unchanged"),
    "too_little_data": N_("too little data to tell them apart"),
}
REMARK = {
    "goals_differ": N_("the goals differ: costs are in different units"),
    "settings_differ": N_("the settings differ: a change may come from them"),
    "versions_differ": N_("the versions of friction differ"),
    "same_report": N_("both reports are the same, so nothing can differ"),
    "same_events": N_("both are of the same events: what differs comes from settings or versions"),
    "later_first": N_("the first report begins later than the second"),
    "periods_overlap": N_("the periods overlap: some sessions may stand on both sides"),
    "sample_ratio": N_(
        "visitors were not shared out as they should be; something is lost on one side, so trust nothing here"
    ),
}
NO_ALARM = {
    "other_visitors": N_("no alarm: many visitors of one kind came then, who leave more; the others did not"),
}
VERDICT = {"good": N_("good"), "remark": N_("remark"), "held_back": N_("held back"), "bad": N_("bad")}
SERIES = {
    "spike": N_("spike"),
    "shift": N_("lasting rise"),
    "rise": N_("rise"),
    "fall": N_("fall"),
    "no_views": N_("no chance was counted"),
    "no_exits": N_("no event was counted"),
    "only_exits": N_("every chance was an event"),
    "too_short": N_("it is too short"),
}
"""Changes of one series, and why nothing can be said of it."""
