"""What Prometheus is told: the names of the table, true figures, and an answer also while the database has no time."""

import json
import os
import re
import sqlite3
import urllib.request
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

import pytest
from prometheus_client import Metric, parser
from prometheus_client.openmetrics import parser as openmetrics
from sqlalchemy import Connection

from gateway.app import metrics as told
from gateway.app.health_port import answering
from gateway.app.metric_names import COUNTER, GAUGE, METRICS, NAMED, OF_THE_PROCESS
from gateway.app.metrics import MOST_TYPES, OTHER, Metrics
from gateway.app.pulse import Pulse
from gateway.config.load import Site, load_site
from gateway.engine import queue
from gateway.engine.counting import COUNTED
from gateway.kernel.clock import fixed_clock
from gateway.kernel.happenings import HAPPENINGS
from gateway.store import figures
from tests.app.test_health import free_port, running, wait_for
from tests.database import SQLITE
from tests.site.harness import FRIDAY, PlayedSite, new_site, order, purchase_order
from tests.site.test_ack_clock import agree

DEAR = "PO1*1*2*EA*1.00*PE*VP*TENT-2P"
Values = Mapping[tuple[str, str], float]


def site_of(played: PlayedSite) -> Site:
    site, _ = load_site(played.folder, {**os.environ, **played.environ()})
    assert site is not None
    return site


@pytest.fixture
def played(tmp_path: Path) -> PlayedSite:
    return new_site(tmp_path / "site")


def values(families: Iterable[Metric]) -> Values:
    """Each sample by its name and its labels."""
    return {
        (each.name, ",".join(f"{name}={value}" for name, value in sorted(each.labels.items()))): each.value
        for family in families
        for each in family.samples
    }


def read(metrics: Metrics) -> Values:
    return values(read_text(metrics.text()[0].decode()))


def read_text(text: str) -> Iterable[Metric]:
    found: Iterable[Metric] = parser.text_string_to_metric_families(text)
    return found


def read_openmetrics(text: str) -> Iterable[Metric]:
    found: Iterable[Metric] = openmetrics.text_string_to_metric_families(text)  # type: ignore[no-untyped-call]
    return found


def families(metrics: Metrics) -> dict[str, Metric]:
    named = {each.name: each for each in read_text(metrics.text()[0].decode())}
    return {f"{name}_total" if each.type == COUNTER else name: each for name, each in named.items()}


def test_a_process_tells_every_metric_of_the_table_and_no_other(played: PlayedSite) -> None:
    played.run()
    pulse = Pulse("w")
    pulse.turn("scan")
    found = families(Metrics(site_of(played), pulse))
    assert set(found) == {*NAMED, *OF_THE_PROCESS}
    for each in METRICS:
        assert (found[each.name].type, found[each.name].documentation) == (each.kind, each.says), each.name


def test_a_command_tells_those_that_need_no_process(played: PlayedSite) -> None:
    played.run()
    found = {name for name in families(Metrics(site_of(played))) if name in NAMED}
    assert found == {each.name for each in METRICS if not each.by_process or each.name in told.OF_ANY}


def test_names_end_as_prometheus_wants_them() -> None:
    """What ``promtool check metrics`` asks for: a total of a counter and of nothing else, whole units, help."""
    for each in METRICS:
        assert re.fullmatch(r"gateway_[a-z_]+[a-z]", each.name), each.name
        assert each.name.endswith("_total") == (each.kind == COUNTER), each.name
        assert not re.search(r"_(ms|milliseconds|minutes|hours|kb|mb|megabytes|percent|count)(_|$)", each.name)
        if each.kind == GAUGE and re.search(r"age|timestamp", each.name):
            assert each.name.endswith("_seconds"), each.name
        assert each.says.endswith("."), each.name


def test_both_formats_can_be_read_and_say_the_same(played: PlayedSite) -> None:
    played.run()
    metrics = Metrics(site_of(played), Pulse("w"))
    text, kind = metrics.text("text/html, */*")
    new, new_kind = metrics.text("application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5")
    assert (kind.partition(";")[0], new_kind.partition(";")[0]) == ("text/plain", "application/openmetrics-text")
    assert new.endswith(b"# EOF\n")
    moving = ("process_", "gateway_figures_age_seconds", "gateway_disk_free_bytes")
    one, other = (
        {key: value for key, value in values(each).items() if not key[0].startswith(moving)}
        for each in (read_text(text.decode()), read_openmetrics(new.decode()))
    )
    assert one == other


def test_an_asker_cannot_put_words_into_the_answer(played: PlayedSite) -> None:
    _, kind = Metrics(site_of(played)).text("application/openmetrics-text; version=9.9.9; escaping=canary")
    assert kind == "application/openmetrics-text; version=1.0.0; charset=utf-8"


def test_every_event_that_is_counted_is_one_of_the_log() -> None:
    assert {*told.RESULTS, *told.LOGINS, "file.received", "file.duplicate", "channel.failed"} <= set(HAPPENINGS)


def test_units_are_counted_in_the_states_that_the_queue_knows() -> None:
    counted = {each for states in COUNTED.values() for each in states}
    assert counted == {*queue.LIVE, *queue.DEAD}
    assert set(COUNTED["failed"]) == set(queue.DEAD)


def test_partners_cannot_make_ever_new_series(played: PlayedSite) -> None:
    """The name of a set is theirs; each would be kept for ever."""
    metrics = Metrics(site_of(played), Pulse("w"))
    for number in range(10 * MOST_TYPES):
        metrics.observer("document.rejected", {"document": f"X{number}\n\x1b[31m" + "y" * 1000})
    found = {key: value for key, value in read(metrics).items() if key[0] == "gateway_documents_total"}
    assert len(found) == MOST_TYPES + 1
    assert found["gateway_documents_total", f"direction=in,result=rejected,type={OTHER}"] == 9 * MOST_TYPES
    assert max(len(labels) for _, labels in found) < 100
    assert "\x1b" not in "".join(labels for _, labels in found)


def test_the_figures_are_those_of_the_lists(played: PlayedSite) -> None:
    played.drop_master()
    blocked = played.folder / "outbox" / "acme"
    blocked.parent.mkdir(exist_ok=True)
    blocked.write_text("a file stands where the folder belongs")
    played.drop("acme", "a.edi", purchase_order(order("R-1"), order("R-2", DEAR)))
    played.drop("acme", "b.edi", "rubbish")
    played.gateway("run", "--once", "--now", FRIDAY)
    found = read(Metrics(site_of(played)))
    holds = played.json("holds", "list")
    assert found["gateway_documents_held", ""] == len(holds) == 2
    assert found["gateway_holds", "code=,kind=ORDER"] == 1
    assert found["gateway_holds", "code=F-BINARY,kind=FILE"] == 1
    assert found["gateway_outbox_pending", ""] == 2
    assert found["gateway_outbox_oldest_age_seconds", ""] > 0
    assert found["gateway_channel_up", "channel=outbox/acme"] == 0
    assert found["gateway_channel_up", "channel=outbox/warehouse"] == 1
    assert found["gateway_alerts_open", "code=C-PRICE,kind=hold,severity=warning"] == 1
    assert found["gateway_files_waiting", ""] == 0
    assert found["gateway_database_up", ""] == 1


def test_an_acknowledgment_that_is_overdue_is_counted_by_document(played: PlayedSite) -> None:
    agree(played)
    played.drop_master()
    played.drop("acme", "a.edi", purchase_order(order("R-1")))
    played.run()
    played.run("2026-11-21T02:00:00Z")
    overdue = json.loads(played.gateway("acks", "overdue", "--json").out)
    found = read(Metrics(site_of(played), clock=fixed_clock(datetime.fromisoformat("2026-11-21T02:00:00Z"))))
    counted = {labels: value for (name, labels), value in found.items() if name == "gateway_ack_overdue"}
    assert (counted, len(overdue)) == ({"type=855": 1}, 1)


def test_a_writer_does_not_hold_the_scrape_up_and_the_scrape_not_the_writer(tmp_path: Path) -> None:
    played = new_site(tmp_path / "site", on=SQLITE)
    played.run()
    metrics = Metrics(site_of(played))
    other = sqlite3.connect(played.folder / "var" / "gateway.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert read(metrics)["gateway_database_up", ""] == 1
    other.execute("COMMIT")
    other.close()


def test_without_a_database_the_last_figures_are_said_again_with_their_age(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(told, "KEPT", 0.0)
    played = new_site(tmp_path / "site", on=SQLITE)
    played.drop("acme", "b.edi", "rubbish")
    played.run()
    metrics = Metrics(site_of(played), Pulse("w"))
    assert read(metrics)["gateway_documents_held", ""] == 1
    database = played.folder / "var" / "gateway.db"
    database.rename(database.with_suffix(".away"))
    found = read(metrics)
    assert found["gateway_database_up", ""] == 0
    assert found["gateway_documents_held", ""] == 1
    assert found["gateway_scrape_errors_total", ""] == 1
    assert found["gateway_figures_age_seconds", ""] > 0
    database.with_suffix(".away").rename(database)
    assert read(metrics)["gateway_database_up", ""] == 1


def test_it_is_asked_once_for_many_scrapes(played: PlayedSite, monkeypatch: pytest.MonkeyPatch) -> None:
    played.run()
    asked: list[int] = []

    def counted(connection: Connection, now: datetime) -> figures.Figures:
        asked.append(1)
        return figures.figures(connection, now)

    monkeypatch.setattr(told, "figures", counted)
    metrics = Metrics(site_of(played))
    for _ in range(20):
        metrics.text()
    assert len(asked) == 1


def test_a_pipe_that_figures_are_written_to_stays_one(played: PlayedSite, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)

    answer = played.gateway("metrics", "--write", str(pipe))

    assert (answer.code, pipe.is_fifo()) == (0, True)
    assert os.read(reader, 1 << 16).startswith(b"# HELP gateway_")
    os.close(reader)


def test_a_site_that_runs_from_cron_writes_its_figures_in_one_step(played: PlayedSite, tmp_path: Path) -> None:
    played.run()
    target = tmp_path / "collected" / "gateway.prom"
    assert played.gateway("metrics", "--write", str(target)).code == 6
    target.parent.mkdir()
    assert played.gateway("metrics", "--write", str(target)).code == 0
    assert [each.name for each in target.parent.iterdir()] == ["gateway.prom"]
    assert target.stat().st_mode & 0o777 == 0o644
    assert values(read_text(target.read_text()))["gateway_database_up", ""] == 1
    shown = played.json("metrics")
    assert {"name": "gateway_database_up", "labels": {}, "value": 1.0} in shown


def test_the_figures_say_that_the_database_is_away_and_the_command_ends_with_7(
    tmp_path: Path,
) -> None:
    played = new_site(tmp_path / "site", on=SQLITE)
    (played.folder / "var" / "gateway.db").rename(tmp_path / "away.db")
    answer = played.gateway("metrics")
    assert answer.code == 7
    assert values(read_text(answer.out)).get(("gateway_database_up", "")) == 0
    assert "gateway health" in answer.err


@pytest.fixture
def scraped(tmp_path: Path) -> Iterator[tuple[PlayedSite, int]]:
    played = new_site(tmp_path / "site", on=SQLITE)
    played.drop_master()
    port = free_port()
    with running(played, "--health-port", str(port)):
        yield played, port


def scrape(port: int) -> Values:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=20) as answer:
            return values(read_text(answer.read().decode()))
    except OSError:
        return {}


def test_a_gateway_that_runs_counts_what_it_does(scraped: tuple[PlayedSite, int]) -> None:
    played, port = scraped
    played.drop("acme", "a.edi", purchase_order(order("R-1"), order("R-2", DEAR)))
    wait_for(lambda: len(played.outbox("acme")) >= 2)
    played.drop("acme", "again.edi", purchase_order(order("R-1"), order("R-2", DEAR)))
    played.drop("acme", "c.edi", purchase_order(order("R-3"), control=5).replace("BEG*", "BEX*"))
    kinds = {
        ("gateway_files_received_total", ""): 3.0,
        ("gateway_documents_total", "direction=in,result=mapped,type=order"): 2.0,
        ("gateway_documents_total", "direction=in,result=held,type=order"): 1.0,
        ("gateway_documents_total", "direction=in,result=rejected,type=850"): 1.0,
        ("gateway_documents_total", "direction=out,result=sent,type=855"): 1.0,
        ("gateway_duplicates_total", "kind=bytes"): 1.0,
        ("gateway_document_processing_seconds_count", ""): 2.0,
        ("gateway_workers", ""): 1.0,
    }
    wait_for(lambda: scrape(port).items() >= kinds.items())
    found = scrape(port)
    assert found["gateway_units_done_total", ""] >= 3
    assert found["gateway_loop_age_seconds", "loop=scan"] < 20
    assert found["process_cpu_seconds_total", ""] > 0


def test_without_a_port_nothing_is_counted(played: PlayedSite) -> None:
    with answering("", site_of(played), Pulse("w"), 60) as observer:
        observer("file.received", {})
