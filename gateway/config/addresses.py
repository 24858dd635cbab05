"""The address of the database as gateway.yaml has it: names of the environment filled in, and what cannot be right."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from urllib.parse import quote

from gateway.config.problems import Origin
from gateway.kernel.problem import Problem

_NAME = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_KINDS = ("sqlite:///", "postgresql://", "postgres://", "postgresql+psycopg://")
_PASSWORD = re.compile(r"://[^/@\s]*:(?P<password>[^/@\s]+)@")
FORM = "write it like postgresql://user:${DB_PASSWORD}@host:5432/gateway or sqlite:///var/gateway.db"


def filled(url: str, environ: Mapping[str, str]) -> str:
    """The address with every ``${NAME}`` filled in; a part of it may have any character.

    >>> filled("postgresql://gw:${PW}@db/gateway", {"PW": "a/b"})
    'postgresql://gw:a%2Fb@db/gateway'
    """
    if _NAME.fullmatch(url):
        return environ.get(url[2:-1], "")
    return _NAME.sub(lambda found: quote(environ.get(found[1], ""), safe=""), url)


def problems(url: str, environ: Mapping[str, str], at: Origin) -> Iterator[Problem]:
    """What is wrong with an address; never shows what stands in it besides names."""
    for name in dict.fromkeys(_NAME.findall(url)):
        if not environ.get(name):
            yield at.problem(
                "P003", f"the environment has no {name}, which the address of the database names",
                f"set it where the gateway is started: export {name}=...",
            )  # fmt: skip
            return
    if url and not filled(url, environ).startswith(_KINDS):
        yield at.problem("P003", "this is not the address of a SQLite or PostgreSQL database", FORM)
    elif shows_password(url) and at.file.endswith(".yaml"):
        said = "a password stands here, for everybody to read"
        yield replace(
            at.problem("P003", said, "keep it in the environment and write ${NAME} in its place"), level="warning"
        )


def shows_password(url: str) -> bool:
    """Whether an address has a password in clear."""
    found = _PASSWORD.search(url)
    return found is not None and not _NAME.search(found["password"])
