"""What the browser loads: Streamlit's files from memory, and its one HTML page with our first view in it.

Streamlit 1.67 reads each of some 70 files from the disk in pieces, compresses none, asks for those of the first content
only when the others run, and says that the page is English, whereupon browsers offer to translate it.
"""

from __future__ import annotations

import functools
import gzip
import mimetypes
import re
from pathlib import Path
from typing import NamedTuple

import anyio
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import file_util

from pages.first_view import first_view
from pages.shared.bar import PAGES, PRODUCT

FILES = Path(file_util.get_static_dir()).resolve()
LASTING = {"Cache-Control": "public, immutable, max-age=31536000", "Vary": "Accept-Encoding"}
"""The names of these files carry a hash of their content."""
PACKED, SMALL = {".js", ".css", ".json", ".svg", ".html"}, 1_000
"""Kinds that are sent compressed, from so many bytes."""
EARLY = ("js/Html.*.js", "js/BidiComponent.*.js", "media/MaterialSymbols-Rounded.*.woff2")
"""What every page of ours needs although Streamlit's first page does not name it."""
PATIENCE = 0.5
"""Seconds for which a page waits for its first content; a knowledge base that is just being read takes longer."""
_IMPORT = re.compile(r'(?:from|import)\s*"\./([\w.@~-]+\.js)"')


class Content(NamedTuple):
    """A file: its bytes, the same compressed where that is worth while, and its kind."""

    plain: bytes
    packed: bytes | None
    kind: str


class Frontend:
    """Answers for Streamlit's files and for the pages; everything else is Streamlit's."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = await _answer(Request(scope)) if scope["type"] == "http" and scope["method"] == "GET" else None
        await (answer or self._app)(scope, receive, send)


async def _answer(request: Request) -> Response | None:
    path = request.url.path.removeprefix("/")
    packing = "gzip" in request.headers.get("accept-encoding", "")
    if path in {page.path for page in PAGES}:
        query = dict(request.query_params)
        view = None
        with anyio.move_on_after(PATIENCE):
            view = await anyio.to_thread.run_sync(first_view, path, query, abandon_on_cancel=True)
        page = _framed(view or first_view(path, query, known=False))
        return _sent(page, packing, {"Cache-Control": "no-cache", "Vary": "Accept-Encoding"})
    file = content(path.removeprefix("static/")) if path.startswith("static/") else None
    return _sent(file, packing, LASTING) if file else None


def _sent(file: Content, packing: bool, headers: dict[str, str]) -> Response:
    if packing and file.packed:
        return Response(file.packed, media_type=file.kind, headers={**headers, "Content-Encoding": "gzip"})
    return Response(file.plain, media_type=file.kind, headers=headers)


@functools.cache
def content(name: str) -> Content | None:
    """A file of Streamlit's, by its name below ``static/``; None: there is none of this name."""
    path = (FILES / "static" / name).resolve()
    if not path.is_relative_to(FILES / "static") or not path.is_file():
        return None
    data = path.read_bytes()
    packed = gzip.compress(data, 6, mtime=0) if path.suffix in PACKED and len(data) > SMALL else None
    return Content(data, packed, mimetypes.guess_type(path.name)[0] or "application/octet-stream")


def _framed(view: str) -> Content:
    """Streamlit's page with the first view in it."""
    page = _page().replace("<body>", f"<body>{view}", 1).encode()
    return Content(page, gzip.compress(page, 1, mtime=0), "text/html")


@functools.cache
def _page() -> str:
    """Streamlit's page: Chinese, named, asking early for what every page of ours needs."""
    page = (FILES / "index.html").read_text("utf-8")
    page = page.replace('<html lang="en">', '<html lang="zh-CN">', 1)
    page = re.sub("<title>.*?</title>", f"<title>{PRODUCT}</title>", page, count=1)
    page = re.sub(
        "<noscript>.*?</noscript>", "<noscript>请在浏览器中允许 JavaScript。</noscript>", page, flags=re.DOTALL
    )
    asked = "".join(f"{link}\n" for address, link in _early().items() if address not in page)
    return page.replace("</head>", f"{asked}</head>", 1)


def _early() -> dict[str, str]:
    """What is asked for early: address → link."""
    links = {}
    for path in (path for pattern in EARLY for path in sorted((FILES / "static").glob(pattern))):
        if path.suffix != ".js":
            address = f"./static/{path.parent.name}/{path.name}"
            links[address] = f'<link rel="preload" as="font" type="font/woff2" crossorigin href="{address}">'
            continue
        for name in (path.name, *_IMPORT.findall(path.read_text("utf-8"))):
            links[f"./static/js/{name}"] = f'<link rel="modulepreload" crossorigin href="./static/js/{name}">'
    return links


def warm() -> None:
    """Reads and compresses what every page asks for."""
    for name in re.findall(r'"\./static/([^"]+)"', _page()):
        content(name)
