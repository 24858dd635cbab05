"""What may be written at each key of gateway.yaml and of a partner file, in words, from the models that read them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import AfterValidator
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from gateway.config import channels, clocks, partner, partner_documents, partner_terms, secrets, sftp_server, values
from gateway.config.located import Section
from gateway.config.marks import OneOrMany
from gateway.config.meanings import meaning

FORMS: tuple[tuple[Any, str], ...] = (
    (values.Zone, "a time zone, `America/Chicago`"),
    (values.Duration, "a duration, `20s` `5m` `24h` `3d`"),
    (values.Size, "a size in bytes, `32kB` `200MB` `2GB`"),
    (values.Address, "a host and a port, `127.0.0.1:8088`"),
    (values.Currency, "a currency of ISO 4217, `USD`"),
    (values.CompanyPrefix, "6 to 12 digits"),
    (values.InterchangeId, "1 to 15 characters"),
    (values.TimeOfDay, "a time of day, `08:00`"),
    (values.FieldName, "small letters, digits and `_`"),
    (values.PluginName, "the name of a function"),
    (values.Host, "the name or address of a machine"),
    (values.MailAddress, "a mail address"),
    (channels.Folder, "a folder within the site"),
    (channels.RemoteFolder, "a folder of their server, `/outgoing`"),
    (channels.PollInterval, "a duration, `30s` at least"),
    (channels.After, "`delete`, `leave` or `move FOLDER`"),
    (channels.Marker, "a file name with `{name}` or `{stem}`"),
    (channels.Ready, "`rename`, `content`, `stable 20s`, `marker {name}.done`"),
    (channels.LastRow, "a row; `*` stands for anything, `{count}` for how many rows"),
    (partner_documents.Day, "a date, `2026-12-31`"),
    (partner_documents.Version, "an X12 version, `004010`"),
    (partner_documents.Root, "the name of an XML element"),
    (partner_documents.FileName, "a file name with `{control}`"),
    (partner_documents.Moment, "a moment"),
    (partner_terms.TableFile, "a `.csv` file, from `partners` or the site's folder on"),
    (secrets.PublicKey, "a public key, `ssh-ed25519 AAAA...`"),
    (secrets.PasswordHash, "the hash of a password"),
)  # fmt: skip
RULES: tuple[tuple[Any, str], ...] = (
    (partner_terms.TermsSection.model_fields["sourcing"].annotation, "`preferred WAREHOUSE`, " + ", ".join(f"`{each}`" for each in partner_terms.SOURCING)),
    (partner.X12.model_fields["tolerates"].annotation, "names of [tolerances](x12.md#tolerances)"),
    (clocks.Expect.model_fields["days"].annotation, "a day or a span, `mon` `mon-fri`"),
    (clocks.Sla.model_fields["fine"].annotation, "`50.00 per order`, `3% of goods`"),
    (sftp_server.SftpServer.model_fields["rate"], "a number per second, minute or hour, `100/m`"),
)  # fmt: skip


PATTERNS = {
    r"^[0-9A-Z]{2}$": "two capitals or digits",
    r"^\d$": "one digit",
    r"^[A-Za-z0-9][A-Za-z0-9._-]*$": "a name: letters, digits, `.` `_` `-`",
}
TAKES = {
    "custom_fields": "documents, each with a list of names; or one list",
    "documents.NAME": "keys of its own, or a list of them",
    "documents.NAME.when": "a moment, or keys of its own",
    "terms.transit_days": "a number of days; or states, each with one",
    "terms.tax": "`exempt`, or keys of its own",
    "params": "names, each with a text",
}
"""What cannot be seen from the model."""
NOTHING: Mapping[type[Section], str] = {}


@dataclass(frozen=True, slots=True)
class Key:
    """One key: where it stands, what it takes, its default, whether it must be there, what it is for."""

    path: str
    takes: str
    default: str
    required: bool
    means: str


def keys(model: type[Section], before: str = "", known: Mapping[type[Section], str] = NOTHING) -> Iterator[Key]:
    """Every key of a section and of the sections in it, in the order of the model; ``known`` stand elsewhere, as is said."""
    for name, field in model.model_fields.items():
        written = field.alias or name
        sections = list(dict.fromkeys(sections_of(field.annotation)))
        elsewhere = next((said for each, said in known.items() if each in sections), "")
        path = f"{before}{written}{'.NAME' if _is_keyed(field.annotation) and sections else ''}"
        takes = elsewhere or TAKES.get(path) or _takes(field, sections)
        yield Key(path, takes, _default(field, sections), field.is_required(), meaning(model, written))
        if not elsewhere and sections != [secrets.SecretSource]:
            inside = f"{path}{'[]' if is_list(field.annotation) else ''}."
            yield from _merged([list(keys(each, inside, known)) for each in sections])


def _merged(kinds: list[list[Key]]) -> Iterator[Key]:
    """The keys of several kinds of a section: what only the later ones have is marked by the word of their ``kind``."""
    paths = list(dict.fromkeys(each.path for found in kinds for each in found))
    for path in paths:
        having = [each for found in kinds for each in found if each.path == path]
        first = having[0]
        of_one = len(kinds) > 1 and path not in {each.path for each in kinds[0]}
        yield Key(
            path, " or ".join(dict.fromkeys(each.takes for each in having)), first.default, all(each.required for each in having),
            f"{'Of `sftp`. ' if of_one else ''}{first.means}",
        )  # fmt: skip


def _takes(field: FieldInfo, sections: list[type[Section]]) -> str:
    marks = _funcs(field.metadata)
    for form, said in (*FORMS, *RULES):
        if marks and marks & (
            _funcs(get_args(form)[1:]) | (_funcs(form.metadata) if isinstance(form, FieldInfo) else set())
        ):
            return said
    limits = _limits(field.metadata)
    if said := _formed(tuple(field.metadata)):
        return said
    if is_list(field.annotation):
        single = any(isinstance(each, OneOrMany) for each in field.metadata)
        inner = "entries" if sections else _kind(field.annotation)
        return (
            f"{'one, or ' if single else ''}a list of {inner}"
            if sections
            else f"a list{' or one' if single else ''}: {inner}"
        )
    if sections:
        return "a secret, `{file: PATH}` or `{env: NAME}`" if secrets.SecretSource in sections else "keys of its own"
    return _kind(field.annotation) + (f", {limits}" if limits else "")


def _kind(annotation: Any) -> str:
    for form, said in (*FORMS, *RULES):
        if _funcs(_marks(annotation)) and _funcs(_marks(annotation)) & _funcs(
            get_args(form)[1:] if not isinstance(form, FieldInfo) else form.metadata
        ):
            return said
        if form is annotation:
            return said
    if said := _formed(tuple(inner for mark in _marks(annotation) for inner in (mark, *getattr(mark, "metadata", ())))):
        return said
    origin = get_origin(annotation)
    if origin is Annotated:
        return _kind(get_args(annotation)[0])
    if origin is Literal:
        return ", ".join(f"`{each}`" for each in get_args(annotation))
    if origin in (Union, UnionType, tuple):
        return " or ".join(dict.fromkeys(_kind(each) for each in get_args(annotation) if each not in (NoneType, ...)))
    if origin is not None and get_args(annotation):
        return f"names, each with {_kind(get_args(annotation)[-1])}"
    words = {
        bool: "`true` or `false`",
        int: "a whole number",
        Decimal: "a number",
        date: "a date, `2026-12-31`",
        str: "a text",
    }
    return words[annotation]


def _marks(annotation: Any) -> tuple[Any, ...]:
    return get_args(annotation)[1:] if get_origin(annotation) is Annotated else ()


def _funcs(marks: Any) -> set[Any]:
    return {each.func for each in marks if isinstance(each, AfterValidator)}


def _formed(marks: tuple[Any, ...]) -> str:
    """The form of a text that a pattern or a length says."""
    pattern = next((str(each.pattern) for each in marks if getattr(each, "pattern", None)), "")
    if pattern:
        return PATTERNS[pattern]
    return "one character" if any(getattr(each, "max_length", None) == 1 for each in marks) else ""


def _limits(marks: Any) -> str:
    least = next((each.ge for each in marks if hasattr(each, "ge")), None)
    most = next((each.le for each in marks if hasattr(each, "le")), None)
    return f"{least} to {most}" if None not in (least, most) else f"{least} or more" if least is not None else ""


def _default(field: FieldInfo, sections: list[type[Section]]) -> str:
    if field.is_required():
        return "required"
    if sections:
        return ""
    value = field.get_default(call_default_factory=True)
    if value in (None, "", (), {}, PydanticUndefined) or isinstance(value, Section):
        return ""
    shown = (
        ", ".join(str(each) for each in value)
        if isinstance(value, tuple)
        else str(value).lower()
        if isinstance(value, bool)
        else str(value)
    )
    return f"`{shown}`"


def is_list(annotation: Any) -> bool:
    """Whether a type is that of a list."""
    if get_origin(annotation) is Annotated:
        return is_list(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return any(is_list(each) for each in get_args(annotation))
    if _is_keyed(annotation):
        return False
    return get_origin(annotation) is tuple


def _is_keyed(annotation: Any) -> bool:
    return (
        get_origin(annotation) is not None
        and isinstance(get_origin(annotation), type)
        and issubclass(get_origin(annotation), dict)
    )


def sections_of(annotation: Any) -> Iterator[type[Section]]:
    """The sections in a type."""
    if isinstance(annotation, type) and issubclass(annotation, Section):
        yield annotation
    for each in get_args(annotation):
        yield from sections_of(each)
