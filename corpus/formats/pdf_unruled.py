"""Tables without rules, or with the three of a 三线表: found by the white that their rows share."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence

from corpus.formats.pdf_glyphs import Glyph
from corpus.formats.pdf_lines import Line, line_of, pieces, rows
from corpus.formats.pdf_tables import Cell, Grid

Band = tuple[float, float]
LEAST = 3
"""Rows, and cells in each, from which on text counts as a table."""


def unruled(glyphs: Sequence[Glyph]) -> tuple[list[Grid], list[Glyph]]:
    """The tables that stand in the glyphs, and the glyphs that stand in none."""
    printed = [[line_of(piece) for piece in pieces(row)] for row in rows(glyphs)]
    found: list[Grid] = []
    taken: set[int] = set()
    for run in _runs([row for row in printed if row]):
        grid = _grid(run)
        if grid:
            found.append(grid)
            taken.update(id(glyph) for cell in grid.cells for glyph in cell.glyphs)
    return found, [glyph for glyph in glyphs if id(glyph) not in taken] if taken else list(glyphs)


def _runs(printed: Sequence[list[Line]]) -> list[list[list[Line]]]:
    """Rows of three cells and more that follow each other, with the lines between that go on a cell or span the table."""
    found: list[list[list[Line]]] = []
    run: list[list[Line]] = []
    for number, row in enumerate(printed):
        following = printed[number + 1] if number + 1 < len(printed) else []
        close = bool(run) and row[0].top - max(s.bottom for s in run[-1]) < 2.5 * row[0].size
        if run and close and _fits([*run, row], following):
            run.append(row)
        elif len(row) >= LEAST:
            found.append(run)
            run = [row]
        else:
            found.append(run)
            run = []
    found.append(run)
    return [run for run in found if sum(len(row) >= LEAST for row in run) >= LEAST]


def _fits(run: Sequence[list[Line]], following: Sequence[Line]) -> bool:
    """Whether the last row goes on the table: the columns stay apart, and it crosses none unless it spans the table."""
    full = [row for row in run if len(row) >= LEAST]
    bands = _bands(full)
    if len(bands) < LEAST:
        return False
    row = run[-1]
    if len(row) >= LEAST:
        return all(_band(part, bands) is not None for line in row for part in _parted(line, bands))
    if all(_band(line, bands) is not None for line in row):
        return True
    return len(row) == 1 and len(following) >= LEAST and len(_bands([*full, list(following)])) >= LEAST


def _bands(full: Sequence[Sequence[Line]]) -> list[Band]:
    """The columns: what the cells of the rows cover together, of those rows that have the commonest number of cells."""
    bands: list[Band] = []
    usual = Counter(len(row) for row in full).most_common(1)[0][0] if full else 0
    for x0, x1 in sorted((line.x0, line.x1) for row in full if len(row) == usual for line in row):
        if bands and x0 < bands[-1][1] + 2:
            bands[-1] = bands[-1][0], max(bands[-1][1], x1)
        else:
            bands.append((x0, x1))
    return bands


def _band(line: Line, bands: Sequence[Band]) -> int | None:
    """The only column that the line stands in."""
    touched = [k for k, (x0, x1) in enumerate(bands) if line.x0 < x1 + 2 and line.x1 > x0 - 2]
    return touched[0] if len(touched) == 1 else None


def _parted(line: Line, bands: Sequence[Band]) -> list[Line]:
    """A piece that reaches from one column into the next, cut at the white between them; whole where there is none."""
    touched = [k for k, (x0, x1) in enumerate(bands) if line.x0 < x1 + 2 and line.x1 > x0 - 2]
    for a, b in itertools.pairwise(touched):
        reach, solid = 2 * line.size, [glyph for glyph in line.glyphs if not glyph.text.isspace()]
        whites = [
            (right.x0 - left.x1, k)
            for k, (left, right) in enumerate(itertools.pairwise(solid), 1)
            if bands[a][1] - reach <= right.x0 <= bands[b][0] + reach and right.x0 - left.x1 > 0.25 * line.size
        ]
        if whites:
            _, k = max(whites)
            return [line_of(solid[:k]), *_parted(line_of(solid[k:]), bands)]
    return [line]


def _grid(run: Sequence[list[Line]]) -> Grid | None:
    bands = _bands([row for row in run if len(row) >= LEAST])
    run = [[part for line in row for part in _parted(line, bands)] for row in run]
    if len(bands) < LEAST or _is_prose(run, bands):
        return None
    groups = _table_rows(run, bands)
    xs = [bands[0][0] - 3, *((a[1] + b[0]) / 2 for a, b in itertools.pairwise(bands)), bands[-1][1] + 3]
    tops = [min(line.top for row in group for line in row) for group in groups]
    ys = [*tops, max(line.bottom for row in groups[-1] for line in row)]
    cells = []
    for number, group in enumerate(groups):
        spans = len(group) == 1 and len(group[0]) == 1 and _band(group[0][0], bands) is None
        made = (
            [Cell(number, number, 0, len(bands) - 1)]
            if spans
            else [Cell(number, number, k, k) for k in range(len(bands))]
        )
        for line in (line for row in group for line in row):
            made[0 if spans else _band(line, bands) or 0].glyphs += line.glyphs
        cells += made
    return Grid(xs, ys, cells)


def _is_prose(run: Sequence[list[Line]], bands: Sequence[Band]) -> bool:
    """Whether these are the columns of a gazette: their lines fill them."""
    if len(run) < 8:
        return False
    lines = [line for row in run for line in row]
    full = sum(
        1
        for line in lines
        if (k := _band(line, bands)) is not None and line.x1 - line.x0 > 0.85 * (bands[k][1] - bands[k][0])
    )
    return full > 0.5 * len(lines) and min(x1 - x0 for x0, x1 in bands) > 8 * lines[0].size


def _table_rows(run: Sequence[list[Line]], bands: Sequence[Band]) -> list[list[list[Line]]]:
    """The printed lines of each row: parted by wider white where there is some, else begun by the first cell."""
    gaps = [min(s.top for s in b) - max(s.bottom for s in a) for a, b in itertools.pairwise(run)]
    first = [
        any(_band(line, bands) == 0 for line in row) or len(row) == 1 and _band(row[0], bands) is None for row in run
    ]
    wide = (min(gaps) + max(gaps)) / 2 if max(gaps) > 1.5 * max(min(gaps), 0) + 2 else None
    if wide is not None:
        groups: list[list[int]] = [[0]]
        for k, gap in enumerate(gaps, 1):
            if gap > wide:
                groups.append([])
            groups[-1].append(k)
        if all(sum(first[k] for k in group) <= 1 for group in groups):
            return [[run[k] for k in group] for group in groups]
    every = all(first[k] for k, row in enumerate(run) if len(row) >= LEAST)
    starts = [k == 0 or (first[k] if every else len(row) >= LEAST) for k, row in enumerate(run)]
    bounds = [*(k for k, start in enumerate(starts) if start), len(run)]
    return [list(run[a:b]) for a, b in itertools.pairwise(bounds)]
