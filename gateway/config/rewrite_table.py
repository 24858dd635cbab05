"""A cross-reference table with one more row: a CSV file whose encoding, delimiter and line ends stay what they are."""

import csv
import io
import re
from collections.abc import Mapping

from gateway.config.rewrite import Refused

_BOM = b"\xef\xbb\xbf"


def with_row(
    content: bytes, row: Mapping[str, str], *, encoding: str = "utf-8", delimiter: str = ","
) -> bytes | Refused:  # fmt: skip
    """The bytes of a table with one more row at its end."""
    mark = _BOM if content.startswith(_BOM) and encoding.lower().startswith("utf-8") else b""
    delimiter = "\t" if delimiter == "tab" else delimiter
    codec = "utf-8" if mark else encoding
    try:
        text = content.removeprefix(mark).decode(codec)
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except UnicodeDecodeError as error:
        return Refused(f"byte {error.start} is not {encoding}")
    except csv.Error as error:
        return Refused(f"its rows cannot be read: {error}")
    titles = [title.strip() for title in rows[0]] if rows else []
    unknown = [name for name in row if name not in titles]
    if unknown or not titles:
        return Refused(f"it has no column {', '.join(unknown)} (it has: {', '.join(titles) or 'none'})")
    buffer = io.StringIO()
    found = re.search("\r\n|\n|\r", text)
    newline = found[0] if found else "\n"
    csv.writer(buffer, delimiter=delimiter, lineterminator=newline).writerow([row.get(title, "") for title in titles])
    between = "" if text.endswith(("\n", "\r")) else newline
    try:
        return mark + f"{text}{between}{buffer.getvalue()}".encode(codec)
    except UnicodeEncodeError as error:
        return Refused(f"'{error.object[error.start]}' cannot be written in {encoding}")
