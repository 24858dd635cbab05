"""What the long contests run does its whole work: every order gets its invoice, also among others, and a big file its answers."""

import sqlite3
from pathlib import Path

import psycopg
import pytest

from bench import orders, server
from bench.ours import chain_site, run_file, small_files, whole_chain
from gateway.store import orders as store_orders
from gateway.store import session


@pytest.fixture
def files(tmp_path: Path) -> Path:
    return orders.chain_files(tmp_path / "orders", orders=3, share=2, lines=2).path


def test_every_order_of_the_chain_leaves_with_its_invoice(files: Path) -> None:
    assert whole_chain.main([str(files)])


@pytest.mark.parametrize("rows", range(3))
def test_every_order_leaves_with_its_invoice_however_early_rows_are_written(
    files: Path, rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "MOST_ROWS", rows)
    monkeypatch.setattr(store_orders, "MOST_HELD", 0)
    monkeypatch.setattr(store_orders, "KEPT", 1)

    assert whole_chain.main([str(files)])


def test_among_finished_orders_the_chain_works_again_and_again(files: Path, tmp_path: Path) -> None:
    site = ["--site", str(tmp_path / "grown"), "--filled", "50"]

    assert whole_chain.main([str(files), *site])
    assert whole_chain.main([str(files), *site])

    with sqlite3.connect(tmp_path / "grown" / "var" / "gateway.db") as connection:
        (count,) = connection.execute("SELECT COUNT(*) FROM orders").fetchone()
    connection.close()
    assert count == 50 + 3 * 3  # the copies, those of the first that was copied, and two runs


def test_a_file_for_each_order_gets_an_answer_for_each(tmp_path: Path) -> None:
    assert small_files.main(orders.chain_files(tmp_path / "orders", orders=2, share=1, lines=2).path)


def test_a_file_of_a_retailer_whose_items_are_unknown_is_answered_whole(tmp_path: Path) -> None:
    assert run_file.main(orders.write(tmp_path / "orders.edi", orders=5, lines=3).path)


def test_another_run_of_the_same_files_brings_other_orders(files: Path, tmp_path: Path) -> None:
    site = chain_site.make(tmp_path / "site")
    numbers = []
    for run in (1, 2):
        assert chain_site.drop_orders(site, files, run) == 3
        dropped = [each.read_bytes() for each in (site / "inbox" / "acme").glob(f"{run}-*")]
        numbers.append(
            {content[90:99] for content in dropped} | {content.split(b"BEG*00*SA*")[1][:11] for content in dropped}
        )

    assert not numbers[0] & numbers[1]


def test_a_server_ends_although_somebody_is_still_connected() -> None:
    with server.running() as database:
        connection = psycopg.connect(database.url)
        assert connection.execute("SHOW fsync").fetchone() == ("on",)
        assert database.cpu() > 0
        folder = Path(database.url.partition("host=")[2])
    connection.close()

    assert not folder.exists()
