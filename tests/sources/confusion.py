"""`python -m tests.sources.confusion [FOLDER…]`: which source every file is taken for, and who else lays claim to it.

Without folders the fixtures are looked at; every file lies in a folder that is called like its source.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from friction.errors import InputError
from friction.limits import DEFAULT
from friction.sources import BUILTIN
from friction.tables.files import look
from friction.tables.inputs import plain_files

FIXTURES = Path(__file__).parents[2] / "fixtures" / "sources"


def claims(path: Path) -> Iterator[tuple[str, dict[str, float]]]:
    """For the file, or for each that an archive holds: its name, and how sure every source is that is not at 0."""
    for one in plain_files([path], [path.name], DEFAULT).files:
        file = look(one.path, one.name)
        found = {source.name: source.sniff(file) for source in BUILTIN}
        yield one.name, {name: sure for name, sure in found.items() if sure > 0}


def table(folders: Sequence[Path]) -> list[tuple[str, str, dict[str, float]]]:
    """Folder, file and claims of every file."""
    files = [path for folder in folders for path in sorted(folder.glob("*")) if path.suffix != ".md"]
    rows = []
    for path in files:
        try:
            rows += [(path.parent.name, name, found) for name, found in claims(path)]
        except InputError as error:
            rows.append((path.parent.name, path.name, {error.problem.code: 0.0}))
    return rows


def page(rows: Sequence[tuple[str, str, dict[str, float]]]) -> str:
    """The table as Markdown."""
    lines = ["| folder | file | taken for | claims |", "| --- | --- | --- | --- |"]
    for folder, name, found in rows:
        best = max(found, key=lambda one: found[one], default="–")
        others = ", ".join(f"{one} {sure:.2f}" for one, sure in sorted(found.items()))
        lines.append(f"| {folder} | {name} | {best} | {others} |")
    return "\n".join(lines)


def main() -> None:
    """Print the table."""
    folders = [Path(word) for word in sys.argv[1:]] or [
        one for one in sorted(FIXTURES.iterdir()) if one.is_dir()
    ]
    print(page(table(folders)))


if __name__ == "__main__":
    main()
