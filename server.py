"""The web app as it is served: `app.py` behind headers that browsers obey, the knowledge base read before anybody asks.

`policytrace app` runs it with Streamlit. Streamlit's own server sends none of these headers (measured with 1.67).
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

ROOT = Path(__file__).resolve().parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

# The server is not up yet: Streamlit's caches would say on the terminal that they keep to memory, as they do anyway.
logging.getLogger("streamlit.runtime.caching.cache_data_api").setLevel(logging.ERROR)

import frontend  # noqa: E402
from pages import overview_facts, shared  # noqa: E402
from schemas import PolicyError  # noqa: E402

POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",  # Streamlit's own parts and its charts need these
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self' data: blob:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
"""Nothing is loaded from another machine or sent to one, and no other page shows the app inside itself."""

NAME = "浏览器地址里的主机名"
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


class Guarded:
    """Adds the headers to every answer; refuses to speak under a name that is not this server's own.

    Streamlit holds against `server.allowedHosts` only what comes through its WebSocket; our pages hold texts as well.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        if scope["type"] == "websocket" and not _from_us(Headers(scope=scope)):
            await WebSocketClose(1008)(scope, receive, send)
        elif scope["type"] != "http":
            await self._app(scope, receive, send)
        elif _is_ours(Headers(scope=scope).get("host", "")):
            await self._app(scope, receive, sending)
        else:
            refused = f"这个地址不是本服务的。经反向代理提供时，请用 policytrace app --host {NAME} 启动。"
            await PlainTextResponse(refused, 403)(scope, receive, sending)


def _is_ours(host: str) -> bool:
    """Whether a request's ``Host`` is one that the app was started for."""
    allowed: list[str] = st.config.get_option("server.allowedHosts")
    return not allowed or "*" in allowed or _name(f"//{host}") in allowed


def _from_us(headers: Headers) -> bool:
    """Whether a connection comes from a page of ours. Streamlit would ask a website for this machine's address to tell."""
    origin, host = headers.get("origin"), headers.get("host", "")
    if origin is None or origin.partition("//")[2] == host:
        return True
    allowed: list[str] = st.config.get_option("server.allowedHosts")
    return _name(origin) in allowed


def _name(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


@asynccontextmanager
async def warmed(_app: object) -> AsyncIterator[None]:
    """Reads the knowledge base and what browsers load while the server is starting; faults are told on the pages."""
    threading.Thread(target=_warm, name="policytrace-warm", daemon=True).start()
    yield


def _warm() -> None:
    frontend.warm()
    try:
        kb = shared.knowledge()
        overview_facts.facts(kb)
        shared.findings_soon(kb, 0)
        overview_facts.made_ready(kb)
    except PolicyError:
        logging.getLogger("policytrace").debug("no knowledge base to read yet")


app = st.App(ROOT / "app.py", lifespan=warmed, middleware=[Middleware(Guarded), Middleware(frontend.Frontend)])
