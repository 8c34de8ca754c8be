"""`make docs`: every link resolves, every setting and command is in the manual as it is."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.house import manual, tree

_LINK = re.compile(
    r"!?\[[^\]\n]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)"
    r"|<(?:img|a)\b[^>]*\b(?:src|href)=\"([^\"]+)\""
)
_FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#+\s+(.+?)\s*#*$", re.MULTILINE)


def pages() -> list[Path]:
    return [*tree.ROOT.glob("*.md"), *tree.files(".md", under=tree.ROOT / "docs")]


def broken_links() -> list[str]:
    return [
        f"{tree.name(page)}: {target}"
        for page in pages()
        for target in _targets(page)
        if not _resolves(page, target)
    ]


def stale_pages() -> list[str]:
    return [
        f"{tree.name(path)} differs from the code; write it with: make manual"
        for path, text in manual.pages().items()
        if not path.exists() or path.read_text() != text
    ]


def _targets(page: Path) -> Iterator[str]:
    text = _FENCE.sub("", page.read_text())
    for match in _LINK.finditer(text):
        target = match.group(1) or match.group(2)
        if not re.match(r"[a-z][a-z+.-]*:", target):
            yield target


def _resolves(page: Path, target: str) -> bool:
    path, _, anchor = target.partition("#")
    aim = (page.parent / path).resolve() if path else page
    if not aim.exists():
        return False
    return not anchor or aim.suffix != ".md" or anchor in _anchors(aim)


def _anchors(page: Path) -> set[str]:
    headings = _HEADING.findall(_FENCE.sub("", page.read_text()))
    return {re.sub(r"[^\w\- ]", "", h.casefold()).strip().replace(" ", "-") for h in headings}


def main() -> int:
    if "--write" in sys.argv:
        for path, text in manual.pages().items():
            path.write_text(text)
    complaints = [*(f"broken link: {line}" for line in broken_links()), *stale_pages()]
    print("\n".join(complaints) or f"docs: {len(pages())} pages, all links resolve")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
