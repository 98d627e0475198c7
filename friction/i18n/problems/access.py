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
    N_("this needs a key"),
    N_("the key is unknown, has expired or was revoked"),
    N_("send a valid key: Authorization: Bearer KEY"),
    N_("this needs a key of the scope {scope}"),
    N_("this needs a key of the scope read"),
    N_("this needs a key of the scope write"),
    N_("this needs a key of the scope admin"),
    N_("this needs a key of the scope operator"),
    N_("ask who made the key for one that may"),
    N_("without a key the service answers on this machine only"),
    N_("open it as http://127.0.0.1, or make a key: friction keys create"),
    N_("the request does not come from a page of this service"),
    N_("load the page again and send it from there"),
    N_("the login provider does not answer"),
    N_("try again in 30 seconds, or log in with a key"),
    N_("logging in did not work"),
    N_("begin again, or ask who runs the service whether there is a key for your address"),
    N_("the login provider is not fully described"),
    N_("set {names}; the issuer begins with https://"),
    N_("forgetting somebody is carried out to its end"),
    N_("wait for its end"),
)
