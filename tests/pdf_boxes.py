"""The boxes of records, cropped from the PDF and read again by pdfium: do they give the records' text?"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import pypdfium2

from schemas import Origin, Policy


def origins(policy: Policy) -> Iterator[Origin]:
    """The places of all records."""
    for task in policy.tasks:
        yield task.origin
        yield from (d.origin for d in task.departments if d.origin)
        yield from (m.origin for m in task.measures)
    for record in (
        *policy.sections,
        *policy.targets,
        *policy.projects,
        *policy.division,
        *policy.citations,
        *policy.phases,
    ):
        yield record.origin


def agreeing(policy: Policy, data: bytes) -> tuple[int, int, list[str]]:
    """Number of records whose boxes give their text, number of all, and the others as (record | cropped)."""
    document = pypdfium2.PdfDocument(data)
    readers = {n: (page := document[n], page.get_textpage()) for n in range(len(document))}
    right = every = 0
    wrong = []
    for origin in origins(policy):
        every += 1
        cropped = "".join(_crop(*readers[box.page - 1], box) for box in origin.boxes)
        said = _squeezed(policy.logical_text[origin.start : origin.end])
        if _squeezed(cropped) == said:
            right += 1
        else:
            wrong.append(f"{said[:40]} | {_squeezed(cropped)[:40]}")
    return right, every, wrong


def _crop(page: pypdfium2.PdfPage, text: pypdfium2.PdfTextPage, box: object) -> str:
    """What stands in the box, read by pdfium, a little inside, as boxes of letters touch."""
    height = page.get_height()
    x0, top, x1, bottom = (getattr(box, side) for side in ("x0", "top", "x1", "bottom"))
    found: str = text.get_text_bounded(x0 + 0.3, height - bottom + 0.3, x1 - 0.3, height - top - 0.3)
    return found


def _squeezed(text: str) -> str:
    return re.sub(r"[\s\ufffe]+", "", unicodedata.normalize("NFKC", text))
