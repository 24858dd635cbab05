"""`gateway validate` as people and scripts use it: many files, any file, answers, and watching."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.site.harness import ROOT, Answer, PlayedSite, order, purchase_order

GOOD = purchase_order(order("V-1"))
BAD = purchase_order(order("V-1"), order("V-2", "PO1*1**EA*1**VP*TENT-2P"))
NOW = ("--now", "2026-11-20T20:00:00Z")
HEAVY = {
    "sqlalchemy",
    "alembic",
    "lark",
    "yaml",
    "rich",
    "structlog",
    "watchdog",
    "pyx12",
    "gateway.app",
    "gateway.config",
}


@pytest.fixture
def folder(tmp_path: Path) -> PlayedSite:
    """A folder with one good and one bad file, and no site."""
    (tmp_path / "good.edi").write_text(GOOD)
    (tmp_path / "bad.edi").write_text(BAD)
    return PlayedSite(tmp_path)


def objects(answer: Answer) -> list[dict[str, Any]]:
    return [json.loads(line) for line in answer.out.splitlines()]


def test_each_file_is_judged_on_its_own_and_one_bad_file_decides_the_exit_code(folder: PlayedSite) -> None:
    answer = folder.gateway("validate", "bad.edi", "good.edi", "no-such.edi")

    assert answer.code == 1
    assert "bad.edi: partly accepted. 1 of 2 sets accepted." in answer.out
    assert "good.edi: accepted. 1 of 1 sets accepted." in answer.out
    assert "no-such.edi: not accepted. The file cannot be read." in answer.out
    assert answer.out.endswith("\n3 files: 1 accepted, 2 not accepted as a whole.\n")
    assert folder.gateway("validate", "good.edi", "good.edi").code == 0


def test_several_files_are_one_json_object_a_line_and_one_file_is_one_object(folder: PlayedSite) -> None:
    several = folder.gateway("validate", "bad.edi", "good.edi", "no-such.edi", "--json")

    assert several.code == 1
    assert [each["file"] for each in objects(several)] == ["bad.edi", "good.edi", "no-such.edi"]
    assert objects(several)[2]["issues"][0]["code"] == "F-UNREADABLE"
    alone = folder.gateway("validate", "bad.edi", "--json").out
    assert json.loads(alone) == objects(several)[0]
    assert alone.startswith('{\n  "file": "bad.edi",\n')


def test_a_folder_stands_for_its_files_sorted_and_none_hidden(folder: PlayedSite) -> None:
    (folder.folder / ".hidden.edi").write_text(BAD)
    (folder.folder / "inner").mkdir()

    answer = folder.gateway("validate", ".", "--json")

    assert [each["file"] for each in objects(answer)] == ["bad.edi", "good.edi"]
    empty = folder.gateway("validate", "inner")
    assert (empty.code, empty.out) == (5, "")
    assert "There is no file in inner." in empty.err


def test_a_minus_is_standard_input(folder: PlayedSite) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "gateway", "validate", "-", "--json"],
        input=GOOD.encode(), cwd=folder.folder, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["file"] == "-"


def test_what_is_no_x12_is_told_in_a_sentence_with_its_code(folder: PlayedSite) -> None:
    contents = {
        "1-empty": b"", "2-blank": b" \r\n" * 3000, "3-binary": bytes(range(256)) * 40, "4-xml": b"\xef\xbb\xbf<a/>",
        "5-text": b"hello", "6-utf16": GOOD.encode("utf-16"), "7-zip": b"PK\x03\x04\x00\x00", "8-edifact": b"UNA:+.? 'UNB+",
        "9-header": GOOD[:60].encode(),
    }  # fmt: skip
    for name, content in contents.items():
        (folder.folder / name).write_bytes(content)

    answer = folder.gateway("validate", *contents, "--json")

    assert answer.code == 1
    told = {each["file"]: each["issues"][0] for each in objects(answer)}
    codes = ["F-EMPTY", "F-EMPTY", "F-BINARY", "F-BINARY", "X-ISA", "F-BINARY", "F-BINARY", "X-ISA", "X-ISA"]
    assert [told[name]["code"] for name in contents] == codes
    assert "UTF-16" in told["6-utf16"]["message"]
    assert "EDIFACT" in told["8-edifact"]["message"]
    words = folder.gateway("validate", *contents).out
    assert words.count("What to do:") == len(contents)


def test_devices_pipes_without_a_writer_and_broken_reads_end_in_words(folder: PlayedSite) -> None:
    os.mkfifo(folder.folder / "pipe")
    (folder.folder / "gone").symlink_to("nowhere")
    (folder.folder / "loop").symlink_to("loop")

    answer = folder.gateway("validate", "/dev/zero", "pipe", "gone", "loop", "/proc/self/mem", "--json")

    assert answer.code == 1
    codes = [each["issues"][0]["code"] for each in objects(answer)]
    assert codes == ["S-FILETYPE", "F-EMPTY", "F-UNREADABLE", "F-UNREADABLE", "F-UNREADABLE"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything, so nothing is forbidden to it")
def test_a_forbidden_file_is_told_and_the_others_go_on(folder: PlayedSite) -> None:
    (folder.folder / "bad.edi").chmod(0)

    answer = folder.gateway("validate", "bad.edi", "good.edi", "--json")

    assert [len(each["issues"]) for each in objects(answer)] == [1, 0]


def test_characters_that_the_output_cannot_take_do_not_end_the_command(folder: PlayedSite) -> None:
    (folder.folder / "é.edi").write_text(GOOD.replace("PO1*1*2*", "PO1*1*ü\x1b[2J*"), encoding="utf-8")
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-m", "gateway", "validate", "é.edi"]

    words = subprocess.run(command, cwd=folder.folder, env=environ, capture_output=True, check=False)
    found = subprocess.run([*command, "--json"], cwd=folder.folder, env=environ, capture_output=True, check=False)

    assert (words.returncode, words.stderr) == (1, b"")
    assert b"\x1b" not in words.stdout
    assert json.loads(found.stdout)["file"] == "é.edi"


def test_the_answers_to_several_files_go_into_a_folder(folder: PlayedSite) -> None:
    (folder.folder / "other").mkdir()
    (folder.folder / "other" / "bad.edi").write_text(GOOD)

    answer = folder.gateway("validate", "bad.edi", "other/bad.edi", "good.edi", "--ack", "answers", *NOW)

    assert answer.code == 1
    answers = {path.name: path.read_text() for path in (folder.folder / "answers").iterdir()}
    assert sorted(answers) == ["bad.edi.2.ack", "bad.edi.ack", "good.edi.ack"]
    assert "AK9*P*2*2*1" in answers["bad.edi.ack"]
    assert "AK9*A*1*1*1" in answers["bad.edi.2.ack"]


def test_a_file_without_an_answer_leaves_none_in_the_folder(folder: PlayedSite) -> None:
    (folder.folder / "text").write_text("hello")

    answer = folder.gateway("validate", "text", "good.edi", "--ack", "answers")

    assert [path.name for path in (folder.folder / "answers").iterdir()] == ["good.edi.ack"]
    assert "no answer is due for text" in answer.err


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("good.edi", "--ack", "good.edi"), 2, "is one of the files to be checked"),
        (("good.edi", "--ack", "."), 2, "is a folder"),
        (("good.edi", "bad.edi", "--ack", "bad.edi"), 2, "is a file"),
        (("good.edi", "--ack", "no/such/folder/x"), 6, "cannot be written"),
        (("no-such.edi",), 5, "There is no file no-such.edi."),
        (("-", "--watch"), 2, "Standard input cannot be watched"),
        ((), 2, "Missing argument"),
    ],
)
def test_wrong_usage_is_answered_before_anything_is_judged(
    folder: PlayedSite, arguments: tuple[str, ...], code: int, words: str
) -> None:
    answer = folder.gateway("validate", *arguments)

    assert (answer.code, answer.out) == (code, "")
    assert words in answer.err
    assert (folder.folder / "good.edi").read_text() == GOOD


def test_without_a_partner_no_configuration_database_or_engine_is_loaded(folder: PlayedSite) -> None:
    script = (
        "import sys; from gateway.cli.main import run_app; code = run_app(['validate', 'good.edi', '--json']); "
        f"print(sorted({HEAVY!r} & set(sys.modules)), code, file=sys.stderr)"
    )
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}

    done = subprocess.run(
        [sys.executable, "-c", script], cwd=folder.folder, env=environ, capture_output=True, text=True, check=True
    )

    assert done.stderr.splitlines()[-1] == "[] 0"


def test_a_reader_that_leaves_early_is_no_error(folder: PlayedSite) -> None:
    command = f"{sys.executable} -m gateway validate {'bad.edi ' * 400} | head -1"

    done = subprocess.run(
        ["bash", "-c", command], cwd=folder.folder, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True,
        text=True, check=True,
    )  # fmt: skip

    assert done.stdout.startswith("bad.edi: partly accepted.")
    assert done.stderr == ""


def test_a_second_opinion_is_told_beside_the_verdict_and_does_not_change_it(folder: PlayedSite) -> None:
    answer = folder.gateway("validate", "good.edi", "--second-opinion")

    assert answer.code == 0
    assert "  Second opinion: the other engine agrees about segments and elements.\n" in answer.out
    plain = json.loads(folder.gateway("validate", "bad.edi", "--json").out)
    asked = json.loads(folder.gateway("validate", "bad.edi", "--json", "--second-opinion").out)
    assert {**plain, "second_opinion": asked["second_opinion"]} == asked


class Watched:
    """A running ``gateway validate --watch`` whose words are read from a file."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.said = folder.parent / f"{folder.name}-said"
        environ = {**os.environ, "PYTHONPATH": str(ROOT)}
        with self.said.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "gateway", "validate", *arguments, "--watch"],
                cwd=folder, env=environ, stdout=out, stderr=subprocess.STDOUT,
            )  # fmt: skip

    def until(self, done: Callable[[str], bool]) -> str:
        """Its words once they are as expected."""
        for _ in range(200):
            text = self.said.read_text()
            if done(text):
                return text
            time.sleep(0.1)
        raise AssertionError(self.said.read_text())

    def rounds(self, number: int) -> str:
        return self.until(lambda text: text.count("Waiting for a change") >= number)

    def end(self, number: int) -> int:
        self.process.send_signal(number)
        return self.process.wait(20)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_watched_file_is_judged_again_after_every_way_of_changing_it(folder: PlayedSite, number: int) -> None:
    path = folder.folder / "bad.edi"
    watched = Watched(folder.folder, "bad.edi")
    try:
        assert watched.rounds(1).count("partly accepted. 1 of 2") == 1
        path.write_text(GOOD)  # written in place
        assert "bad.edi: accepted." in watched.rounds(2)
        fresh = folder.folder / ".bad.edi.swp"
        fresh.write_text(BAD)
        fresh.rename(path)  # as editors do
        assert watched.rounds(3).count("partly accepted. 1 of 2") == 2
        path.unlink()
        assert "There is no file bad.edi. It is checked as soon as it is there." in watched.rounds(4)
        path.write_text(GOOD[:300])  # half of it
        assert "X-TRUNCATED" in watched.rounds(5)
        with path.open("a") as rest:
            rest.write(GOOD[300:])
        assert watched.rounds(6).count("bad.edi: accepted.") == 2
        assert watched.end(number) == 0
    finally:
        watched.process.kill()
        watched.process.wait()
    assert "\x1b" not in watched.said.read_text()


def test_watching_a_folder_sees_new_files_and_json_stays_one_object_a_line(folder: PlayedSite) -> None:
    watched = Watched(folder.folder, ".", "--json")
    try:
        watched.rounds(1)
        (folder.folder / "third.edi").write_text(GOOD)
        text = watched.rounds(2)
        assert watched.end(signal.SIGINT) == 0
    finally:
        watched.process.kill()
        watched.process.wait()
    files = [json.loads(line)["file"] for line in text.splitlines() if line.startswith("{")]
    assert files == ["bad.edi", "good.edi", "bad.edi", "good.edi", "third.edi"]
