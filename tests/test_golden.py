"""What is read from each document, in a form that a person can review. `make refresh` rewrites the files."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus import read
from corpus.catalogue import load
from corpus.outlines import read_outline
from extract import extract
from schemas import Policy

GOLDEN = Path(__file__).parent / "golden"
CASES = Path(__file__).parent / "cases" / "docs"


def _sources() -> Iterator[tuple[str, Policy]]:
    for entry in load().documents:
        yield entry.slug, extract(read(entry.file), slug=entry.slug, level=entry.level)
    for path in load().outlines:
        policy = read_outline(path)
        yield policy.slug, policy
    for file in sorted(CASES.glob("*.txt")):
        yield file.stem, extract(read(file))


def render(policy: Policy) -> str:
    """The policy as lines of text, a record a line, each with the line of the source."""
    lines = [
        f"{policy.title} | {policy.level} | {policy.doc_number} | {policy.date} | {'、'.join(policy.issuers)}",
        f"主送 {'、'.join(policy.addressees)}",
        *(f"依据 {title}" for title in policy.basis),
        *(f"章 {s.id} {s.title} @{s.origin.line}" for s in policy.sections),
    ]
    for t in policy.tasks:
        bodies = "、".join(f"{d.name}[{d.role}/{d.effective_role}/{d.canonical}]" for d in t.departments)
        lines.append(
            f"{t.kind} {t.id} {t.title} @{t.origin.line} ({t.departments_from}) {bodies} {t.deadline or ''}".rstrip()
        )
        lines += [f"    {m.strength}:{m.verb} {m.text}" for m in t.measures]
    for g in policy.targets:
        years = f"{g.baseline_year or ''}→{g.target_year or ''}"
        lines.append(
            f"目标 {g.task or g.section} {g.direction} {g.bound} {g.value} {g.unit} {years} | {g.indicator} | {g.quote}"
        )
    lines += [f"项目 {p.no} {p.name} | {p.group} | {p.year}" for p in policy.projects]
    lines += [f"阶段 {p.name} {p.start}—{p.end}" for p in policy.phases]
    for row in policy.division:
        bodies = "、".join(f"{d.name}[{d.role}]" for d in row.departments)
        lines.append(f"分工 {row.no} | {row.group} | {row.item} | {bodies} | {row.deadline}")
    lines += [f"缺陷 {d.kind} {d.where} {d.note}" for d in policy.defects]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("slug", "policy"), list(_sources()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_golden(slug: str, policy: Policy, request: pytest.FixtureRequest) -> None:
    path, now = GOLDEN / f"{slug}.txt", render(policy)
    if request.config.getoption("--refresh"):
        path.write_text(now, "utf-8")
        pytest.fail(f"{path.name} rewritten: read the diff, then run without --refresh")
    assert now == path.read_text("utf-8")
