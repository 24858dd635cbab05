"""The secrets that a site names, read where they stand, so that nothing says them."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pydantic import BaseModel

from gateway.config.partner import Partner
from gateway.config.secrets import SecretSource
from gateway.config.settings import Settings


def secrets_of(
    settings: Settings, partners: Iterable[Partner], directory: Path, environ: Mapping[str, str]
) -> Iterator[str]:
    """Each secret that can be read here and now; of an address its password, as it is and as it is written there."""
    for section in (settings, *partners):
        for source in sources(section):
            if not source.fault(directory, environ):
                yield source.value(directory, environ).strip()
    for url in (settings.database.url, settings.database.with_password()):
        try:
            password = urlsplit(url).password
        except ValueError:
            password = None
        if password:
            yield from (password, unquote(password))


def sources(value: object) -> Iterator[SecretSource]:
    """Every secret that a section names, however deep."""
    if isinstance(value, SecretSource):
        yield value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from sources(getattr(value, name))
    elif isinstance(value, list | tuple):
        for each in value:
            yield from sources(each)
    elif isinstance(value, dict):
        for each in value.values():
            yield from sources(each)
