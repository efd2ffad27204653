"""Every 《…》, and which of them the document was made under."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.catalogue import title_key
from extract.frontmatter import FrontMatter
from extract.paragraphs import Paragraph
from extract.rules.frontmatter import BASIS_TRIGGER, CARRIES, MADE_UNDER, OWN_MAKING

_BASIS_HEADING = re.compile("(?:编制|制定|政策|主要|规划)依据$")
_TITLE = re.compile(r"《([^《》]{2,160}(?:《[^《》]{2,80}》[^《》]{0,80})?)》")


@dataclass(frozen=True)
class Cited:
    """A title with its offsets (marks excluded)."""

    title: str
    start: int
    end: int
    is_basis: bool


def find(text: str, paras: Sequence[Paragraph], front: FrontMatter) -> tuple[Cited, ...]:
    """All citations in reading order. A basis is named in the preamble (or in 第一条) behind 根据, 落实, 参照 …"""
    preamble = [p for p in front.head if p.text != front.notice_title]
    seen = {p.index for p in preamble}
    preamble += [p for p in paras if p.index not in seen and MADE_UNDER.search(p.text) and BASIS_TRIGGER.search(p.text)]
    if not any(list(_basis(p, front)) for p in preamble):
        preamble += [p for p in paras[front.body[0] : front.body[0] + 12] if re.search("(?:依据|根据)《", p.text)]
    preamble += _basis_section(paras)
    basis = {span for p in preamble for span in _basis(p, front)}
    return tuple(
        Cited(_plain(m.group(1)), m.start(1), m.end(1), (m.start(1), m.end(1)) in basis) for m in _TITLE.finditer(text)
    )


def _basis_section(paras: Sequence[Paragraph]) -> list[Paragraph]:
    """The paragraphs below a heading 编制依据, up to the next heading."""
    found: list[Paragraph] = []
    inside = False
    for p in paras:
        heading = (
            p.marker is not None and p.marker.style not in ("bullet", "dash", "arabic_paren") and not p.ends_sentence
        )
        if heading or p.marker is None and len(p.text) < 12:
            inside = bool(_BASIS_HEADING.search(p.text)) and len(p.text) < 24
        elif inside:
            found.append(p)
    return found


def _basis(p: Paragraph, front: FrontMatter) -> Iterator[tuple[int, int]]:
    own = {title_key(front.title), title_key(front.notice_title or "")}
    for sentence in re.finditer(r"[^。；\n]+", p.text):
        body = sentence.group()
        trigger = BASIS_TRIGGER.search(body) or re.match("(?=《)|[•●·*-]", body.strip())
        if not trigger or CARRIES.pattern.match(body):
            continue
        for cited in _TITLE.finditer(body, trigger.end()):
            if title_key(cited.group(1)) not in own and not OWN_MAKING.search(body[: cited.start()]):
                yield p.start + sentence.start() + cited.start(1), p.start + sentence.start() + cited.end(1)


def _plain(title: str) -> str:
    return re.sub(r"\s+", " ", title).strip()
