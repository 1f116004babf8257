"""`lurus serve`, the real thing: what it says at its start, and what it begins anew."""

import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from servers import Server

from portal import forwarding
from portal.settings_file import SETTINGS_FILE

pytestmark = pytest.mark.slow

PUBLIC = "portal.example"


def test_a_start_says_where_it_is_served_and_under_which_names(tmp_path: Path) -> None:
    with Server(tmp_path) as server:
        log = server.log.read_text("utf-8")

    assert f"Serving on {server.address}\n" in log
    assert "Hosts that are answered: 127.0.0.1, localhost\n" in log
    assert "which is another port" not in log


def test_another_port_than_that_of_the_settings_is_told_and_leads_nobody_astray(
    tmp_path: Path,
) -> None:
    server = Server(tmp_path)
    path = server.instance / SETTINGS_FILE
    older = path.read_text("utf-8").replace(server.address, "http://127.0.0.1:1")
    path.write_text(older, "utf-8")

    with server:
        log = server.log.read_text("utf-8")
        page = server.test_client().get("/")

    assert "Links lead to http://127.0.0.1:1, which is another port" in log
    assert f"\n{server.address}/office/invite/" in log
    assert page.status_code == 200


def test_a_start_forgets_what_a_proxy_sent_and_notes_it_again(tmp_path: Path) -> None:
    server = Server(tmp_path, other_addresses=(f"https://{PUBLIC}",))
    (server.instance / forwarding.FORWARDED_FILE).write_text("Via\n")
    told = {"Host": PUBLIC, "X-Forwarded-For": "203.0.113.9", "User-Agent": "Firefox"}

    with server:
        at_first = forwarding.noted(server.instance)
        page = server.test_client().get("/", headers=told)

    assert at_first == ()
    assert page.status_code == 200
    assert forwarding.noted(server.instance) == ("X-Forwarded-For",)
    assert b"203.0.113.9" not in b"".join(
        file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()
    )


def test_who_stalls_in_the_middle_of_a_form_keeps_nobody_from_any_page(
    tmp_path: Path,
) -> None:
    with Server(tmp_path, slow_after_seconds=1) as server:
        stalled = [stall(server) for _ in range(8)]
        time.sleep(3)
        pages = [server.test_client().get("/report") for _ in range(8)]
        for one in stalled:
            one.close()

    assert [page.status_code for page in pages] == [200] * 8


def test_workers_hold_in_common_what_is_the_same_in_both(tmp_path: Path) -> None:
    with Server(tmp_path) as server:
        assert server.test_client().get("/report").status_code == 200
        common = [in_common_mib(pid) for pid in server.workers()]

    assert min(common) > 30


def test_a_server_carries_nothing_for_what_is_rare() -> None:
    # Papers, migrations, and the words that a new passphrase is compared with.
    rare = {"alembic", "fpdf", "zxcvbn"}
    program = f"import sys, portal; sys.exit(bool({rare} & set(sys.modules)))"

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def in_common_mib(pid: int) -> float:
    """Return how much of what a process has written is another's, too."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    sizes = {line.split()[0]: int(line.split()[1]) for line in lines[1:]}
    return sizes["Shared_Dirty:"] / 1024


def stall(server: Server) -> socket.socket:
    """Send the beginning of a form, and then nothing."""
    host, _, port = server.host.partition(":")
    connection = socket.create_connection((host, int(port)))
    connection.sendall(
        f"POST /report HTTP/1.1\r\nHost: {server.host}\r\nContent-Length: 9000\r\n"
        "Content-Type: multipart/form-data; boundary=sep\r\n\r\n--sep\r\n".encode()
    )
    return connection
