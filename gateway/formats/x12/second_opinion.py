"""An independent reader's opinion on an X12 file: pyx12, used nowhere else."""

import io


def errors(content: bytes) -> list[str]:
    """Every error pyx12's X12Reader finds in envelopes, counts and separators; empty when it agrees."""
    import pyx12.errors  # noqa: PLC0415 - an import of 0.1 s that only checks of outgoing files need
    import pyx12.x12file  # noqa: PLC0415 - same

    try:
        reader = pyx12.x12file.X12Reader(io.StringIO(content.decode("utf-8")))
        found = [f"{kind} {code}: {text}" for _ in reader for kind, code, text, *_rest in reader.pop_errors()]
        reader.cleanup()
    except pyx12.errors.X12Error as error:
        return [str(error)]
    return [*found, *(f"{kind} {code}: {text}" for kind, code, text, *_rest in reader.pop_errors())]
