"""The address of a browser comes from outside: only known push services are believed. And the keys of an installation."""

import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from server.notify.webpush.endpoint import allowed
from server.notify.webpush.keys import FILE, kept, public_key
from server.settings import Settings

KNOWN = Settings().push_hosts

GOOD = [
    "https://fcm.googleapis.com/fcm/send/abc:APA91b",
    "https://updates.push.services.mozilla.com/wpush/v2/gAAA",
    "https://wns2-sg2p.notify.windows.com/w/?token=BQY%3d",
    "https://web.push.apple.com/QGuQyavXutnMH",
    "https://WEB.push.apple.com:443/Q",
]
BAD = {
    "another host": "https://push.example.com/x",
    "a host that ends alike": "https://evilfcm.googleapis.com/x",
    "a host below another": "https://fcm.googleapis.com.evil.example/x",
    "a name before it": "https://fcm.googleapis.com@evil.example/x",
    "a password": "https://a:password@fcm.googleapis.com/x",
    "a number": "https://127.0.0.1/x",
    "a private number": "https://10.0.0.1/x",
    "a private number of IPv6": "https://[fd00::1]/x",
    "this machine": "http://localhost:8000/x",
    "loopback, plain": "http://127.0.0.1:6379/x",
    "plain": "http://fcm.googleapis.com/x",
    "another port": "https://fcm.googleapis.com:6379/x",
    "no port": "https://fcm.googleapis.com:x/",
    "a file": "file:///etc/passwd",
    "a line break": "https://fcm.googleapis.com/x\r\nHost: evil.example",
    "a backslash": "https://evil.example\\@fcm.googleapis.com/x",
    "a fragment": "https://fcm.googleapis.com/x#y",
    "a letter that looks alike": "https://fcm.googleapis。com/x",
    "nothing": "",
    "too much": "https://fcm.googleapis.com/" + "x" * 3000,
}


@pytest.mark.parametrize("address", GOOD)
def test_a_known_push_service_may_be_sent_to(address):
    assert allowed(address, KNOWN)


@pytest.mark.parametrize("address", BAD.values(), ids=BAD)
def test_nothing_else_may(address):
    assert not allowed(address, KNOWN)


def test_an_office_may_name_others_and_loopback_only_with_its_port():
    assert allowed("https://push.tinh.gov.vn:8443/x", "push.tinh.gov.vn:8443")
    assert not allowed("https://push.tinh.gov.vn/x", "push.tinh.gov.vn:8443")
    assert allowed("http://127.0.0.1:4711/x", "127.0.0.1:4711")
    assert not allowed("http://127.0.0.1:4712/x", "127.0.0.1:4711")
    assert not allowed("http://push.tinh.gov.vn:8443/x", "push.tinh.gov.vn:8443")
    assert not allowed("https://9.127.0.0.1/x", "127.0.0.1")
    assert not allowed("https://fcm.googleapis.com/x", "")


def test_the_key_is_made_once_however_many_come_at_once_and_read_by_nobody_else(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: public_key(kept(tmp_path)), range(32)))
    assert len(found) == 1
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [FILE]
    assert len(found.pop()) == 87


def test_another_process_has_the_same_key(tmp_path):
    asked = (
        "import sys, pathlib; from server.notify.webpush.keys import kept, public_key; print(public_key(kept(pathlib.Path(sys.argv[1]))))"
    )
    said = subprocess.run([sys.executable, "-c", asked, str(tmp_path)], capture_output=True, text=True, check=True).stdout.strip()
    assert said == public_key(kept(tmp_path))
