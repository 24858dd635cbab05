"""Values of configuration files that have a form: times, sizes, addresses, names; each with the sentence for a wrong one."""

import re
from datetime import time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field

_DURATION = re.compile(r"(\d{1,6})\s?(ms|[smhd])")
_UNITS = {"ms": "milliseconds", "s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_SIZE = re.compile(r"(\d{1,6})\s?([kMG])B")
_BYTES = {"k": 10**3, "M": 10**6, "G": 10**9}
_ADDRESS = re.compile(r"(?:[\w.-]+|\[[0-9A-Fa-f:.]+\]):(\d{1,5})")
_LAST_PORT = 65535


def zone(value: str) -> str:
    """A time zone of the tz database."""
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"'{value}' is not a time zone; write it like America/Chicago") from error
    return value


def duration(value: str) -> timedelta:
    """``20s 5m 24h 3d`` as a duration; raises ValueError for anything else.

    >>> duration("5m")
    datetime.timedelta(seconds=300)
    """
    match = _DURATION.fullmatch(value)
    if match is None:
        raise ValueError(f"'{value}' is not a duration; write it like 20s, 5m, 24h or 3d")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def moment_of_day(value: str) -> time:
    """``08:00`` as a time of day; raises ValueError for anything else.

    >>> moment_of_day("08:00")
    datetime.time(8, 0)
    """
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
        raise ValueError(f"'{value}' is not a time of day; write it like 08:00")
    return time.fromisoformat(value)


def _moment_text(value: str) -> str:
    moment_of_day(value)
    return value


def _duration_text(value: str) -> str:
    duration(value)
    return value


def size(value: str) -> int:
    """``32kB 200MB 2GB`` in bytes; raises ValueError for anything else.

    >>> size("2 GB")
    2000000000
    """
    match = _SIZE.fullmatch(value)
    if match is None:
        raise ValueError(f"'{value}' is not a size; write it like 32kB, 200MB or 2GB")
    return int(match[1]) * _BYTES[match[2]]


def _size_text(value: str) -> str:
    size(value)
    return value


def address(value: str) -> str:
    """A host and a port to listen on; empty for none."""
    match = _ADDRESS.fullmatch(value)
    if value and (match is None or int(match[1]) > _LAST_PORT):
        raise ValueError(f"'{value}' is not an address to listen on; write it like 127.0.0.1:8088")
    return value


def currency(value: str) -> str:
    """An ISO 4217 code."""
    if not re.fullmatch(r"[A-Z]{3}", value):
        raise ValueError(f"'{value}' is not a currency; write it like USD")
    return value


def company_prefix(value: str) -> str:
    """A GS1 company prefix, or empty for none."""
    if value and not re.fullmatch(r"[0-9]{6,12}", value):
        raise ValueError(f"'{value}' is not a GS1 company prefix; it has 6 to 12 digits")
    return value


def _field_name(value: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,62}", value):
        raise ValueError(f"'{value}' cannot name a field; it has small letters, digits and _, a letter first")
    return value


def _plugin(value: str) -> str:
    if not value.isidentifier():
        hint = "; it is the name of a function, never a module" if "." in value or ":" in value else ""
        raise ValueError(f"'{value}' is not the name of a plug-in{hint}")
    return value


def interchange_id(value: str) -> str:
    """An id that fits into ISA06 and ISA08."""
    if not 0 < len(value) <= 15 or not value.isprintable():  # noqa: PLR2004 - ISA06 has 15 characters
        raise ValueError(f"'{value}' does not fit into an interchange header; it has 1 to 15 characters")
    return value


def host(value: str) -> str:
    """The name or address of a machine."""
    if not re.fullmatch(r"[A-Za-z0-9_:][A-Za-z0-9_.:-]{0,252}", value):
        raise ValueError(f"'{value}' is not the name or address of a machine; write it like sftp.example.com")
    return value


def mail_address(value: str) -> str:
    """An address mail is sent to; nothing in it can begin a line of its own."""
    if not re.fullmatch(r"[^\s@<>,;:\"\x00-\x20\x7f-\x9f]{1,64}@[A-Za-z0-9][A-Za-z0-9.-]{0,250}", value):
        raise ValueError(f"'{value}' is not a mail address; write it like edi@example.com")
    return value


Zone = Annotated[str, AfterValidator(zone)]
Duration = Annotated[str, AfterValidator(_duration_text)]
Size = Annotated[str, AfterValidator(_size_text)]
Address = Annotated[str, AfterValidator(address)]
Currency = Annotated[str, AfterValidator(currency)]
CompanyPrefix = Annotated[str, AfterValidator(company_prefix)]
InterchangeId = Annotated[str, AfterValidator(interchange_id)]
Qualifier = Annotated[str, Field(pattern=r"^[0-9A-Z]{2}$")]
TimeOfDay = Annotated[str, AfterValidator(_moment_text)]
FieldName = Annotated[str, AfterValidator(_field_name)]
PluginName = Annotated[str, AfterValidator(_plugin)]
Host = Annotated[str, AfterValidator(host)]
Port = Annotated[int, Field(ge=1, le=65535)]
MailAddress = Annotated[str, AfterValidator(mail_address)]
Word = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
"""A name we are given for a thing of ours; it can stand in a file name."""
