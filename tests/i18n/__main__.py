"""`make messages`: collect what is said, bring the catalogues up to date, compile them, and list what has no words."""

from __future__ import annotations

import sys

from tests.i18n.catalogues import TRANSLATED, compiled, mo, po, texts, updated, written


def main() -> int:
    """Write all catalogues; 1 while a message has no translation."""
    missing = 0
    for code in TRANSLATED:
        catalogue = updated(code)
        po(code).parent.mkdir(parents=True, exist_ok=True)
        po(code).write_bytes(written(catalogue))
        mo(code).write_bytes(compiled(code))
        for message in catalogue:
            if message.id and not all(texts(message)):
                missing += 1
                print(f"{code}: {message.id!r}", file=sys.stderr)
        print(f"{code}: {len(catalogue)} messages, {missing} without translation")
    return 1 if missing else 0


if __name__ == "__main__":
    raise SystemExit(main())
