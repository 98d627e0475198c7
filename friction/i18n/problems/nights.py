"""What can be wrong with nightly scans, and with the rules of `--fail-on`."""

from __future__ import annotations

from friction.i18n.language import N_

NIGHTS = (
    N_("{rule} needs an earlier report to compare with"),
    N_("give it as --baseline report.json"),
    N_("{rule} is no rule"),
    N_("the configuration names no source"),
    N_('add [sources.NAME] with at = "exports/*.csv" to friction.toml'),
    N_("another scan of this folder is running"),
    N_("wait until it has ended"),
    N_("what is known of earlier nights cannot be read"),
    N_("it was written by a later version of friction: install that one"),
    N_("restore it from a copy; without it, the next scan begins anew"),
    N_("{day} is no day"),
    N_("write it like 2026-03-29"),
    N_("{at} is no time"),
    N_("write it like 2026-03-21T08:00"),
    N_("{id} was not taken for another point"),
    N_("friction scan --format json and friction explain name the ids"),
    N_("{value} is no time of day, write it like 04:00"),
    N_("{value} are no hours, write them like 20:00-07:00"),
    N_("exactly one of to, url, webhook and file must be given"),
    N_("{name} cannot be set for a project"),
    N_("the source {name} lies outside the inbox of the project"),
    N_("name a folder or pattern in the inbox; other places are scanned by friction scan"),
    N_("the channel {name} is none that a project may set"),
    N_("use to with mail addresses, and /v1/webhooks for webhooks"),
    N_("the channel {name} names a mail server"),
    N_("leave smtp out: mail goes by the server of this machine"),
    N_("a heartbeat address cannot be set for a project"),
    N_("/metrics says when a scan went well the last time"),
    N_("friction could not finish this scan"),
    N_("start it once more; the log of the service says what happened"),
    N_("the project is not scanned yet"),
    N_("set /v1/schedule first"),
)
