"""The web app, served."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from argparse import Namespace
from pathlib import Path

from commands.arguments import COUNT, Command, argument
from commands.console import DONE, NOTHING, kb_path, progress_bar, say, wrong

ROOT = Path(__file__).resolve().parent.parent
SERVER = {
    "server.headless": "true",
    "server.maxUploadSize": 50,
    "server.fileWatcherType": "none",
    "server.enableCORS": "true",
    "server.enableXsrfProtection": "true",
    "browser.gatherUsageStats": "false",
    "client.showErrorDetails": "none",
    "client.toolbarMode": "minimal",
    "runner.magicEnabled": "false",
    "theme.primaryColor": "#1f5a8a",
}
"""Streamlit's open defaults, closed; given on the command line, so that no file in the working directory undoes them."""

LOCAL = ("127.0.0.1", "localhost")


def do_app(given: Namespace) -> int:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((given.address, given.port))
        except (OSError, OverflowError) as error:
            return wrong(f"不能使用 {given.address}:{given.port}（{error}）", "请换一个端口，例如 --port 8502。")
    kb = kb_path(given)
    if not _is_built(kb):
        from index.build import build

        say(f"{kb} 里还没有知识库，先用随附的文件建一个 ……")
        with progress_bar() as progress:
            build(kb, None, progress=progress)
    everywhere = given.address in ("0.0.0.0", "::", "")
    say(f"请在浏览器打开 http://{'127.0.0.1' if everywhere else given.address}:{given.port} （按 Ctrl-C 结束）")
    if everywhere:
        say("注意：同一网络中的人都能打开它，且不必登录；请先读 README 的安全说明。")
    hosts = [] if everywhere else dict.fromkeys([given.address, *LOCAL] if given.address in LOCAL else [given.address])
    settings = {**SERVER, "server.address": given.address, "server.port": given.port}
    options = [f"--{name}={value}" for name, value in settings.items()]
    options += [f"--server.allowedHosts={host}" for host in hosts]
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "server.py"), *options]
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    environment = {**os.environ, "POLICYTRACE_KB": str(kb.resolve()), "PYTHONPATH": path}
    return _serve(command, environment)


def _serve(command: list[str], environment: dict[str, str]) -> int:
    """Runs the server until it, or this process, is told to stop; it never stays behind alone."""
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as server:
        signal.signal(signal.SIGTERM, lambda *_: server.terminate())
        try:
            return NOTHING if server.wait() > 0 else DONE
        except KeyboardInterrupt:  # Ctrl-C, the way to end it
            server.terminate()
            say("\n已停止。")
            return DONE


def _is_built(kb: Path) -> bool:
    """Whether there is a knowledge base, or one that is damaged: that one is told, never built over."""
    from index.store import RECORDS, live_generation, reading

    if not (kb / RECORDS).exists():
        return False
    with reading(kb) as database:
        return bool(live_generation(database)[0])


COMMANDS: dict[str, Command] = {
    "app": Command(
        do_app,
        "启动网页，默认只供本机访问；没有知识库就先建一个。",
        ("app", "app --port 8600 --kb 我的知识库"),
        (
            argument("--port", default=8501, help="端口（默认 8501）", **COUNT),
            argument("--address", metavar="A", default="127.0.0.1", help="监听地址；对外提供前请读 README 的安全说明"),
        ),
    ),
}
