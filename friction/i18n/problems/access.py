"""What can be wrong with keys, projects and logins of a service."""

from __future__ import annotations

from friction.i18n.language import N_

ACCESS = (
    N_("others could reach the service, and there is no key to ask them for"),
    N_("make one first: friction keys create NAME --scope operator"),
    N_("the key would have expired already"),
    N_("give a time to come"),
    N_("{text} is no time"),
    N_("write it like 2027-01-31, 90d or 12h"),
    N_("there is no key {id}"),
    N_("friction keys list names them"),
    N_("there is no project {name}"),
    N_("there is a project {name} already"),
    N_("{name} cannot be the name of a project"),
    N_("use letters, digits, dots and dashes"),
    N_("choose another name"),
)
