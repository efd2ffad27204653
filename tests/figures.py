"""`make score`: figures against the labels, with gains and losses by name against the last committed ones.

python -m tests.figures           print, compare with tests/figures.json
python -m tests.figures --save    make today's figures the ones to compare with
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any

from bench import fit_linking
from corpus import read
from corpus.catalogue import load
from corpus.outlines import read_outline
from extract import extract
from index.linking.linker import link
from tests import parity, score

HERE = Path(__file__).parent
SAVED = HERE / "figures.json"
ALIGNMENTS = ("alignment", "alignment-national")


def figures() -> dict[str, Any]:
    """All figures: per set the scores, and the misses by name."""
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        policies = [extract(read(e.file), slug=e.slug, level=e.level) for e in load().documents]
        found["bundled"] = _documents(HERE / "gold", Path(folder) / "a", [(p.slug, p) for p in policies])
        cases = [(f.stem, extract(read(f))) for f in sorted((HERE / "cases" / "docs").glob("*.txt"))]
        found["invented"] = _documents(HERE / "cases" / "gold", Path(folder) / "b", cases)
        policies += [read_outline(path) for path in load().outlines]
        links = link(policies)
        file = Path(folder) / "links.json"
        file.write_text(json.dumps([json.loads(one.model_dump_json()) for one in links], ensure_ascii=False), "utf-8")
        for name in ALIGNMENTS:
            found[name] = _alignment(HERE / "gold" / f"{name}.json", file)
        found["links, fields not fitted to"] = _unseen(Path(folder))
    return found | _left_out(policies) | _parity()


def _unseen(folder: Path) -> dict[str, Any]:
    """The invented pairs that no weight was fitted to, each linked by itself with the shipped weights."""
    home = HERE / "cases" / "links"
    pairs, links = [], []
    for file in sorted((home / "unseen").glob("*.json")):
        own = json.loads(file.read_text("utf-8"))["pairs"]
        slugs = {pair[side]["doc"] for pair in own for side in ("lower", "upper")}
        pairs += own
        links += link([extract(read(home / "docs" / f"{slug}.txt"), slug=slug) for slug in sorted(slugs)])
    gold, file = folder / "unseen.json", folder / "unseen-links.json"
    gold.write_text(json.dumps({"pairs": pairs}), "utf-8")
    file.write_text(json.dumps([one.model_dump(mode="json") for one in links]), "utf-8")
    return _alignment(gold, file)


def _parity() -> dict[str, Any]:
    """Documents by format: the share of records that are those of the text, where it is not all, and why."""
    found = {}
    for name, policies in (("bundled", parity.originals()), ("invented", parity.invented())):
        cells = list(parity.cells(policies))
        short = {" ".join(cell[:3]): cell.share for cell in cells if cell.share < 1}
        whole = {"equal cells": (len(cells) - len(short)) / len(cells)}
        why = [f"{' '.join(key)}: {reason}" for key, reason in parity.EXPLAINED.items() if key[0] in policies]
        found[f"parity of formats, {name}"] = {"scores": whole | short, "misses": why}
    return found


def _left_out(policies: list[Any]) -> dict[str, Any]:
    """Linking of document pairs by weights fitted on the others, and what its scores are worth."""
    measured = fit_linking.measured(policies, [HERE / "gold" / f"{name}.json" for name in ALIGNMENTS])
    scores = {
        f"{name} {figure}": row[figure]
        for name, row in measured["left_out"].items()
        if name.startswith("all ")
        for figure in ("f1", "first_is_right")
    }
    table = measured["reliability"]
    shares = {f"from {row['from']:.2f} {part}": row[part] for row in table for part in ("pairs", "score", "right")}
    gap = sum(row["gap"] for row in table) / len(table)
    return {
        "links, pair left out": {"scores": scores, "misses": []},
        "reliability, pair left out": {"scores": shares | {"mean gap": round(gap, 4)}, "misses": []},
    }


def _documents(gold: Path, folder: Path, policies: list[tuple[str, Any]]) -> dict[str, Any]:
    folder.mkdir()
    for slug, policy in policies:
        (folder / f"{slug}.json").write_text(policy.model_dump_json(), "utf-8")
    result = score.documents(gold, folder)
    misses = {
        f"{doc}: {kind}: {json.dumps(one, ensure_ascii=False)}"
        for doc, row in result["documents"].items()
        for kind, items in row["misses"].items()
        for one in items
    }
    return {"scores": {key: row["f1"] for key, row in result["all"].items()}, "misses": sorted(misses)}


def _alignment(gold: Path, links: Path) -> dict[str, Any]:
    result = score.alignment(gold, links)
    scores = {"links F1": result["links"]["f1"], "precision": result["links"]["p"], "recall": result["links"]["r"]}
    scores |= {key: result[key] for key in ("plain_links_found", "first_is_right", "mrr")}
    misses = [f"missed: {m}" for m in result["missed"]] + [
        f"spurious: {s[0]} (grade {s[1]})" for s in result["spurious"]
    ]
    return {"scores": scores, "misses": misses}


def _print(now: dict[str, Any], before: dict[str, Any]) -> None:
    for name, part in now.items():
        old = before.get(name, {"scores": {}, "misses": []})
        print(f"\n{name}")
        for key, value in part["scores"].items():
            change = value - old["scores"].get(key, value)
            print(f"  {key:<32}{value:>8.4f}" + (f"  {change:+.4f}" if abs(change) > 5e-5 else ""))
        for mark, lines in (
            ("gained", set(old["misses"]) - set(part["misses"])),
            ("lost", set(part["misses"]) - set(old["misses"])),
        ):
            for line in sorted(lines):
                print(f"  {mark}: {line}")


def main() -> None:
    """Print the figures; with ``--save`` keep them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--save", action="store_true")
    arguments = parser.parse_args()
    now = figures()
    _print(now, json.loads(SAVED.read_text("utf-8")) if SAVED.exists() else {})
    if arguments.save:
        SAVED.write_text(json.dumps(now, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
