"""Writes what is made from code: ``.env.example``, the README's tables, and its pictures."""

from __future__ import annotations

import os
from pathlib import Path

from warmxfer_tui.core import verbs
from warmxfer_tui.settings import env_example, markdown_table

ROOT = Path(__file__).parent.parent
PICTURES = ROOT / "docs" / "pictures"


def main() -> None:
    """Rewrite all of them in place."""
    write_settings()
    write_pictures(PICTURES)


def write_settings() -> None:
    """``.env.example``, and the tables in the README."""
    (ROOT / ".env.example").write_text(env_example(), encoding="utf-8")
    write_part("settings", markdown_table())
    write_part("keys", verbs.markdown_table())


def write_part(name: str, table: str) -> None:
    """What stands between two marks of the README."""
    begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->\n"
    readme = ROOT / "README.md"
    before, _, rest = readme.read_text(encoding="utf-8").partition(begin)
    _, _, after = rest.partition(end)
    readme.write_text(f"{before}{begin}{table}{end}{after}", encoding="utf-8")


def write_pictures(folder: Path) -> None:
    """The pictures, and no others, in a folder of their own."""
    for name in ("NO_COLOR", "TEXTUAL_THEME", "TEXTUAL_FPS"):
        os.environ.pop(name, None)  # they change pictures, and some are read when Textual is imported
    from warmxfer_tui.demos.pictures import pictures

    made = pictures()
    folder.mkdir(parents=True, exist_ok=True)
    for file in folder.glob("*.svg"):
        if file.name not in made:
            file.unlink()
    for name, svg in made.items():
        (folder / name).write_text(svg, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
