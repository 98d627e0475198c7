"""`make deploy`: the chart as Helm itself sees it, and every manifest against the schemas of Kubernetes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

CHART = Path(__file__).parents[2] / "deploy" / "chart"
KUBERNETES = ("1.29.0", "1.34.0")
VALUES: dict[str, dict[str, Any]] = {
    "as it comes": {},
    "before the first key": {"setup": True},
    "everything": {
        "database": "postgresql://friction@db/friction",
        "publicUrl": "https://friction.example.com",
        "proxies": ["10.0.0.0/8"],
        "options": ["--rate=100"],
        "data": {"existingClaim": "data"},
        "ingress": {"enabled": True, "className": "nginx", "tlsSecret": "tls", "annotations": {"a": "b"}},
        "networkPolicy": {"from": [{"podSelector": {"matchLabels": {"app": "ingress"}}}]},
        "backup": {"enabled": True, "existingClaim": "backups"},
        "tolerations": [{"key": "a", "operator": "Exists"}],
        "nodeSelector": {"disk": "ssd"},
    },
}
REFUSED: dict[str, dict[str, Any]] = {
    "a password in an address": {"database": "postgresql://friction:secret@db/friction"},
    "a misspelt value": {"databse": ""},
    "backups that go nowhere": {"backup": {"enabled": True}},
}


def main() -> int:
    """Print what was looked at; 1 when something is wrong."""
    import kubernetes_validate
    from helm_python import Chart, lint

    found = lint(CHART)
    wrong = [message["error"] for message in found["messages"] if message["severity"] > 1] + found["errors"]
    print(f"helm lint: {len(wrong)} findings")
    with Chart.load(CHART) as chart:
        for name, values in VALUES.items():
            manifests = list(_manifests(chart.render(values=values, name="demo")))
            for version in KUBERNETES:
                for manifest in manifests:
                    try:
                        kubernetes_validate.validate(manifest, version, strict=True)
                    except kubernetes_validate.ValidationError as fault:
                        wrong.append(f"{name}, {version}, {manifest['kind']}: {fault.message}")
            print(f"helm template, {name}: {', '.join(each['kind'] for each in manifests)}")
        for name, values in REFUSED.items():
            try:
                chart.validate_schema(values)
                chart.render(values=values, name="demo")
                wrong.append(f"not refused: {name}")
            except Exception as refusal:
                print(f"refused, {name}: {type(refusal).__name__}")
    print(*wrong, f"{len(wrong)} wrong", sep="\n")
    return 1 if wrong else 0


def _manifests(rendered: dict[str, str]) -> Iterator[dict[str, Any]]:
    for name, text in sorted(rendered.items()):
        if name.endswith(".yaml"):
            yield from (each for each in yaml.safe_load_all(text) if each)


if __name__ == "__main__":
    sys.exit(main())
