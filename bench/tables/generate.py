"""Write the compact X12 tables of gateway/formats/x12/standards from a directory of the standard's structural facts.

Usage: python bench/tables/generate.py [TABLES] [--target DIRECTORY]; TABLES defaults to $GATEWAY_X12_TABLES.
Only facts are taken: ids, numbers, flags, lengths, code values and short names. Code meanings are left out.
A code that an earlier version lists stays valid in the later ones; docs/reference/x12-codes-kept.md names those added that way.
"""

import argparse
import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "gateway" / "formats" / "x12" / "standards"
AREAS = ("heading", "detail", "summary")
HASH_FILE = "hashes.json"


def read_yaml(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - the C twin of the safe loader


def versions(tables: Path) -> list[str]:
    """The versions for which there is a folder of tables, oldest first."""
    return sorted(path.name for path in tables.iterdir() if path.is_dir() and path.name.isdigit())


def input_hash(tables: Path) -> str:
    """One hash over the names and bytes of all input files."""
    total = hashlib.sha256()
    for version in versions(tables):
        for path in sorted((tables / version).rglob("*.yaml")):
            total.update(path.relative_to(tables).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


def compact_nodes(nodes: Iterable[Mapping[str, Any]]) -> list[list[Any]]:
    """[id, required, maximum] for a segment, [id, required, maximum, loop id, body] for a loop; maximum 0 is no limit."""
    compact: list[list[Any]] = []
    for node in nodes:
        maximum = 0 if node["max"] == ">1" else int(node["max"])
        required = int(node["req"] == "M")
        if "loop" in node:
            body = compact_nodes(node["body"])
            compact.append([node["loop"], required, maximum, str(node.get("loop_id", node["loop"])), body])
        else:
            compact.append([node["id"], required, maximum])
    return compact


def segment_ids(nodes: Iterable[list[Any]]) -> set[str]:
    found: set[str] = set()
    for node in nodes:
        found |= segment_ids(node[4]) if len(node) > 3 else {node[0]}  # noqa: PLR2004 - the shape of compact_nodes
    return found


def compact_version(
    directory: Path, earlier: Mapping[str, set[str]]
) -> tuple[dict[str, Any], dict[str, set[str]], dict[str, set[str]]]:
    """The files of one version by name, its code lists with those of earlier versions, and what was added."""
    elements = read_yaml(directory / "elements.yaml")
    composites = read_yaml(directory / "composites.yaml")
    segments = read_yaml(directory / "segments.yaml")
    codes = {
        reference: {str(code) for code in values} for reference, values in read_yaml(directory / "codes.yaml").items()
    }
    kept = {
        reference: earlier[reference] - values
        for reference, values in codes.items()
        if earlier.get(reference, set()) - values
    }
    codes = {reference: values | earlier.get(reference, set()) for reference, values in codes.items()}
    groups = read_yaml(directory / "envelope.yaml")["functional_groups"]
    sets = {}
    for path in sorted((directory / "sets").glob("*.yaml")):
        table = read_yaml(path)
        nodes = compact_nodes([node for area in AREAS for node in table.get(area) or ()])
        sets[str(table["set"])] = {"group": groups.get(str(table["set"]), table["functional_group"]), "nodes": nodes}
    used = {reference for body in (*segments.values(), *composites.values()) for reference, *_ in body["elements"]}
    files: dict[str, Any] = {
        "elements.json": {
            ref: [e["name"], e["type"], e["min"], e["max"]] for ref, e in elements.items() if ref in used
        },
        "composites.json": {ref: [c["name"], c["elements"], c["syntax"]] for ref, c in composites.items()},
        "segments.json": {ref: [s["name"], s["elements"], s["syntax"]] for ref, s in segments.items()},
        "codes.json": {ref: " ".join(sorted(values)) for ref, values in sorted(codes.items()) if ref in used},
    }
    files |= {f"set_{set_id}.json": body for set_id, body in sets.items()}
    return files, codes, kept


def dump(name: str, content: Any) -> str:
    if name.startswith("set_"):
        return json.dumps(content, separators=(",", ":")) + "\n"
    rows = [
        f"{json.dumps(key)}:{json.dumps(value, separators=(',', ':'), ensure_ascii=False)}"
        for key, value in content.items()
    ]
    return "{\n" + ",\n".join(rows) + "\n}\n"


def render(tables: Path) -> tuple[dict[str, str], dict[str, dict[str, set[str]]]]:
    """Every file to be written, by path relative to the target, and the codes kept from earlier versions."""
    written: dict[str, str] = {}
    kept: dict[str, dict[str, set[str]]] = {}
    earlier: dict[str, set[str]] = {}
    for version in versions(tables):
        files, codes, kept[version] = compact_version(tables / version, earlier)
        earlier = earlier | codes
        written |= {f"{version}/{name}": dump(name, content) for name, content in files.items()}
    hashes = {path: hashlib.sha256(text.encode()).hexdigest() for path, text in sorted(written.items())}
    written[HASH_FILE] = json.dumps({"input": input_hash(tables), "files": hashes}, indent=1) + "\n"
    return written, kept


def kept_page(kept: Mapping[str, Mapping[str, set[str]]]) -> str:
    lines = [
        "# Codes kept from earlier versions",
        "",
        "A code listed in an earlier version of our tables stays valid in the later ones. Written by `bench/tables/generate.py`.",
        "",
        "| version | data element | codes |",
        "|---|---|---|",
    ]
    for version, lists in kept.items():
        lines += [f"| {version} | {ref} | {' '.join(sorted(codes))} |" for ref, codes in sorted(lists.items())]
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the compact X12 tables.")
    parser.add_argument("tables", nargs="?", default=os.environ.get("GATEWAY_X12_TABLES"))
    parser.add_argument("--target", type=Path, default=TARGET)
    arguments = parser.parse_args()
    if not arguments.tables:
        parser.error("name the directory of tables or set GATEWAY_X12_TABLES")
    written, kept = render(Path(arguments.tables))
    for name, text in written.items():
        path = arguments.target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    page = ROOT / "docs" / "reference" / "x12-codes-kept.md"
    if arguments.target == TARGET:
        page.parent.mkdir(exist_ok=True)
        page.write_text(kept_page(kept), encoding="utf-8")
    print(
        f"{len(written)} files, {sum(map(len, written.values())):,} bytes; codes kept: {sum(len(c) for v in kept.values() for c in v.values())}"
    )


if __name__ == "__main__":
    main()
