"""The web app, served."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from commands.arguments import COUNT, Command, argument
from commands.console import DONE, NOTHING, kb_path, progress_bar, say, wrong

if TYPE_CHECKING:
    from index.build_report import BuildReport
    from index.reading.inputs import BuildInput

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
    _made_ready(kb)
    everywhere = given.address in ("0.0.0.0", "::", "")
    say(f"请在浏览器打开 http://{'127.0.0.1' if everywhere else given.address}:{given.port} （按 Ctrl-C 结束）")
    if everywhere:
        say("注意：同一网络中的人都能打开它，且不必登录；请先读 README 的安全说明。")
    hosts = _hosts(given.address, given.host or [], everywhere)
    settings = {**SERVER, "server.address": given.address, "server.port": given.port}
    options = [f"--{name}={value}" for name, value in settings.items()]
    options += [f"--server.allowedHosts={host}" for host in hosts]
    options += [f"--server.corsAllowedOrigins={way}://{name}" for name in given.host or () for way in ("https", "http")]
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "server.py"), *options]
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    environment = {**os.environ, "POLICYTRACE_KB": str(kb.resolve()), "PYTHONPATH": path}
    return _serve(command, environment)


def _hosts(address: str, names: Sequence[str], everywhere: bool) -> list[str]:
    """The names under which the app answers; empty: any."""
    if everywhere and not names:
        return []
    own = [address, *LOCAL] if address in LOCAL else [*LOCAL] if everywhere else [address]
    return list(dict.fromkeys([*own, *names]))


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


def _made_ready(kb: Path) -> None:
    """Builds what is not there and brings up to date what an earlier version wrote; a damaged one is told, not built over."""
    from index.store import RECORDS, is_older, live_generation, reading

    if is_older(kb):
        say(f"{kb} 的知识库由较早的版本写成，先更新；文件和人工决定都保留 ……")
        if _built(kb, ()).documents:
            return
    elif (kb / RECORDS).exists():
        with reading(kb) as database:
            if live_generation(database)[0]:
                return
    say(f"{kb} 里还没有知识库，先用随附的文件建一个 ……")
    _built(kb, None)


def _built(kb: Path, files: Sequence[BuildInput] | None) -> BuildReport:
    from index.build import build

    with progress_bar() as progress:
        report = build(kb, files, progress=progress)
    say(
        f"已就绪：{report.documents} 份文件、{report.tasks:,} 项任务、{report.links:,} 条关联，用时 {report.seconds:.0f} 秒。"
    )
    return report


COMMANDS: dict[str, Command] = {
    "app": Command(
        do_app,
        "启动网页，默认只供本机访问；没有知识库就先建一个。",
        ("app", "app --port 8600 --kb 我的知识库", "app --host zhengce.example.cn"),
        (
            argument("--port", default=8501, help="端口（默认 8501）", **COUNT),
            argument("--address", metavar="A", default="127.0.0.1", help="监听地址；对外提供前请读 README 的安全说明"),
            argument(
                "--host", metavar="名称", action="append", help="经反向代理提供时，浏览器地址里的主机名；可写多次"
            ),
        ),
    ),
}
