"""The server as a process: it starts on every address, stops when told, and keeps what it acknowledged when it is killed."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress

import httpx
import pytest

from tests.cli.test_command_line import environment
from tests.office import CAST, PASSWORD, sqlite_copy
from tests.postgres import free_port

pytestmark = pytest.mark.slow


class Running:
    """One server process on a copy of the office."""

    def __init__(self, env):
        self.env = env
        self.base = f"http://127.0.0.1:{env['SOVIEC_PORT']}"
        self.process: subprocess.Popen[str] | None = None

    def start(self, wait=20.0):
        began = time.monotonic()
        self.process = process = subprocess.Popen(
            [sys.executable, "-m", "server", "run"], env=self.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        while time.monotonic() - began < wait and process.poll() is None:
            with suppress(httpx.TransportError):
                if httpx.get(f"{self.base}/healthz", timeout=2).status_code == 200:
                    return time.monotonic() - began
            time.sleep(0.03)
        process.kill()
        raise AssertionError(process.communicate()[1])

    def stop(self, number=signal.SIGTERM):
        assert self.process
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=15)
        return self.process.returncode, out, err


@pytest.fixture
def server(filled_sqlite, tmp_path):
    sqlite_copy(filled_sqlite, tmp_path)
    # Who works beside it has tests of its own (test_crew): here it is about what the server itself promises.
    running = Running(environment(tmp_path, SOVIEC_WORKERS="0"))
    yield running
    if running.process and running.process.poll() is None:
        running.process.kill()
        running.process.communicate()


def has_ipv6() -> bool:
    with suppress(OSError), socket.socket(socket.AF_INET6) as probe:
        probe.bind(("::1", 0))
        return True
    return False


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_starts_soon_on_both_kinds_of_address_and_stops_when_told(server, number):
    server.start()
    addresses = ["127.0.0.1", "[::1]"] if has_ipv6() else ["127.0.0.1"]
    for address in addresses:
        answer = httpx.get(f"http://{address}:{server.env['SOVIEC_PORT']}/sign-in")
        assert answer.status_code == 200
        assert "server" not in answer.headers
    returned, out, err = server.stop(number)
    assert returned == 0
    assert "Đã dừng" in out
    assert err == ""


def test_an_address_that_this_machine_does_not_have_is_passed_over(server):
    server.env["SOVIEC_HOST"] = "127.0.0.1,192.0.2.1,2001:db8::1"
    server.start()
    returned, _, err = server.stop()
    assert returned == 0
    assert "192.0.2.1" in err
    assert "2001:db8::1" in err


def test_a_port_that_is_taken_is_one_sentence(server):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        server.env["SOVIEC_PORT"] = str(other.getsockname()[1])
        done = subprocess.run([sys.executable, "-m", "server", "run"], env=server.env, capture_output=True, text=True, timeout=30)
    assert done.returncode == 1
    assert "SOVIEC_PORT" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def signed_in(base: str) -> httpx.Client:
    client = httpx.Client(base_url=base, timeout=20)
    answer = client.post("/api/v1/session", json={"username": "quantri", "password": PASSWORD})
    assert answer.status_code == 201, answer.text
    client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
    return client


def test_killed_at_any_moment_it_keeps_all_that_it_acknowledged(server):
    acknowledged: list[str] = []
    for turn in range(3):
        server.start()
        client = signed_in(server.base)
        began = time.monotonic()
        while time.monotonic() - began < 0.4:
            username = f"cntt.moi{turn}.{len(acknowledged)}"
            data = {"username": username, "name": f"Người {username}", "position": "officer", "unit": CAST.cntt, "rank": "50"}
            assert client.post("/people/new", data=data).status_code == 303
            acknowledged.append(username)
        os.kill(server.process.pid, signal.SIGKILL)
        server.process.communicate()
        client.close()
    assert len(acknowledged) > 10
    server.env["SOVIEC_PORT"] = str(free_port())
    server.base = f"http://127.0.0.1:{server.env['SOVIEC_PORT']}"
    server.start()
    page = signed_in(server.base).get("/people").text
    assert [name for name in acknowledged if f"Người {name}<" not in page] == []
    assert server.stop()[0] == 0
    done = subprocess.run([sys.executable, "-m", "server", "doctor"], env=server.env, capture_output=True, text=True, timeout=30)
    assert "Chuỗi nhật ký nguyên vẹn" in done.stdout
    assert "Tệp cơ sở dữ liệu nguyên vẹn" in done.stdout


def test_what_waits_is_answered_before_it_stops(server):
    server.start()
    client = signed_in(server.base)
    with socket.create_connection(("127.0.0.1", int(server.env["SOVIEC_PORT"]))) as slow:
        slow.sendall(
            b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 30\r\n\r\nusername=a"
        )
        time.sleep(0.2)
        server.process.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        slow.sendall(b"&password=0123456789")
        assert slow.recv(100).startswith(b"HTTP/1.1 401")
    client.close()
    server.process.communicate(timeout=15)
    assert server.process.returncode == 0


def test_it_makes_no_demo_office_that_nobody_asked_for(tmp_path):
    running = Running(environment(tmp_path))
    try:
        running.start()
        _, out, _ = running.stop()
    finally:
        if running.process and running.process.poll() is None:
            running.process.kill()
    assert "user add" in out
    assert not (tmp_path / "demo-password.txt").exists()
