"""The program of the page about mailboxes sorts files as the page says."""

import runpy
from pathlib import Path

import pytest

from tests.architecture.code_map import ROOT
from tests.docs import examples

PAGE = ROOT / "docs" / "how-to" / "use-a-mailbox.md"


def _isa(qualifier: str, sender: str, element: str = "*") -> bytes:
    fields = ["ISA", "00", " " * 10, "00", " " * 10, qualifier, f"{sender:15}", "ZZ", f"{'MYCOMPANY':15}"]
    fields += ["261102", "0712", "U", "00401", "000000001", "0", "P", ">~"]
    return element.join(fields).encode()


def test_a_mailbox_is_sorted_by_the_sender(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for folder in ("mailbox", "inbox/acme", "inbox/bigmart"):
        Path(folder).mkdir(parents=True)
    acme, bigmart = _isa("ZZ", "ACMESTORES"), _isa("08", "6112390000", "|")
    rest = b"GS*PO~ST*850*0001~SE*2*0001~GE*1*1~IEA*1*000000001~"
    mailbox = {
        "a.edi": acme + rest, "b.edi": bigmart + rest.replace(b"*", b"|"), "two.edi": acme + rest + b"\n" + acme + rest,
        "mixed.edi": acme + rest + bigmart + rest, "stranger.edi": _isa("ZZ", "ZETA") + rest,
        "orders.csv": b"po_number\n1\n", "cut.edi": b"ISA*00*", "empty.edi": b"",
    }  # fmt: skip
    for name, content in mailbox.items():
        Path("mailbox", name).write_bytes(content)
    [program] = [each.text for each in examples.blocks(PAGE) if each.path == "sort_mailbox.py"]
    Path("sort_mailbox.py").write_text(program, encoding="utf-8")

    runpy.run_path("sort_mailbox.py")

    assert sorted(each.name for each in Path("inbox/acme").iterdir()) == ["a.edi", "two.edi"]
    assert [each.name for each in Path("inbox/bigmart").iterdir()] == ["b.edi"]
    left = sorted(each.name for each in Path("mailbox").iterdir())
    assert left == ["cut.edi", "empty.edi", "mixed.edi", "orders.csv", "stranger.edi"]
    assert "mixed.edi: not one known sender; look at it" in capsys.readouterr().out
