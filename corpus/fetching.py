"""One file from an official website: the only place in the program that touches the network.

https only, to the hosts that are allowed, each redirect checked anew; the address that a name stands for is checked and
that very address is connected to; size and time are limited; what was cut off is resumed. The standard library does it:
a client library would have to be opened up for each of these checks.
"""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import threading
import time
import urllib.request
import zlib
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

from corpus.official import BY_HAND, allowed, ending, public
from schemas import PolicyError

MB = 1024 * 1024
AGENT = "policytrace/0.1 (reads official policy documents when a person asks for one; one page at a time)"
_MOVED = frozenset((301, 302, 303, 307, 308))
_LATER = frozenset((429, 500, 502, 503, 504))

Resolve = Callable[[str], list[tuple[str, int]]]


def resolve(host: str) -> list[tuple[str, int]]:
    """The addresses of a host, with the port. Raises ``OSError``."""
    found = socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    return list(dict.fromkeys((str(address[0]), int(address[1])) for *_, address in found))


@dataclass(frozen=True)
class Terms:
    """Within what a file is fetched: sizes in bytes, times in seconds. ``resolve``, ``public``, ``context`` and
    ``wait`` are the outside world; tests give their own.
    """

    hosts: frozenset[str]
    most: int = 50 * MB
    quiet: float = 20.0
    total: float = 300.0
    redirects: int = 5
    tries: int = 3
    longest_wait: float = 60.0
    resolve: Resolve = resolve
    public: Callable[[str], bool] = public
    context: ssl.SSLContext | None = None
    wait: Callable[[float], None] = time.sleep
    proxies: Mapping[str, str] | None = field(default=None)


class Fetched(NamedTuple):
    """A file that came, whole."""

    path: Path
    url: str
    size: int


Progress = Callable[[int, int | None], None]
"""Called with the bytes that have come, and how many there are, if that is known."""


class _Again(Exception):
    """It may work if it is tried again, after so many seconds."""

    def __init__(self, problem: str, after: float | None = None) -> None:
        super().__init__(problem)
        self.after = after


def fetch(url: str, stem: Path, terms: Terms, progress: Progress = lambda *_: None) -> Fetched:
    """Fetches `url` into a file named `stem` with the ending that fits; it is there whole or not at all.

    What has come of a file that was cut off stays beside it, and the next call goes on from there.

    Raises:
        PolicyError: not allowed, not reachable, refused, too large, too slow, or cut off again and again.
    """
    problem = ""
    for attempt in range(terms.tries):
        try:
            return _visit(url, stem, terms, progress)
        except _Again as error:
            problem = str(error)
            if attempt + 1 < terms.tries:
                terms.wait(min(error.after if error.after is not None else 2.0**attempt, terms.longest_wait))
    raise PolicyError(problem, f"请过一会儿再试。{BY_HAND.format(url=url)}")


def _visit(url: str, stem: Path, terms: Terms, progress: Progress) -> Fetched:
    """One attempt, over all redirects."""
    part = _Part(stem.with_name(stem.name + ".part"))
    at = url
    for _ in range(terms.redirects + 1):
        parts = allowed(at, terms.hosts)
        with _answer(parts, at, part, terms) as answer:
            if answer.status in _MOVED:
                at = _next(at, answer.headers.get("Location", ""))
                continue
            _check_status(answer, at)
            _receive(answer, at, part, terms, progress)
        target = stem.with_name(stem.name + ending(answer.headers.get("Content-Type", ""), parts.path))
        size = part.finish(target, answer.headers.get("Content-Encoding", ""), terms.most)
        return Fetched(target, at, size)
    raise PolicyError(f"网站转来转去，超过 {terms.redirects} 次：{url}", BY_HAND.format(url=url))


def _next(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError:  # no address at all: `allowed` says so
        return location


class _Part:
    """What has come of a file, and by what the rest can be asked for: the server's own mark of that version."""

    def __init__(self, path: Path) -> None:
        self.path, self.note = path, path.with_name(path.name + ".json")
        self.url, self.mark = "", ""
        with suppress(OSError, ValueError, KeyError, TypeError):
            said = json.loads(self.note.read_text("utf-8"))
            self.url, self.mark = str(said["url"]), str(said["mark"])

    @property
    def size(self) -> int:
        return self.path.stat().st_size if self.path.exists() else 0

    def asked(self, url: str) -> dict[str, str]:
        """The headers that ask for the rest only."""
        if not (self.mark and self.url == url and self.size):
            return {}
        return {"Range": f"bytes={self.size}-", "If-Range": self.mark}

    def begin(self, url: str, answer: http.client.HTTPResponse) -> None:
        """Before a whole file: what came before is of another version, or nothing."""
        mark = answer.headers.get("ETag", "")
        self.url, self.mark = url, "" if mark.startswith("W/") else mark or answer.headers.get("Last-Modified", "")
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_bytes(b"")
        self.note.write_text(json.dumps({"url": self.url, "mark": self.mark}), "utf-8")

    def forget(self) -> None:
        for path in (self.path, self.note):
            path.unlink(missing_ok=True)

    def finish(self, target: Path, coding: str, most: int) -> int:
        """The whole file in its place, unpacked; its size. Raises ``PolicyError`` if unpacked it is too large."""
        if coding.lower() in ("gzip", "x-gzip", "deflate"):
            try:
                data = _unpacked(self.path.read_bytes(), most)
            except PolicyError:
                self.forget()
                raise
            self.path.write_bytes(data)
        self.path.replace(target)
        self.note.unlink(missing_ok=True)
        return target.stat().st_size


def _unpacked(data: bytes, most: int) -> bytes:
    stream = zlib.decompressobj(47)  # gzip or zlib, by its head
    try:
        found = stream.decompress(data, most + 1)
    except zlib.error as error:
        raise _Again(f"网站发来的压缩内容已损坏（{error}）") from error
    if len(found) > most:
        raise _too_large(most)
    if not stream.eof:
        raise _Again("网站发来的压缩内容不完整")
    return found


@contextmanager
def _answer(parts: SplitResult, url: str, part: _Part, terms: Terms) -> Iterator[http.client.HTTPResponse]:
    """The answer to one request; the connection ends when the time is over, wherever it is."""
    connection = _connection(parts.hostname or "", url, terms)
    late = threading.Event()
    answer: http.client.HTTPResponse | None = None

    def end() -> None:
        late.set()
        with suppress(OSError, AttributeError):
            line.shutdown(socket.SHUT_RDWR)

    clock = threading.Timer(terms.total, end)
    clock.daemon = True
    headers = {"User-Agent": AGENT, "Accept-Encoding": "identity", "Accept": "*/*", **part.asked(url)}
    try:
        connection.connect()
        line = connection.sock
        clock.start()
        connection.request("GET", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""), headers=headers)
        answer = connection.getresponse()
        yield answer
        if late.is_set():  # where no length was said, the end of time looks like the end of the page
            raise TimeoutError
    except (OSError, http.client.HTTPException, ValueError, _Again) as error:
        if late.is_set():
            hint = f"请过一会儿再试，会接着传。{BY_HAND.format(url=url)}"
            raise PolicyError(f"网站太慢，{terms.total:.0f} 秒没有传完：{url}", hint) from error
        if isinstance(error, _Again):
            raise
        raise _trouble(error, parts.hostname or "", url) from error
    finally:
        clock.cancel()
        if answer:
            answer.close()
        connection.close()


def _trouble(error: Exception, host: str, url: str) -> Exception:
    """A fault of the connection in words, or a sign to try again."""
    by_hand = BY_HAND.format(url=url)
    if isinstance(error, socket.gaierror):
        return PolicyError(f"不能联网：找不到 {host}", f"请检查网络，或代理设置（HTTPS_PROXY）。{by_hand}")
    if isinstance(error, ssl.SSLCertVerificationError):
        hint = f"可能是网络设备改写了连接，请问信息部门。{by_hand}"
        return PolicyError(f"{host} 的证书不可信（{error.verify_message}）", hint)
    if isinstance(error, TimeoutError):
        return _Again(f"{host} 没有回应")
    if isinstance(error, ConnectionRefusedError):
        return _Again(f"连不上 {host}")
    return _Again(f"与 {host} 的连接中断（{type(error).__name__}）")


def _connection(host: str, url: str, terms: Terms) -> http.client.HTTPSConnection:
    context = terms.context or _trusting()
    proxies = urllib.request.getproxies() if terms.proxies is None else terms.proxies
    proxy = proxies.get("https") or proxies.get("all")
    if proxy and not urllib.request.proxy_bypass(host):
        return _through(proxy, host, context, terms)
    try:
        addresses = terms.resolve(host)
    except OSError as error:
        raise _trouble(error, host, url) from error
    good = [address for address in addresses if terms.public(address[0])]
    if len(good) < len(addresses) or not good:
        found = "、".join(address for address, _ in addresses)
        raise PolicyError(f"{host} 指向内部网络的地址（{found}），没有访问", "请检查域名解析和代理设置，或问信息部门。")
    return _Pinned(host, good[0], context, terms.quiet)


class _Pinned(http.client.HTTPSConnection):
    """A connection to the address that was checked, not to what the name may stand for a moment later."""

    def __init__(self, host: str, address: tuple[str, int], context: ssl.SSLContext, timeout: float) -> None:
        super().__init__(host, 443, timeout=timeout, context=context)
        self.address, self.trust = address, context

    def connect(self) -> None:
        """Connects, and lets TLS check the name."""
        plain = socket.create_connection(self.address, self.timeout)
        try:
            self.sock = self.trust.wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            plain.close()
            raise


def _through(proxy: str, host: str, context: ssl.SSLContext, terms: Terms) -> http.client.HTTPSConnection:
    """Through the proxy that the environment names, which looks the name up; TLS still goes to the host itself."""
    parts = urlsplit(proxy if "//" in proxy else f"//{proxy}")
    if parts.scheme not in ("", "http") or not parts.hostname:
        raise PolicyError(f"不支持这样的代理：{parts.scheme}", "请把 HTTPS_PROXY 设为 http://主机:端口，或取消。")
    connection = http.client.HTTPSConnection(parts.hostname, parts.port or 8080, timeout=terms.quiet, context=context)
    headers = {}
    if parts.username:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        headers["Proxy-Authorization"] = "Basic " + b64encode(pair.encode()).decode()
    connection.set_tunnel(host, 443, headers)
    return connection


def _trusting() -> ssl.SSLContext:
    """Trusts what this system trusts; where a Python comes without that, what the package certifi lists."""
    context = ssl.create_default_context()
    paths = ssl.get_default_verify_paths()
    if not (paths.cafile or paths.capath):
        with suppress(ImportError):
            import certifi

            context.load_verify_locations(certifi.where())
    return context


def _check_status(answer: http.client.HTTPResponse, url: str) -> None:
    status, by_hand = answer.status, BY_HAND.format(url=url)
    if status in (200, 206):
        return
    if status in _LATER:
        after = answer.headers.get("Retry-After", "")
        raise _Again(f"网站暂时不能用（{status}）：{url}", float(after) if after.isdecimal() else None)
    if status in (404, 410):
        hint = "请在该网站搜索标题，下载后用 policytrace add 加入。"
        raise PolicyError(f"官方网站上已没有这个网页（{status}）：{url}", hint)
    if status in (401, 403, 412):
        raise PolicyError(f"网站不让程序访问（{status}）：{url}", by_hand)
    raise PolicyError(f"网站的回答不能用（{status}）：{url}", by_hand)


def _receive(answer: http.client.HTTPResponse, url: str, part: _Part, terms: Terms, progress: Progress) -> None:
    """Writes what comes to the part file; checks that all of it came."""
    said = answer.headers.get("Content-Length", "")
    begin = 0
    if answer.status == 206:
        begin = _start(answer.headers.get("Content-Range", ""))
        if begin != part.size:
            part.forget()
            raise _Again("网站续传的位置不对")
    else:
        part.begin(url, answer)
    whole = begin + int(said) if said.isdecimal() else None
    if whole is not None and whole > terms.most:
        part.forget()
        raise _too_large(terms.most)
    came = begin
    with part.path.open("ab") as file:
        while data := answer.read1(65536):
            came += len(data)
            if came > terms.most:
                part.forget()
                raise _too_large(terms.most)
            file.write(data)
            progress(came, whole)
    if whole is not None and came < whole:
        raise _Again(f"网页没有传完（{came}/{whole} 字节）")
    if not came:
        raise PolicyError("网页是空的", "")


def _start(content_range: str) -> int:
    """Where a partial answer begins: ``bytes 500-999/1000`` → 500; -1 where it does not say."""
    start = content_range.removeprefix("bytes ").partition("-")[0]
    return int(start) if start.isdecimal() else -1


def _too_large(most: int) -> PolicyError:
    size = f"{most // MB} MB" if most >= MB else f"{most} 字节"
    return PolicyError(f"网页超过上限 {size}，没有取", "公文不会这么大；请用浏览器查看。")
