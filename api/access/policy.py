"""What a request needs. The gate asks here before anything else looks at the request; what is not named is closed."""

from __future__ import annotations

OPEN = ("/healthz", "/readyz", "/v1/openapi.json", "/docs", "/login", "/theme", "/favicon.ico")
"""Open to all."""
OPEN_BELOW = ("/login/", "/lang/", "/static/", "/s/")
"""Open to all, with what is below: the way in, the files of the pages, and reports shared by a link."""
ADMIN = ("keys", "projects", "audit", "erasures", "export", "retention", "webhooks")
"""What only those may see and change who answer for a project, below `/v1` and below `/settings`."""
ANYBODY = ("/logout", "/account")
"""Changes nothing that belongs to a project."""
OPERATOR = (("GET", "/metrics"), ("POST", "/v1/projects"), ("POST", "/settings/projects"))
"""What concerns every project."""
SAFE = ("GET", "HEAD", "OPTIONS")


def is_open(path: str) -> bool:
    """Whether nobody has to say who they are."""
    return path in OPEN or path.startswith(OPEN_BELOW)


def needed(method: str, path: str) -> str:
    """The scope that this request needs."""
    if (method.replace("HEAD", "GET"), path.rstrip("/")) in OPERATOR:
        return "operator"
    root, _, rest = path.lstrip("/").partition("/")
    if root in ("v1", "settings") and rest.partition("/")[0] in ADMIN:
        return "admin"
    return "read" if method in SAFE or path in ANYBODY else "write"
