"""The SFTP server of our own where the database is away: told in a sentence, and it serves again by itself."""

from pathlib import Path

from structlog.testing import capture_logs

from gateway.app.build import load, workbench
from gateway.app.pulse import Pulse
from gateway.app.sftp_host import SftpHost
from gateway.kernel.clock import system_clock
from gateway.transports.server.login import hash_password
from tests.servers import own
from tests.torture.server import own_server


def test_a_database_that_is_away_is_no_defect_and_partners_are_served_when_it_is_back(tmp_path: Path) -> None:
    port = own.free_port()
    own.make_site(tmp_path / "site", {"listen": f"127.0.0.1:{port}"}, hash_password(own.PASSWORD))
    with own_server() as server:
        environ = {"GATEWAY_DATABASE__URL": server.url}
        bench = workbench(load(tmp_path / "site", environ), system_clock, environ)
        server.crash()
        host = SftpHost(bench, Pulse("test"), lambda: None)
        with capture_logs() as logged:
            host.start()
            try:
                own.wait_until(lambda: any(each["event"] == "sftp.failed" for each in logged), 30)
                server.start()
                own.wait_until(lambda: own.answers(port), 60)
            finally:
                host.stop()
                bench.store.engine.dispose()  # type: ignore[attr-defined]
    failed = [each for each in logged if each["event"] == "sftp.failed"]
    assert all("defect" not in each for each in failed)
    assert str(failed[0]["error"]).startswith("The SFTP server ended: The database postgres at ")
