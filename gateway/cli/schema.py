"""Write the JSON Schemas of a site's files, and the settings by which editors find them."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gateway.cli import output
from gateway.config.finding import FILE, find_site
from gateway.config.load import load_site
from gateway.config.schema import partner_schema, settings_schema
from gateway.config.settings import Settings
from gateway.kernel.errors import NotFoundError, TransportError
from gateway.mapping.schema import guide_schema, mapping_schema

FOLDER = ".schemas"
"""Where the schemas of a site are; made anew by the command, so not kept in git."""
EDITOR = ".vscode/settings.json"
_FILES: Mapping[str, str | list[str]] = {
    "gateway": FILE, "partner": "partners/*.yaml", "mapping": "mappings/*/*.yaml", "guide": "mappings/*/guides/*.yaml",
}  # fmt: skip


def export(site: Path | None, out: Path | None, environ: Mapping[str, str]) -> int:
    """Write the schemas of a site, or of a site without anything of its own, and attach them for editors."""
    try:
        directory: Path | None = find_site(Path.cwd(), site, environ)
    except NotFoundError:
        if site is not None or out is None:
            raise
        directory = None
    target = out if out is not None else (directory or Path()) / FOLDER
    for path in write(directory, target, environ):
        output.line(f"written  {path}")
    if out is None and directory is not None:
        output.line(attach(directory))
    return 0


def write(directory: Path | None, target: Path, environ: Mapping[str, str]) -> list[Path]:
    """The schema files of a site in a folder; a site with mistakes gets what is known of it."""
    site_mappings = directory / "mappings" if directory is not None else None
    site = load_site(directory, environ)[0] if directory is not None else None
    settings = site.settings if site is not None else Settings()
    mapping = mapping_schema(site_mappings, settings.custom_fields)
    offered = mapping["properties"]["extends"]["anyOf"][0]["enum"]
    made = {
        "gateway": settings_schema(), "partner": partner_schema(offered), "mapping": mapping, "guide": guide_schema()
    }  # fmt: skip
    try:
        target.mkdir(parents=True, exist_ok=True)
        paths = [target / f"{name}.schema.json" for name in made]
        for path, schema in zip(paths, made.values(), strict=True):
            path.write_text(json.dumps(schema, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as error:
        raise TransportError(f"{target} cannot be written: {error.strerror}.") from error
    return paths


def modeline(name: str, up: int = 0) -> str:
    """The first line of a file that tells editors its schema; ``up`` is how many folders it is below the site."""
    return f"# yaml-language-server: $schema={'../' * up}{FOLDER}/{name}.schema.json\n"


def attach(directory: Path) -> str:
    """Name the schemas in the settings of the editor; other settings stay. Returns what was done, in words."""
    path = directory / EDITOR
    wanted = {f"./{FOLDER}/{name}.schema.json": files for name, files in _FILES.items()}
    before: dict[str, Any] = {}
    if path.exists():
        found = _read(path)
        if found is None:
            return f"kept     {path}; add to it: {json.dumps({'yaml.schemas': wanted})}"
        before = found
    schemas = before.get("yaml.schemas")
    after = {**before, "yaml.schemas": {**(schemas if isinstance(schemas, dict) else {}), **wanted}}
    if after == before:
        return f"kept     {path}"
    try:
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(after, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as error:
        raise TransportError(f"{path} cannot be written: {error.strerror}.") from error
    return f"written  {path}"


def _read(path: Path) -> dict[str, Any] | None:
    """The settings of the editor, None when they hold comments or are no settings."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None
