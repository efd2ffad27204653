"""What the browser gets before any script runs: our first view, Chinese and named; Streamlit's files, small and lasting."""

from __future__ import annotations

import gzip
import http.client
import re
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from tests.browser.conftest import served

PARK = "scip-carbon-peak-2023"


@pytest.fixture(scope="module")
def address(knowledge_base: Path) -> Iterator[str]:
    with served(knowledge_base) as address:
        until = time.monotonic() + 60
        while b"class='pt-numbers'" not in ask(address, "/")[1] and time.monotonic() < until:
            time.sleep(0.2)  # it is reading the knowledge base
        yield address


def ask(address: str, path: str, **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=20)
    connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response, body


def test_the_overview_has_its_numbers(address: str, held_tasks: int) -> None:
    page = ask(address, "/")[1].decode()
    assert '<html lang="zh-CN">' in page and "<title>政策任务追溯</title>" in page
    assert "<h1>总览</h1>" in page and f"<span>任务</span><b>{held_tasks}</b>" in page and "href='search'" in page
    assert "You need to enable JavaScript" not in page and "Streamlit app" not in page


def test_a_task_has_its_text(address: str) -> None:
    page = ask(address, f"/trace?task={quote(f'{PARK}#七.2')}")[1].decode()
    assert "<h1>责任追溯</h1>" in page and "全面实施开展园区清洁生产水平整体评价" in page and "环保办" in page


@pytest.mark.parametrize("path", ["/trace?task=x%23%3Cscript%3Ealert(1)%3C/script%3E", "/trace?task=", "/search?q=%00"])
def test_what_is_asked_for_is_never_in_the_page(address: str, path: str) -> None:
    page = ask(address, path)[1].decode()
    assert "alert(1)" not in page and "<h1>" in page and "Traceback" not in page


def test_texts_are_not_told_under_a_foreign_name(address: str) -> None:
    """A page of another site that has its own name point to this machine reads nothing."""
    response, body = ask(address, "/", Host="evil.example")
    assert response.status == 403 and "pt-number" not in body.decode()
    assert ask(address, "/", Host=f"localhost:{urlsplit(address).port}")[0].status == 200


def test_files_come_compressed_and_are_kept(address: str) -> None:
    page = ask(address, "/")[1].decode()
    names = re.findall(r'"\./(static/[^"]+)"', page)
    assert any("/Html." in name for name in names) and len(names) == len(set(names)) > 50
    for name in names:
        response, body = ask(address, f"/{name}", Accept_Encoding="gzip")
        assert response.status == 200 and "immutable" in response.headers["Cache-Control"], name
        whole = ask(address, f"/{name}")[1]
        packed = response.headers.get("Content-Encoding") == "gzip"
        assert (gzip.decompress(body) if packed else body) == whole
        assert packed or name.endswith("woff2") or len(whole) <= 1_000


@pytest.mark.parametrize(
    "path", ["/static/../index.html", "/static/%2e%2e/%2e%2e/config.py", "/static/js", "/static/no.js"]
)
def test_only_the_files_of_the_browser_are_given(address: str, path: str) -> None:
    response, body = ask(address, path)
    assert b"import" not in body[:2_000] or response.status >= 400
    assert "immutable" not in response.headers.get("Cache-Control", "")
