"""`policytrace fetch`: the one command that goes to the network, and only because a person asks it to."""

from __future__ import annotations

from argparse import Namespace

from commands.arguments import AS_JSON, Command, argument
from commands.console import DONE, NOTHING, PARTLY, columns, kb_path, print_json, print_lines, progress_bar, say


def do_fetch(given: Namespace) -> int:
    from dataclasses import asdict
    from urllib.parse import urlsplit

    from index.reading.official_texts import addressed, fetch_texts
    from index.reports.answers import built, fetched

    hosts = sorted({urlsplit(one.source_url or "").hostname or "" for one in addressed(given.slugs)})
    say(f"从官方网站取目录中文件的全文，只访问 {'、'.join(hosts)}，不发送任何资料。")
    with progress_bar() as progress:
        report = fetch_texts(kb_path(given), given.slugs, progress=progress)
    if given.json:
        print_json(asdict(report))
    else:
        print_lines(fetched(report, columns()))
        if report.build:
            print_lines(built(report.build, columns()))
    refused = [row for row in report.rows if row.state == "未取得"]
    if refused or (report.build and report.build.failed):
        return NOTHING if len(refused) == len(report.rows) else PARTLY
    return DONE


COMMANDS: dict[str, Command] = {
    "fetch": Command(
        do_fetch,
        "从官方网站取提纲所指文件的全文，核对标题和文号以后加入知识库。这是唯一联网的命令。",
        ("fetch", "fetch cn-carbon-peak-2030"),
        (
            argument("slugs", nargs="*", metavar="SLUG", help="要取的文件；不给就取目录中所有有官方网址、还没有全文的"),
            AS_JSON,
        ),
    ),
}
