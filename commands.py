"""What each command of `policytrace` does: asks the views, prints the answer, returns the exit code.

Each function imports only what it needs, so that a search starts in the time that Whoosh takes.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from index.inputs import BuildInput
    from index.knowledge_base import KnowledgeBase

DONE, PARTLY, NOTHING = 0, 1, 2
"""Exit codes: done; some files were refused, or something was found; wrong use, or nothing could be done."""

ROOT = Path(__file__).parent
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
PATIENCE = 2.0
"""Seconds after which a person is told that work goes on."""


def do_build(given: Namespace) -> int:
    from index.inputs import BuildInput

    return _read_in(given, [BuildInput(Path(path)) for path in given.paths] or None)


def do_add(given: Namespace) -> int:
    from index.inputs import BuildInput

    if given.title and len(given.files) > 1:
        return wrong("--title 只能用于一个文件", "请每次加入一个文件，分别写明标题。")
    if not (kb_path(given) / "records.sqlite").exists():
        say(f"新建知识库 {kb_path(given)}，只含这里给出的文件；要加入随附的文件，请运行 policytrace build。")
    if given.replaces:
        if len(given.files) > 1:
            return wrong("--replaces 只能用于一个文件", "请每次加入一个文件。")
        with opened(given) as kb:
            kb.policy(given.replaces)
    return _read_in(given, [BuildInput(Path(file), given.replaces, given.level, given.title) for file in given.files])


def _read_in(given: Namespace, inputs: Sequence[BuildInput] | None) -> int:
    from dataclasses import asdict

    from index.build import build
    from index.carrying import as_json

    with _progress() as progress:
        report = build(kb_path(given), inputs, progress=progress)
    if given.json:
        print_json({**asdict(report), "carried": as_json(report.carried)})
    else:
        from index.decided import carried
        from index.report import built

        print_lines([*built(report, columns()), *carried(report.carried, columns())])
    if report.failed:
        return NOTHING if len(report.failed) == len(report.rows) else PARTLY
    return DONE if report.generation else NOTHING


def do_extract(given: Namespace) -> int:
    from index.inputs import is_outline

    path = Path(given.file)
    with _patience(f"正在读取 {given.file} ……"):
        if is_outline(path):
            from corpus.outlines import read_outline

            policy = read_outline(path)
        else:
            from corpus import read

            source = read(path)
            from extract import extract  # spaCy: only for what can be read

            policy = extract(source, level=given.level)
    if given.json:
        print_json(policy.model_dump(mode="json"))
    else:
        from index.report import policy as shown

        print_lines(shown(policy, columns()))
    return DONE


def do_search(given: Namespace) -> int:
    from index.search import search

    filters = {
        name: getattr(given, name) for name in ("department", "role", "level", "doc", "year", "strength", "section")
    }
    with _patience("正在检索 ……"):
        result = search(
            kb_path(given), " ".join(given.query), **filters, limit=given.limit, offset=given.offset, facets=False
        )
    if result.note:
        say(f"注意：{result.note}")
    if not result.total and given.doc:
        with opened(given) as kb:
            kb.policy(given.doc)  # an unknown document is told
    if given.json:
        print_json([hit.to_json() for hit in result.hits])
    else:
        from index.report import found

        print_lines(found(result, given.offset, columns()))
    return DONE


def do_show(given: Namespace) -> int:
    with opened(given) as kb:
        policy, task = kb.task(given.ref)
        said = kb.decisions_on(policy.slug, task.id)
    from index.decided import standing_lines, task_json

    if given.json:
        print_json(task_json(policy, task, said))
    else:
        from index.report import task as shown

        targets = [target for target in policy.targets if target.task == task.id]
        print_lines([*shown(policy, task, targets, columns()), *standing_lines(said, task.state, columns())])
    return DONE


def do_trace(given: Namespace) -> int:
    from index.views import trace

    with opened(given) as kb, _patience("正在追溯 ……"):
        found = trace(kb, given.ref, doubtful=given.doubtful)
    if given.json:
        print_json(found.model_dump(mode="json"))
    else:
        from index.report_links import traced

        print_lines(traced(found, columns(), None if given.all else 6))
    return DONE


def do_links(given: Namespace) -> int:
    from index import report_links, views

    if given.own and not given.lower:
        return wrong("--own 要知道是哪一份文件", "请用 --lower 给出下级文件。")
    with opened(given) as kb, _patience("正在读取关联 ……"):
        found: Any
        if given.own:
            found = views.initiatives(kb, given.lower)
        elif given.counterparts:
            found = views.counterparts(kb, given.upper, given.lower)
        else:
            found = views.links(kb, given.lower, given.upper)
        note = views.note_on(kb, given.lower, given.upper)
        names = _names(kb)
    if note:
        say(f"注意：{note}")
    if given.json:
        print_json([one.model_dump(mode="json") for one in found])
    elif given.own:
        print_lines(report_links.initiatives(found, names, columns()))
    elif given.counterparts:
        print_lines(report_links.counterparts(found, columns(), given.limit))
    else:
        print_lines(report_links.linked(found, names, columns(), given.limit))
    return DONE


def do_gaps(given: Namespace) -> int:
    from index.views import gaps

    if given.upper == given.lower:
        return wrong("上级文件和下级文件是同一份", "请用 --upper 和 --lower 给出两份不同的文件。")
    with opened(given) as kb, _patience("正在比对 ……"):
        rows = gaps(kb, given.upper, given.lower, kb.not_applicable(given.upper, given.lower))
        names = _names(kb)
    if given.json:
        print_json([row.model_dump(mode="json") for row in rows])
    else:
        from index.report_links import covered

        print_lines(covered(rows, names, columns()))
    return DONE


def do_targets(given: Namespace) -> int:
    from index import report, report_links, views

    with opened(given) as kb, _patience("正在对照目标 ……"):
        rows = views.targets(kb, given.indicator, given.compare)
    if given.json:
        print_json([_pair(row) if given.compare else _target(row) for row in rows])
    else:
        print_lines((report_links.compared if given.compare else report.aimed)(rows, columns()))
    return DONE


def _target(row: Any) -> dict[str, Any]:
    return {"doc": row.doc, "level": row.level, **row.target.model_dump(mode="json")}


def _pair(pair: Any) -> dict[str, Any]:
    sides = {
        name: {
            "doc": one.doc,
            "task": one.task,
            "quote": one.target.quote,
            "target": one.target.model_dump(mode="json"),
        }
        for name, one in (("lower", pair.lower), ("upper", pair.upper))
    }
    return {**sides, "relation": pair.relation, "reason": pair.reason}


def do_matrix(given: Namespace) -> int:
    from datetime import date

    from index.export import export, formats, head
    from index.views import matrix

    path = Path(given.output)
    formats(path)  # an ending that cannot be written is told before any work
    with opened(given) as kb, _patience("正在编制任务分工表 ……"):
        rows = matrix(kb, given.doc, given.department)
        title = head(kb, rows, date.today(), doc=given.doc, department=given.department)
    if not rows:
        return wrong(
            f"没有由“{given.department}”承担的任务，没有写文件" if given.department else "没有任务，没有写文件",
            "部门可以用登记的任何名称；policytrace search --department 会列出相近的部门。",
        )
    with _patience("正在写文件 ……"):
        notes = export(path, rows, title, given.layout)
    for note in notes:
        say(f"注意：{note}")
    say(f"已写入 {path}（{len(rows)} 项任务）。")
    return DONE


def do_check(given: Namespace) -> int:
    from index.findings import findings

    with opened(given) as kb, _patience("正在检查 ……"):
        if given.doc:
            kb.policy(given.doc)
        found = [one for one in findings(kb) if given.doc in (None, one.doc)]
    if given.json:
        print_json([one.model_dump(mode="json") for one in found])
    else:
        from index.report import checked

        print_lines(checked(found, columns()))
    return PARTLY if found else DONE


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
        with _progress() as progress:
            build(kb, None, progress=progress)
    everywhere = given.address in ("0.0.0.0", "::", "")
    say(f"请在浏览器打开 http://{'127.0.0.1' if everywhere else given.address}:{given.port} （按 Ctrl-C 结束）")
    if everywhere:
        say("注意：同一网络中的人都能打开它，且不必登录；请先读 README 的安全说明。")
    hosts = [] if everywhere else dict.fromkeys([given.address, *LOCAL] if given.address in LOCAL else [given.address])
    settings = {**SERVER, "server.address": given.address, "server.port": given.port}
    options = [f"--{name}={value}" for name, value in settings.items()]
    options += [f"--server.allowedHosts={host}" for host in hosts]
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"), *options]
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


def _names(kb: KnowledgeBase) -> dict[str, str]:
    from index.report_links import names_of

    return names_of(kb.policies())


def kb_path(given: Namespace) -> Path:
    """The directory of the knowledge base that was named."""
    return Path(getattr(given, "kb", None) or os.environ.get("POLICYTRACE_KB") or "kb")


@contextlib.contextmanager
def opened(given: Namespace) -> Iterator[KnowledgeBase]:
    """The knowledge base that was named, as it is now or as it was at the end of the day that was named."""
    from index.knowledge_base import KnowledgeBase

    with KnowledgeBase.open(kb_path(given), getattr(given, "at", None)) as kb:
        yield kb


def say(text: str) -> None:
    """A message for the person: never on standard output."""
    print(text, file=sys.stderr, flush=True)


def wrong(problem: str, hint: str) -> int:
    """Tells wrong use."""
    say(f"{problem}\n  {hint}")
    return NOTHING


def print_json(value: Any) -> None:
    """Prints one JSON value on standard output."""
    json.dump(value, sys.stdout, ensure_ascii=False, indent=2)
    print()


def print_lines(lines: Iterable[str]) -> None:
    """Prints lines; what is marked in them is bold on a screen that has not asked for no colours."""
    from index.terminal import shown

    print(shown(lines, sys.stdout.isatty() and "NO_COLOR" not in os.environ))


def columns() -> int:
    """The width of the screen, within reason."""
    from index.terminal import NARROWEST, WIDEST

    return min(max(shutil.get_terminal_size((100, 24)).columns, NARROWEST), WIDEST)


@contextlib.contextmanager
def _patience(text: str) -> Iterator[None]:
    """Says `text` to a person who has waited for two seconds."""
    timer = threading.Timer(PATIENCE, say, [text])
    timer.daemon = True
    if sys.stderr.isatty():
        timer.start()
    try:
        yield
    finally:
        timer.cancel()


@contextlib.contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None]]:
    """A bar on standard error for a build, where that is a screen."""
    from tqdm import tqdm

    with tqdm(disable=None, leave=False, ncols=80, bar_format="{desc} {n_fmt}/{total_fmt} |{bar}| {elapsed}") as bar:

        def tell(stage: str, done: int, total: int) -> None:
            if bar.disable:
                return
            bar.set_description_str(stage, refresh=False)
            bar.n, bar.total = done, total
            bar.refresh()

        yield tell
