"""Fetching from official websites: what is accepted, and every way in which a site or the network goes wrong."""

from __future__ import annotations

import ast
import gzip
import json
import socket
import tracemalloc
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cli import main
from commands import fetching as command
from corpus.catalogue import Known, load
from corpus.fetching import MB, Terms, fetch
from corpus.official import allowed, ending, hosts, objection, public
from index.build import BuildInput, build
from index.knowledge_base import KnowledgeBase
from index.reading.official_texts import FetchReport, fetch_texts
from schemas import PolicyError
from tests import official_site as site_of
from tests.official_site import OUTLINE, Site, full_text, page, serving

ROOT = Path(__file__).parent.parent
SLUG = OUTLINE.slug
KNOWN = next(one for one in load().known if one.slug == SLUG)
URL = str(KNOWN.source_url)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with serving(tmp_path) as running:
        yield running


def terms(site: Site, **more: Any) -> Terms:
    given = {"most": 5 * MB, "quiet": 2.0, "total": 10.0, "wait": lambda _: None, "proxies": {}, **more}
    return Terms(hosts(load().known), resolve=site.resolve, public=lambda _: True, context=site.context, **given)


def refused(site: Site, folder: Path, url: str = URL, **more: Any) -> PolicyError:
    with pytest.raises(PolicyError) as told:
        fetch(url, folder / "x", terms(site, **more))
    assert told.value.problem and not (folder / "x.html").exists()
    return told.value


def got(kb: Path, site: Site, **more: Any) -> FetchReport:
    return fetch_texts(kb, [SLUG], terms=terms(site, **more), pause=0)


def test_the_full_text_takes_the_place_of_the_outline(site: Site, tmp_path: Path) -> None:
    kb = tmp_path / "kb"
    build(kb, [BuildInput(ROOT / "corpus" / "national" / f"{SLUG}.yaml")])
    report = got(kb, site)
    assert [(row.slug, row.state, row.problem) for row in report.rows] == [(SLUG, "取得", "")]
    assert report.build and [row.note for row in report.build.rows] == ["全文取代了提纲"]
    with KnowledgeBase.open(kb) as opened:
        (policy,) = opened.policies()
    assert (policy.slug, policy.text, policy.doc_number, policy.source_url) == (SLUG, "full", KNOWN.doc_number, URL)
    assert {task.title for task in OUTLINE.tasks} <= {task.title for task in policy.tasks}
    assert not list((kb / "fetched").iterdir())
    assert "policytrace" in site.requests[0]["User-Agent"] and len(site.requests) == 1
    again = got(kb, site)
    assert [row.state for row in again.rows] == ["已有"] and len(site.requests) == 1


@pytest.mark.parametrize(
    ("paragraphs", "said"),
    [
        (full_text(title="2060年前碳中和行动方案"), "不是《2030年前碳达峰行动方案》"),
        (full_text(number="国发〔2022〕99号"), "应为 国发〔2021〕23号"),
        (full_text()[:25], "网页不完整"),
        (["2030年前碳达峰行动方案", "国发〔2021〕23号", "新闻办就方案答记者问，介绍了起草的过程和意义。"], "没有正文"),
    ],
    ids=["another document", "another number", "half of it", "news about it"],
)
def test_what_is_not_the_document_is_not_accepted(site: Site, tmp_path: Path, paragraphs: list[str], said: str) -> None:
    site.answer = site_of.whole(page(paragraphs))
    report = got(tmp_path / "kb", site)
    assert said in report.rows[0].problem and "policytrace add" in report.rows[0].hint
    assert report.build is None and not (tmp_path / "kb" / "records.sqlite").exists()
    assert not list((tmp_path / "kb" / "fetched").iterdir())


def test_what_is_cut_off_is_resumed(site: Site, tmp_path: Path) -> None:
    data = page()
    site.answer = site_of.cut_off(data, len(data) // 2 + 1)
    found = fetch(URL, tmp_path / "x", terms(site))
    assert found.path.read_bytes() == data and found.size == len(data)
    assert [request.get("Range") for request in site.requests] == [None, f"bytes={len(data) // 2 + 1}-"]
    assert site.requests[1]["If-Range"] == '"v1"'


def test_what_is_cut_off_again_and_again_goes_on_the_next_time(site: Site, tmp_path: Path) -> None:
    data = page()
    site.answer = site_of.cut_off(data, len(data) // 5)
    assert "没有传完" in refused(site, tmp_path).problem
    assert (tmp_path / "x.part").stat().st_size == 3 * (len(data) // 5)
    site.answer = site_of.whole(data)
    assert fetch(URL, tmp_path / "x", terms(site)).path.read_bytes() == data
    assert site.requests[-1]["Range"].startswith("bytes=") and len(site.requests) == 4
    assert sorted(path.name for path in tmp_path.glob("x*")) == ["x.html"]


def test_another_version_is_fetched_from_its_beginning(site: Site, tmp_path: Path) -> None:
    site.answer = site_of.cut_off(b"<p>" * 1000, 500)
    refused(site, tmp_path, tries=1)
    site.answer = lambda handler: (
        site_of.head(handler, Content_Length=len(page()), ETag='"v2"'),
        handler.wfile.write(page()),
    )[0]
    assert fetch(URL, tmp_path / "x", terms(site)).path.read_bytes() == page()


@pytest.mark.parametrize(
    ("to", "said"),
    [
        ("https://evil.example/a.htm", "不是目录中的官方网站"),
        ("http://www.gov.cn/zhengce/a.htm", "不是加密的网址"),
        ("https://www.gov.cn:8443/a.htm", "不是目录中的官方网站"),
        ("https://www.gov.cn@evil.example/", "不是目录中的官方网站"),
        ("https://www.gov.cn.evil.example/", "不是目录中的官方网站"),
        ("file:///etc/passwd", "不是加密的网址"),
        ("https://[::1", "写得不对"),
        (URL, "转来转去"),
    ],
)
def test_redirects_are_checked_hop_by_hop(site: Site, tmp_path: Path, to: str, said: str) -> None:
    site.answer = site_of.moved(to)
    assert said in refused(site, tmp_path).problem
    assert len(site.requests) == (6 if to == URL else 1)


def test_a_redirect_within_the_site_is_followed(site: Site, tmp_path: Path) -> None:
    def answer(handler: Any) -> None:
        (site_of.moved("/new/place.htm") if "new" not in handler.path else site_of.whole(page()))(handler)

    site.answer = answer
    found = fetch(URL, tmp_path / "x", terms(site))
    assert found.url == "https://www.gov.cn/new/place.htm" and found.path.read_bytes() == page()


@pytest.mark.parametrize(
    ("answer", "said", "requests"),
    [
        (site_of.status(404), "已没有这个网页（404）", 1),
        (site_of.status(403), "不让程序访问（403）", 1),
        (site_of.status(503), "暂时不能用（503）", 3),
        (site_of.whole(b""), "空的", 1),
        (site_of.whole(b"x", Content_Length=10**10), "超过上限 5 MB", 1),
        (site_of.endless, "超过上限 5 MB", 1),
        (site_of.bomb, "超过上限 5 MB", 1),
        (site_of.whole(gzip.compress(page())[:-20], Content_Encoding="gzip"), "不完整", 3),
        (lambda handler: handler.wfile.write(b"no HTTP at all\r\n\r\n"), "连接中断", 3),
    ],
)
def test_faults_of_the_site_are_told(site: Site, tmp_path: Path, answer: Any, said: str, requests: int) -> None:
    site.answer = answer
    site_of.packed_zeros()
    tracemalloc.start()
    error = refused(site, tmp_path)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert said in error.problem and len(site.requests) == requests
    assert most < 40 * MB


def test_a_page_that_is_packed_is_unpacked(site: Site, tmp_path: Path) -> None:
    site.answer = site_of.whole(gzip.compress(page()), Content_Encoding="gzip")
    assert fetch(URL, tmp_path / "x", terms(site)).path.read_bytes() == page()


def test_a_busy_site_is_asked_again_when_it_says(site: Site, tmp_path: Path) -> None:
    waits: list[float] = []

    def answer(handler: Any) -> None:
        busy = len(site.requests) < 3
        (site_of.status(503, Retry_After=(7, 100_000)[len(site.requests) - 1]) if busy else site_of.whole(page()))(
            handler
        )

    site.answer = answer
    assert fetch(URL, tmp_path / "x", terms(site, wait=waits.append)).size
    assert waits == [7.0, 60.0]


def test_a_slow_site_does_not_hold_us(site: Site, tmp_path: Path) -> None:
    site.answer = site_of.slow
    assert "1 秒没有传完" in refused(site, tmp_path, total=1.0).problem
    site.answer = lambda handler: __import__("time").sleep(1.5)
    assert "没有回应" in refused(site, tmp_path, quiet=0.3, tries=1).problem


@pytest.mark.parametrize("says", ["gbk", "utf-8"])
def test_a_charset_that_is_said_wrongly(site: Site, tmp_path: Path, says: str) -> None:
    data = page().decode("utf-8").encode("gb18030" if says == "utf-8" else "utf-8")
    site.answer = site_of.whole(data, Content_Type=f"text/html; charset={says}")
    assert [row.problem for row in got(tmp_path / "kb", site).rows] == [""]


def test_the_network_and_the_certificate(site: Site, tmp_path: Path) -> None:
    def nowhere(host: str) -> Any:
        raise socket.gaierror(-2, "Name or service not known")

    def fails(**more: Any) -> PolicyError:
        with pytest.raises(PolicyError) as told:
            fetch(URL, tmp_path / "x", replace(terms(site, tries=1), **more))
        return told.value

    offline = fails(resolve=nowhere)
    assert "不能联网" in offline.problem and "policytrace add" in offline.hint and URL in offline.hint
    assert "证书不可信" in fails(context=__import__("ssl").create_default_context()).problem
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        assert "连不上" in fails(resolve=lambda _: [unused.getsockname()]).problem
    for address in ("127.0.0.1", "10.1.2.3", "192.168.1.1", "169.254.169.254", "::1", "fd00::1", "::ffff:10.0.0.1"):
        private = fails(resolve=lambda _, to=address: [(to, site.port)], public=public)
        assert "内部网络" in private.problem and address in private.problem
    assert site.requests == []


def test_through_a_proxy(site: Site, tmp_path: Path) -> None:
    import threading

    asked: list[bytes] = []

    def relay(one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):  # whoever is done first hangs up
            while data := one.recv(65536):
                other.sendall(data)

    def proxy() -> None:
        with listener.accept()[0] as client, socket.create_connection(("127.0.0.1", site.port)) as server:
            asked.append(client.recv(4096))
            client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            threading.Thread(target=relay, args=(client, server), daemon=True).start()
            relay(server, client)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=proxy, daemon=True).start()
        address = f"http://user:secret@127.0.0.1:{listener.getsockname()[1]}"
        found = fetch(URL, tmp_path / "x", terms(site, proxies={"https": address}))
    assert found.path.read_bytes() == page()
    assert asked[0].startswith(b"CONNECT www.gov.cn:443") and b"Basic dXNlcjpzZWNyZXQ=" in asked[0]


def test_only_what_the_catalogue_names_is_contacted() -> None:
    assert hosts(load().known) == {"www.gov.cn", "www.shanghai.gov.cn"}
    assert hosts([Known("a", "题", "national")]) == frozenset()
    assert allowed("https://WWW.gov.cn/a?b=1", frozenset(["www.gov.cn"])).path == "/a"
    assert public("114.114.114.114") and not public("fe80::1%eth0") and not public("x") and not public("224.0.0.1")
    assert ending("application/pdf", "/a") == ".pdf" and ending("text/html", "/a.pdf") == ".html"
    assert ending("application/octet-stream", "/a.docx") == ".docx"


def test_a_document_without_a_printed_number_is_known_by_its_date() -> None:
    said = {"title": KNOWN.title, "doc_number": None, "logical_text": "", "tasks": OUTLINE.tasks, "text": "full"}
    assert objection(OUTLINE.model_copy(update={**said, "date": KNOWN.date}), KNOWN, None) is None
    told = objection(OUTLINE.model_copy(update={**said, "date": "2021-01-01"}), KNOWN, None)
    assert told and "2021-01-01" in told and str(KNOWN.doc_number) in told


def test_the_command_tells_in_words(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import index.reading.official_texts as texts

    own = fetch_texts
    monkeypatch.setattr(texts, "fetch_texts", lambda kb, slugs, progress: own(kb, slugs, terms=terms(site), pause=0))
    kb = ["--kb", str(tmp_path / "kb")]
    assert main(["fetch", SLUG, *kb]) == 0
    printed = capsys.readouterr()
    assert "只访问 www.gov.cn" in printed.err and "取得　2030年前碳达峰行动方案" in printed.out
    site.answer = site_of.status(404)
    assert main(["fetch", *kb, "--json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert [row["state"] for row in report["rows"]] == ["未取得", "已有", "未取得"]
    assert main(["fetch", "cn-carbon-opinions-2021", *kb]) == 2
    assert "已没有这个网页" in capsys.readouterr().out
    assert main(["fetch", "nothing", *kb]) == 2 and "nothing" in capsys.readouterr().err
    assert main(["fetch", "gb-3095-2012", *kb]) == 2 and "没有《环境空气质量标准》的官方网址" in capsys.readouterr().err
    assert command.COMMANDS["fetch"].run is command.do_fetch


def test_nothing_else_touches_the_network() -> None:
    network = {"socket", "ssl", "http", "urllib.request", "requests", "httpx", "urllib3", "ftplib", "smtplib"}
    found = set()
    for package in ("schemas", "corpus", "extract", "index", "commands", "pages"):
        for file in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                if any(name in network or name.split(".")[0] in network for name in names):
                    found.add(file.relative_to(ROOT).as_posix())
    assert found == {"corpus/fetching.py", "commands/serving.py"}  # the latter asks whether its own port is free
