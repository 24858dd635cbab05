"""Build the site of these pages: ``python -m docs.site.build FOLDER``, or ``make docs``."""

import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from sphinx.cmd.build import build_main

from docs.site import pages

CONF = Path(__file__).parent
_LOADED = re.compile(
    r"""(?:\bsrc|<link\b[^>]*\bhref)\s*=\s*["'](?:https?:)?//[^"']*|@import[^;]*//[^;]*|url\(["']?(?:https?:)?//[^)]*"""
)


def staged(folder: Path) -> None:
    """Lay out the pages as the site has them, and what they link to; what did not change is not touched."""
    wanted = {folder / name: text.encode() for name, text in pages.site().items()}
    for source in pages.sources():
        for link in pages.links(source.read_text(encoding="utf-8")):
            there = (source.parent / link.path).resolve()
            if link.is_ours and there.is_file() and there.suffix != ".md":
                wanted[folder / pages.place(there)] = there.read_bytes()
    for path in folder.rglob("*"):
        if path.is_file() and path not in wanted:
            path.unlink()
    for path, content in wanted.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_bytes() != content:
            path.write_bytes(content)


def loaded_from_elsewhere(folder: Path) -> Iterator[str]:
    """What a reader's browser would load from other machines: nothing may be."""
    for path in sorted([*folder.rglob("*.html"), *folder.rglob("*.css")]):
        for found in _LOADED.findall(path.read_text(encoding="utf-8")):
            yield f"{path.relative_to(folder)}: {found}"


def build(folder: Path) -> int:
    """Build the site into a folder; what its pages are made of lies beside it. 0 when nothing is wrong with any page."""
    work = folder.with_name(f"{folder.name}-pages")
    staged(work / "pages")
    options = ["--fail-on-warning", "--keep-going", "--quiet", "--jobs", "auto", "--conf-dir", str(CONF)]
    code = build_main([*options, "--doctree-dir", str(work / "doctrees"), str(work / "pages"), str(folder)])
    foreign = list(loaded_from_elsewhere(folder))
    sys.stderr.writelines(f"loaded from elsewhere: {each}\n" for each in foreign)
    shutil.rmtree(folder / "_sources", ignore_errors=True)
    return code or bool(foreign)


if __name__ == "__main__":
    target = Path(sys.argv[1]).resolve()
    result = build(target)
    sys.stdout.write(f"The site is in {target}. Open {target / 'index.html'} in a browser.\n" if result == 0 else "")
    sys.exit(result)
