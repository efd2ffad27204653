"""What Streamlit leaves open is closed: who may reach the app, show it inside another page, or speak for it."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.browser.conftest import served
from tests.browser.office import Office


def answer(address: str, path: str, **headers: str) -> http.client.HTTPResponse:
    """What the server says to a request."""
    where = urlsplit(address)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=10)
    connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    found = connection.getresponse()
    found.read()
    connection.close()
    return found


UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec_WebSocket_Version": "13",
    "Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


def test_only_this_machine_reaches_it(bundled: str) -> None:
    port = urlsplit(bundled).port
    others = {str(one[4][0]) for one in socket.getaddrinfo(socket.gethostname(), port, socket.AF_INET)}
    others = {one for one in others if not one.startswith("127.")}
    if not others:
        pytest.skip("this machine has no address but its own")
    for one in others:
        with pytest.raises(OSError), socket.create_connection((one, port), timeout=3):
            pass


@pytest.mark.parametrize("path", ["/", "/trace", "/_stcore/health"])
def test_every_answer_tells_the_browser_what_is_allowed(bundled: str, path: str) -> None:
    headers = answer(bundled, path).headers
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"] and headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_another_site_cannot_speak_for_the_user(bundled: str) -> None:
    own = urlsplit(bundled).netloc
    assert answer(bundled, "/_stcore/stream", Origin="http://evil.example", **UPGRADE).status == 403
    assert (
        answer(bundled, "/_stcore/stream", Origin="http://evil.example", Host="evil.example", **UPGRADE).status == 403
    )
    assert answer(bundled, "/_stcore/stream", Origin=f"http://{own}", **UPGRADE).status == 101


def test_behind_a_proxy_it_answers_to_the_name_that_colleagues_use(knowledge_base: Path, chromium: Any) -> None:
    """Whether the proxy hands on the name (``Host``) or gives its own address for it."""
    name = "zhengce.example"
    with served(knowledge_base, "--host", name) as address:
        own = urlsplit(address).netloc
        assert answer(address, "/", Host=name).status == 200
        assert answer(address, "/_stcore/stream", Origin=f"https://{name}", Host=name, **UPGRADE).status == 101
        assert answer(address, "/_stcore/stream", Origin=f"https://{name}", Host=own, **UPGRADE).status == 101
        assert answer(address, "/_stcore/stream", Origin="https://evil.example", Host=name, **UPGRADE).status == 403
        assert answer(address, "/", Host="evil.example").status == 403
        assert answer(address, "/").status == 200


def test_nothing_is_asked_of_another_machine(bundled: str, office: Callable[[str], Office]) -> None:
    window = office(bundled)
    for name in ("", "search", "trace", "gaps", "matrix", "targets", "documents", "quality", "review"):
        window.go(name).check()
    assert len(window.asked) > 20
