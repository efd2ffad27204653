"""An official website for tests: pages in the layout of gov.cn, over https with a certificate of its own, and faults."""

from __future__ import annotations

import functools
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from corpus.outlines import read_outline
from schemas import Policy
from tests import renditions

HAN = "一二三四五六七八九十"
OUTLINE = read_outline(Path(__file__).parent.parent / "corpus" / "national" / "cn-carbon-peak-2030.yaml")
NUMBER = "国发〔2021〕23号"


def full_text(outline: Policy = OUTLINE, number: str = NUMBER, title: str | None = None) -> list[str]:
    """A text of our own under the titles of an outline, as the State Council sets one out."""
    title = title or outline.title
    yield_ = [f"国务院关于印发{title}的通知", number, "各省、自治区、直辖市人民政府，国务院各部委、各直属机构：",
              f"现将《{title}》印发给你们，请认真贯彻执行。", "国务院", "2021年10月24日", title]  # fmt: skip
    seen: set[str] = set()
    for section in outline.sections:
        yield_.append(f"{section.id}、{section.title}")
        yield_.append("坚持统筹推进，明确目标任务。")
        for task in outline.tasks:
            parts = task.id.split(".")
            if parts[0] != section.id or len(parts) < 2:
                continue
            if len(parts) == 3 and (group := ".".join(parts[:2])) not in seen:
                seen.add(group)
                yield_.append(f"（{parts[1]}）{task.path[-1]}。")
            mark = f"{parts[2]}．" if len(parts) == 3 else f"（{parts[1]}）"
            yield_.append(f"{mark}{task.title}。加快推进有关工作，到2025年取得明显进展。")
    return yield_


def page(paragraphs: list[str] | None = None) -> bytes:
    """The page that the site serves unless told otherwise."""
    paragraphs = paragraphs or full_text()
    return renditions.gov_cn(paragraphs, paragraphs[0])


class Site:
    """The site: ``answer`` is what a request gets; ``requests`` are the headers of those that came."""

    def __init__(self) -> None:
        self.answer: Callable[[BaseHTTPRequestHandler], None] = whole(page())
        self.requests: list[dict[str, str]] = []
        self.context = ssl.create_default_context()
        self.port = 0

    def resolve(self, host: str) -> list[tuple[str, int]]:
        return [("127.0.0.1", self.port)]


@contextmanager
def serving(folder: Path, host: str = "www.gov.cn") -> Iterator[Site]:
    """A site that runs meanwhile."""
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            site.requests.append({"path": self.path, **dict(self.headers)})
            self.close_connection = True
            try:
                site.answer(self)
            except OSError:  # the client has gone
                return

        def log_message(self, *_: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: Any) -> None:
            pass

    server = Server(("127.0.0.1", 0), Handler)
    certificate = _certificate(folder, host)
    trust = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trust.load_cert_chain(certificate)
    server.socket = trust.wrap_socket(server.socket, server_side=True)
    site.port = server.server_address[1]
    site.context = ssl.create_default_context(cafile=str(certificate))
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()


def _certificate(folder: Path, host: str) -> Path:
    """A certificate for `host`, signed by itself, with its key, in one file."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{host}.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + secret)
    return path


def head(handler: BaseHTTPRequestHandler, status: int = 200, **headers: object) -> None:
    """The head of an answer."""
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), str(value))
    handler.end_headers()


def whole(data: bytes, **headers: object) -> Callable[[BaseHTTPRequestHandler], None]:
    """All of it, or what was asked for of it."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        begin = int((handler.headers.get("Range") or "bytes=0-")[6:-1])
        status = {"Content_Range": f"bytes {begin}-{len(data) - 1}/{len(data)}"} if begin else {}
        rest = data[begin:]
        known = {"Content_Type": "text/html; charset=utf-8", "Content_Length": len(rest), "ETag": '"v1"'}
        head(handler, 206 if begin else 200, **{**known, **status, **headers})
        handler.wfile.write(rest)

    return answer


def cut_off(data: bytes, after: int) -> Callable[[BaseHTTPRequestHandler], None]:
    """The connection breaks after so many bytes of what is asked for."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        begin = int((handler.headers.get("Range") or "bytes=0-")[6:-1])
        said = {"Content_Range": f"bytes {begin}-{len(data) - 1}/{len(data)}"} if begin else {}
        head(handler, 206 if begin else 200, Content_Length=len(data) - begin, ETag='"v1"', **said)
        handler.wfile.write(data[begin : begin + after])

    return answer


def endless(handler: BaseHTTPRequestHandler) -> None:
    """10 GB, and more: it says nothing of its length."""
    head(handler)
    for _ in range(10_000):
        handler.wfile.write(b"<p>" * 350_000)


def slow(handler: BaseHTTPRequestHandler) -> None:
    """A byte now and then, until the connection closes."""
    head(handler, Connection="close")
    for _ in range(300):
        handler.wfile.write(b"<")
        handler.wfile.flush()
        time.sleep(0.1)


@functools.cache
def packed_zeros() -> bytes:
    """300 MB of zeros, packed into 300 KB."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(packer.compress(bytes(1024 * 1024)) for _ in range(300)) + packer.flush()


def bomb(handler: BaseHTTPRequestHandler) -> None:
    """What fills the memory of a client that unpacks it."""
    whole(packed_zeros(), Content_Encoding="gzip")(handler)


def moved(to: str) -> Callable[[BaseHTTPRequestHandler], None]:
    """A redirect, whatever is asked for."""
    return lambda handler: head(handler, 302, Location=to, Content_Length=0)


def status(code: int, **headers: object) -> Callable[[BaseHTTPRequestHandler], None]:
    """A status and nothing else."""
    return lambda handler: head(handler, code, Content_Length=0, **headers)
