"""The same promises, with inputs that atheris derives from what the code does with them.

Usage: python -m tests.fuzz.guided SECONDS; needs the extra 'fuzz'. A crash ends the run, its input is kept.
"""

import sys
import tempfile
from pathlib import Path


def main() -> None:
    """Run for the seconds named."""
    import atheris  # type: ignore[import-not-found,import-untyped,unused-ignore]  # noqa: PLC0415 - only here

    with atheris.instrument_imports(include=["gateway.formats.x12", "gateway.exchange", "gateway.documents"]):
        from tests.fuzz import x12  # noqa: PLC0415 - instrumented while it is imported

    def one(content: bytes) -> None:
        try:
            x12.holds(content)
        except Exception:
            x12.keep(content)
            raise

    seconds = sys.argv[1] if len(sys.argv) > 1 else "600"
    with tempfile.TemporaryDirectory() as folder:
        sys.argv = sys.argv[:1]
        for number, content in enumerate(x12.seeds()):
            (Path(folder) / f"{number:04d}").write_bytes(content)
        atheris.Setup([sys.argv[0], f"-max_total_time={seconds}", "-max_len=8000", "-timeout=10", folder], one)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
