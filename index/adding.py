"""A build or a removal in a process of its own, which tells what it does line by line as JSON.

For a face that has others to serve meanwhile: ``python -m index.adding`` takes a `Request` as JSON on its standard
input and prints one JSON value a line, ``{"stage", "done", "total", "doing"}`` on the way and at the end either
``{"rows", …}`` or ``{"problem", "hint"}``.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from schemas import Level, PolicyError, Record


class File(Record):
    """A file to be added; ``replaces`` is the slug of the document of which it is the new version."""

    path: Path
    level: Level | None = None
    title: str | None = None
    replaces: str | None = None


class Request(Record):
    """What is to be done with a knowledge base: files are added, or documents are taken out by somebody."""

    kb: Path
    files: tuple[File, ...] = ()
    remove: tuple[str, ...] = ()
    who: str = ""
    why: str = ""


def carried_out(request: Request, tell: Any) -> dict[str, Any]:
    """Does what is asked; `tell` is called with each step on the way. Gives what is printed at the end."""
    from index.build import build, remove
    from index.reading.inputs import BuildInput

    def progress(stage: str, done: int, total: int, doing: str = "") -> None:
        tell({"stage": stage, "done": done, "total": total, "doing": doing})

    try:
        if request.remove:
            report = remove(request.kb, request.remove, who=request.who, why=request.why, progress=progress)
        else:
            inputs = [BuildInput(one.path, one.replaces, one.level, one.title) for one in request.files]
            report = build(request.kb, inputs, progress=progress)
    except PolicyError as error:
        return {"problem": error.problem, "hint": error.hint}
    return {
        "rows": [asdict(row) for row in report.rows],
        "documents": report.documents,
        "tasks": report.tasks,
        "links": report.links,
        "seconds": report.seconds,
    }


def main() -> None:
    """Reads the request, does it, prints the steps and the end."""

    def tell(value: dict[str, Any]) -> None:
        print(json.dumps(value, ensure_ascii=True), flush=True)

    tell(carried_out(Request.model_validate_json(sys.stdin.buffer.read()), tell))


if __name__ == "__main__":
    main()
