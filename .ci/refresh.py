"""Writes what is made from the table of settings: ``.env.example`` and the table in the README."""

from __future__ import annotations

from pathlib import Path

from warmxfer_tui.settings import env_example, markdown_table

ROOT = Path(__file__).parent.parent
BEGIN, END = "<!-- settings -->\n", "<!-- end of settings -->\n"


def main() -> None:
    """Rewrite both files in place."""
    (ROOT / ".env.example").write_text(env_example(), encoding="utf-8")
    readme = ROOT / "README.md"
    text = readme.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    readme.write_text(f"{before}{BEGIN}{markdown_table()}{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
