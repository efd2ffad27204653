"""The command line, as people and scripts use it: shapes, exit codes, bad input, help."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import tomllib
import urllib.request
from pathlib import Path
from typing import Any

import pytest

import cli
from cli import COMMANDS, main
from commands import serving
from commands.arguments import LEVELS, STRENGTHS
from index import store
from index.knowledge_base import KnowledgeBase
from index.reports import answers as report
from schemas import LEVEL_NAMES

ROOT = Path(__file__).parent.parent
PARK, CITY = "scip-carbon-peak-2023", "shanghai-industry-carbon-peak-2022"
SEED = ROOT / "corpus" / "documents" / "000_b04b24ac167bbf84.txt"

HIT = {"ref", "doc", "task", "title", "level", "departments", "score", "highlights"}
LINK = {"lower", "upper", "grade", "relation", "score", "evidence", "state"}


@pytest.fixture
def run(knowledge_base: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs a command on the bundled knowledge base: (exit code, standard output, standard error)."""
    monkeypatch.setenv("POLICYTRACE_KB", str(knowledge_base))

    def run(*arguments: object) -> tuple[int, str, str]:
        code = main(list(map(str, arguments)))
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return code, out, err

    return run


def test_search_finds_a_department_by_any_of_its_names(run: Any) -> None:
    printed = [run("search", "清洁生产", "--department", name, "--json") for name in ("环保办", "环境保护办公室")]
    refs = [[hit["ref"] for hit in json.loads(out)] for code, out, _ in printed if code == 0]
    assert refs == [[f"{PARK}#七.2"]] * 2


@pytest.mark.parametrize(
    ("arguments", "kind", "fields"),
    [
        (["search", "低碳", "--limit", "3"], list, HIT),
        (["search", "--level", "园区", "--strength", "鼓励"], list, HIT),
        (["links", "--lower", PARK, "--upper", CITY], list, LINK),
        (["gaps", "--upper", CITY, "--lower", PARK], list, {"upper", "state", "reason", "lower", "missing_measures"}),
        (["targets", "--indicator", "能耗"], list, {"doc", "level", "task", "quote", "value", "target_year"}),
        (["targets", "--indicator", "能耗", "--compare"], list, {"lower", "upper", "relation", "reason"}),
        (["check"], list, {"kind", "severity", "doc", "task", "message", "origin"}),
        (["show", f"{PARK}#三.1"], dict, {"ref", "doc", "task"}),
        (["trace", f"{PARK}#七.2"], dict, {"ref", "task", "up", "down"}),
        (["extract", str(SEED)], dict, {"slug", "level", "title", "tasks", "targets", "defects", "logical_text"}),
    ],
)
def test_json_has_the_agreed_shape(run: Any, arguments: list[str], kind: type, fields: set[str]) -> None:
    code, out, _ = run(*arguments, "--json")
    value = json.loads(out)
    assert code == (1 if arguments[0] == "check" else 0)
    assert isinstance(value, kind) and value
    for record in value if isinstance(value, list) else [value]:
        assert fields <= record.keys()


def test_json_of_the_sides(run: Any) -> None:
    trace = json.loads(run("trace", f"{PARK}#七.2", "--json")[1])
    assert trace["ref"] == f"{PARK}#七.2" and trace["task"]["id"] == "七.2"
    step = trace["up"][0]
    assert LINK | {"task", "up"} <= step.keys()
    assert f"{CITY}#八.十八" in {f"{one['upper']['doc']}#{one['upper']['task']}" for one in trace["up"]}
    pair = json.loads(run("targets", "--compare", "--json")[1])[0]
    assert {"doc", "task", "quote"} <= pair["lower"].keys() & pair["upper"].keys()
    assert json.loads(run("show", f"{PARK}#三.1", "--json")[1])["task"]["departments"][0]["name"] == "经发处"


def test_extract_says_the_same_twice(run: Any) -> None:
    assert run("extract", SEED, "--json") == run("extract", SEED, "--json")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["search", "清洁生产", "--department", "环保办"], "全面提升清洁生产水平"),
        (["search", "xyzzy"], "没有找到任务"),
        (["search"], "项任务，这里是第 1–20 项"),
        (["show", f"{PARK}#三.1"], "责任部门：经发处、发展公司"),
        (["trace", f"{PARK}#七.2"], "上级依据"),
        (["trace", f"{PARK}#七.2", "--all", "--doubtful"], "主题相近"),
        (["links", "--lower", PARK, "--upper", CITY], f"下级 {PARK}，上级 {CITY}"),
        (["gaps", "--upper", CITY, "--lower", PARK], "部分落实"),
        (["targets"], "个目标"),
        (["targets", "--compare"], "不可比"),
        (["check", "--doc", PARK], PARK),
        (["extract", str(SEED)], "沪化管〔2023〕73号"),
    ],
)
def test_people_get_lines_that_fit(run: Any, arguments: list[str], said: str) -> None:
    from index.reports.terminal import width

    code, out, _ = run(*arguments)
    assert code in (0, 1) and said in out
    assert max(map(width, out.splitlines())) <= 122
    assert "\x1b" not in out


def test_check_tells_by_its_exit_code(run: Any) -> None:
    assert run("check", "--doc", CITY)[0] == 1


@pytest.mark.parametrize("ending", ["xlsx", "docx", "csv", "md", "html", "json"])
def test_matrix_writes_every_format(run: Any, tmp_path: Path, ending: str) -> None:
    for layout in ("list", "grid"):
        path = tmp_path / f"{layout}.{ending}"
        code, out, err = run("matrix", "-o", path, "--doc", PARK, "--layout", layout)
        assert (code, out) == (0, "") and "26 项任务" in err
        assert path.stat().st_size > 1000
    assert {file.name for file in tmp_path.iterdir()} == {f"list.{ending}", f"grid.{ending}"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "缺少参数：命令"),
        (["fly"], "没有“fly”"),
        (["search", "--level", "火星"], "没有“火星”这个层级"),
        (["search", "--strength", "也许"], "可以写：禁止、要求"),
        (["search", "--limit", "-1"], "--limit"),
        (["search", "--limit", "许多"], "整数"),
        (["search", "--year", "明年"], "不是年份"),
        (["search", "--doc", "no-such"], "no-such"),
        (["show", "三.1"], "没有写明任务"),
        (["show", f"{PARK}#九.9"], "相近的有"),
        (["trace", "no-such#一"], "no-such"),
        (["links", "--lower", "no-such"], "no-such"),
        (["gaps", "--lower", PARK], "--upper"),
        (["gaps", "--lower", PARK, "--upper", PARK], "同一份"),
        (["matrix"], "-o"),
        (["matrix", "-o", "x.doc"], ".xlsx"),
        (["matrix", "-o", "no/such/folder/x.csv"], "不能写入"),
        (["matrix", "-o", "x.csv", "--department", "天文台"], "没有由“天文台”承担的任务"),
        (["matrix", "-o", "x.csv", "--layout", "round"], "list, ledger, grid"),
        (["check", "--doc", "no-such"], "no-such"),
        (["extract", "no-such.txt"], "文件不存在"),
        (["extract", "no-such.yaml"], "no-such.yaml"),
        (["extract", str(ROOT)], "这是一个文件夹"),
        (["add", "a.txt", "b.txt", "--title", "标题"], "一个文件"),
        (["app", "--address", "203.0.113.7"], "203.0.113.7"),
        (["app", "--port", "99999"], "99999"),
    ],
)
def test_wrong_use_is_told_in_words(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert said in err and re.search("[\u4e00-\u9fff]", err)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "data"),
    [("empty.txt", b""), ("binary.txt", bytes(range(256)) * 40), ("brackets.txt", "（".encode() * 1_000_000)],
)
def test_bad_files_never_end_in_a_traceback(run: Any, tmp_path: Path, name: str, data: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    code, out, err = run("extract", path, "--json")
    assert code in (0, 2)
    assert json.loads(out) if code == 0 else name in err and not out


@pytest.mark.parametrize("command", ["search", "show", "trace", "links", "gaps", "targets", "matrix", "check"])
def test_without_a_knowledge_base_build_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("POLICYTRACE_KB", raising=False)
    needed = {"show": ["a#1"], "trace": ["a#1"], "gaps": ["--upper", "a", "--lower", "b"], "matrix": ["-o", "x.csv"]}
    assert main([command, *needed.get(command, [])]) == 2
    assert "policytrace build" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_build_and_add_tell_what_was_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = tmp_path / "good.txt", tmp_path / "bad.txt"
    good.write_text("某区绿色发展实施方案\n\n一、重点任务\n1．推进节能。加快节能改造。（责任部门：区经委）\n", "utf-8")
    bad.write_bytes(b"")
    kb = ["--kb", str(tmp_path / "kb")]
    assert main(["build", str(good), str(bad), *kb]) == 1
    printed = capsys.readouterr()
    assert "新增" in printed.out and "bad.txt" in printed.out and "1 个文件未能读取" in printed.out
    assert main(["build", str(bad), *kb]) == 2
    capsys.readouterr()
    assert main(["add", str(good), "--level", "区县", "--json", *kb]) == 0
    assert json.loads(capsys.readouterr().out)["documents"] == 1
    assert main(["search", "节能", *kb]) == 0
    assert "区县" in capsys.readouterr().out
    assert main(["build", str(tmp_path / "no-such"), *kb]) == 2


def test_every_command_teaches_with_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    for name in COMMANDS:
        assert main([name, "--help"]) == 0
        text = capsys.readouterr().out
        assert f"policytrace {name}" in text.partition("例如：")[2]
        assert not re.search(r"usage|options:|positional|show this", text)
    assert main(["--help"]) == 0
    text = capsys.readouterr().out
    assert all(re.search(rf"^    {name}\s", text, re.MULTILINE) for name in COMMANDS)


def test_examples_are_understood() -> None:
    import shlex

    parser = cli._parser()
    for name, command in COMMANDS.items():
        for example in command.examples:
            assert parser.parse_args(shlex.split(example)).command == name


def test_words_are_those_of_the_records() -> None:
    assert {code: word for word, code in LEVELS.items()} == LEVEL_NAMES
    assert {code: word for word, code in STRENGTHS.items()} == report.STRENGTH
    assert {k: v for k, v in report.LEVEL.items() if k} == LEVEL_NAMES


def test_search_loads_only_what_it_needs(knowledge_base: Path) -> None:
    heavy = ("pydantic", "spacy", "jieba", "numpy", "scipy", "pandas", "streamlit", "tqdm", "xlsxwriter")
    code = (
        "import sys, cli; code = cli.main(sys.argv[1:]);"
        f"print([name for name in {heavy} if name in sys.modules], file=sys.stderr); sys.exit(code)"
    )
    command = [sys.executable, "-c", code, "search", "清洁生产", "--kb", str(knowledge_base)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8")
    assert (done.returncode, done.stderr.strip()) == (0, "[]")


def test_a_reader_that_leaves_is_no_error(knowledge_base: Path) -> None:
    command = f"{sys.executable} cli.py search --limit 400 --kb {knowledge_base} | head -1"
    done = subprocess.run(command, shell=True, cwd=ROOT, capture_output=True, text=True, encoding="utf-8")
    assert re.match(r"共 \d+ 项任务", done.stdout) and done.stderr == ""


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_ctrl_c_says_that_nothing_is_lost(tmp_path: Path) -> None:
    command = [sys.executable, "cli.py", "build", "--kb", str(tmp_path / "kb")]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, stdout=subprocess.PIPE)
    while not (tmp_path / "kb" / "records.sqlite").exists():
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "没有丢失" in err.decode() and "Traceback" not in err.decode()


def test_the_server_is_closed(monkeypatch: pytest.MonkeyPatch, knowledge_base: Path, tmp_path: Path) -> None:
    called: list[Any] = []

    def serve(command: list[str], environment: dict[str, str]) -> int:
        called.append((command, environment))
        return 0

    monkeypatch.setattr(serving, "_serve", serve)
    monkeypatch.chdir(tmp_path)
    assert main(["app", "--port", "0", "--kb", str(knowledge_base)]) == 0
    command, environment = called[0]
    assert "--server.allowedHosts=localhost" in command
    for option in (
        "server.address=127.0.0.1",
        "server.allowedHosts=127.0.0.1",
        "server.enableCORS=true",
        "server.enableXsrfProtection=true",
        "server.maxUploadSize=50",
        "browser.gatherUsageStats=false",
        "client.showErrorDetails=none",
    ):
        assert f"--{option}" in command
    assert environment["POLICYTRACE_KB"] == str(knowledge_base.resolve())


def test_the_server_brings_an_older_knowledge_base_up_to_date(
    monkeypatch: pytest.MonkeyPatch, knowledge_base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kb = Path(shutil.copytree(knowledge_base, tmp_path / "kb"))
    main(["exempt", f"{CITY}#八.十八", "--lower", PARK, "--why", "试验", "--who", "王芳", "--kb", str(kb)])
    with contextlib.closing(sqlite3.connect(kb / store.RECORDS)) as database:
        for name in re.findall(r"CREATE TABLE (\w+)", store.MIGRATIONS[-1]):
            database.execute(f"DROP TABLE {name}")
        database.execute(f"PRAGMA user_version = {len(store.MIGRATIONS) - 1}")
        database.commit()
    assert store.is_older(kb)
    monkeypatch.setattr(serving, "_serve", lambda command, environment: 0)
    capsys.readouterr()
    assert main(["app", "--port", "0", "--kb", str(kb)]) == 0
    told = capsys.readouterr().err
    assert "由较早的版本写成，先更新" in told and "已就绪：10 份文件" in told
    assert not store.is_older(kb)
    with KnowledgeBase.open(kb) as now:
        assert len(now.policies()) == 10 and any(one.why == "试验" for one in now.history())
    assert main(["app", "--port", "0", "--kb", str(kb)]) == 0
    assert "先" not in capsys.readouterr().err


def test_the_server_builds_the_bundled_corpus_where_there_is_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(serving, "_serve", lambda command, environment: 0)
    assert main(["app", "--port", "0", "--kb", str(tmp_path / "kb")]) == 0
    assert "里还没有知识库" in capsys.readouterr().err
    with KnowledgeBase.open(tmp_path / "kb") as now:
        assert len(now.policies()) == 10


@pytest.mark.skipif(os.name == "nt", reason="signals")
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_the_server_answers_and_stops(knowledge_base: Path, tmp_path: Path, sign: signal.Signals) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    command = [sys.executable, str(ROOT / "cli.py"), "app", "--port", str(port), "--kb", str(knowledge_base)]
    process = subprocess.Popen(command, cwd=tmp_path, env={**os.environ, "PYTHONPATH": path}, stderr=subprocess.PIPE)
    try:
        assert _answer(port) == b"ok"
    finally:
        process.send_signal(sign)
        _, err = process.communicate(timeout=30)
    assert process.returncode == 0 and f"http://127.0.0.1:{port}" in err.decode()
    with pytest.raises(OSError):
        urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2)


def _answer(port: int) -> bytes:
    for _ in range(200):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2) as response:
                return bytes(response.read())
        except OSError:
            time.sleep(0.1)
    raise AssertionError("no answer")


def test_streamlit_alone_is_as_closed() -> None:
    """`streamlit run app.py` in the project's folder has the settings that `policytrace app` gives."""
    file = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))
    found = {f"{group}.{name}": value for group, values in file.items() for name, value in values.items()}
    given = {name: json.loads(value) if value in ("true", "false") else value for name, value in serving.SERVER.items()}
    assert found == {**given, "server.address": "127.0.0.1", "server.allowedHosts": list(serving.LOCAL)}


def test_output_that_a_terminal_cannot_show_is_made_safe() -> None:
    from index.reports.terminal import marked, safe, shown, wrapped

    assert safe("a\x1b[31m\u202eb\udc80\tc") == "a[31mb c"
    assert shown([marked("清洁生产", [(0, 2)])], True) == "\x1b[1;4m清洁\x1b[0m生产"
    assert shown([marked("清洁生产", [(0, 2)])], False) == "清洁生产"
    ended_by_a_mark = f"一二三{marked('四五', [(0, 2)])}。"
    assert shown(wrapped(ended_by_a_mark, 10), False).split("\n") == ["一二三四", "五。"]
    lines = wrapped("根据园区“一体化”的开发总体格局，推进CCUS示范。", 20, "1. ")
    assert "".join(line.strip() for line in lines) == "1. 根据园区“一体化”的开发总体格局，推进CCUS示范。"
    assert not any(line.strip()[0] in "，。”" for line in lines)
