"""Ruled tables: cells between lines → rows of cells, merged cells filled down, tables carried on over pages."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from pdfplumber.table import cells_to_tables, edges_to_intersections, intersections_to_cells, merge_edges

from corpus.formats.pdf_glyphs import Glyph, turned_box
from corpus.formats.pdf_lines import Line, first_word, line_of, rows
from corpus.printed import CharBox

NEAR = 3.0
"""Points within which two rules are one."""


@dataclass
class Cell:
    """A cell of the grid: rows ``first_row … last_row``, columns likewise, and what is printed in it."""

    first_row: int
    last_row: int
    first_column: int
    last_column: int
    glyphs: list[Glyph] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What is printed in it, without blanks at its ends."""
        return "".join(glyph.text for glyph in self.glyphs).strip()


@dataclass
class Grid:
    """A table on one page: the places of its rules, and the cells between them."""

    xs: list[float]
    ys: list[float]
    cells: list[Cell]

    @property
    def columns(self) -> int:
        """Number of columns."""
        return len(self.xs) - 1

    def at(self, row: int, column: int) -> Cell | None:
        """The cell that covers this square."""
        return next(
            (c for c in self.cells if c.first_row <= row <= c.last_row and c.first_column <= column <= c.last_column),
            None,
        )

    def row_numbers(self) -> list[int]:
        """The rows in which a cell begins."""
        return sorted({cell.first_row for cell in self.cells})


def grids(page: Any, turned: int, width: float, height: float) -> list[Grid]:
    """The ruled tables of a pdfplumber page; a frame round text is none."""
    if len(page.rects) + len(page.lines) + len(page.curves) < 3:
        return []
    left, top = page.bbox[0], page.bbox[1]
    found = []
    for table in page.find_tables():
        boxes = [
            turned_box(CharBox(x0 - left, y0 - top, x1 - left, y1 - top), turned, width, height)
            for x0, y0, x1, y1 in table.cells
        ]
        grid = grid_of(boxes)
        if grid and grid.columns > 1:
            found.append(grid)
    return found


def scanned_grids(rules: Sequence[dict[str, Any]]) -> list[Grid]:
    """The ruled tables of a scanned page, from the rules that were seen on it."""
    crossings = edges_to_intersections(merge_edges(list(rules), 4, 4, 6, 6), 6, 6)
    found = (
        grid_of([CharBox(*cell) for cell in table]) for table in cells_to_tables(intersections_to_cells(crossings))
    )
    return [grid for grid in found if grid and grid.columns > 1]


def grid_of(boxes: Sequence[CharBox]) -> Grid | None:
    """The table that these cells make."""
    xs = _rules([x for box in boxes for x in (box.x0, box.x1)])
    ys = _rules([y for box in boxes for y in (box.top, box.bottom)])
    cells = []
    for box in boxes:
        c0, c1 = _place(xs, box.x0), _place(xs, box.x1) - 1
        r0, r1 = _place(ys, box.top), _place(ys, box.bottom) - 1
        if c0 <= c1 and r0 <= r1:
            cells.append(Cell(r0, r1, c0, c1))
    return Grid(xs, ys, cells) if cells else None


def _rules(places: Sequence[float]) -> list[float]:
    found: list[float] = []
    for place in sorted(places):
        if not found or place - found[-1] > NEAR:
            found.append(place)
    return found


def _place(rules: Sequence[float], at: float) -> int:
    return bisect_right(rules, at + 0.01) - 1 if at >= rules[0] else 0


def filled(found: Sequence[Grid], glyphs: Sequence[Glyph]) -> list[Glyph]:
    """Put the glyphs into the cells that they stand in; those that stand in none are returned."""
    rest: list[Glyph] = []
    for glyph in glyphs:
        cell = None
        x, y = (glyph.x0 + glyph.x1) / 2, (glyph.top + glyph.bottom) / 2
        for grid in found:
            if grid.xs[0] <= x < grid.xs[-1] and grid.ys[0] <= y < grid.ys[-1]:
                cell = grid.at(_place(grid.ys, y), _place(grid.xs, x))
                break
        if cell:
            cell.glyphs.append(glyph)
        else:
            rest.append(glyph)
    return rest


def set_lines(grid: Grid) -> None:
    """Put the glyphs of each cell in reading order, its lines joined."""
    for cell in grid.cells:
        room = grid.xs[cell.last_column + 1] - grid.xs[cell.first_column]
        cell.glyphs = list(_cell_lines(cell.glyphs, room))


def _cell_lines(glyphs: Sequence[Glyph], room: float) -> Iterator[Glyph]:
    """The lines of a cell, one after the other; a blank where a line was ended on purpose or between Latin words."""
    found = [line_of(row) for row in rows(glyphs) if not all(g.text.isspace() for g in row)]
    for k, line in enumerate(found):
        if k and _is_apart(found[k - 1], line, room):
            first = line.glyphs[0]
            yield first._replace(text=" ", box=None)
        yield from line.glyphs


def _is_apart(before: Line, line: Line, room: float) -> bool:
    a, b = before.text.rstrip()[-1], line.text[0]
    if a.isascii() and a.isalnum() and b.isascii() and b.isalnum():
        return not (a.isdigit() and b.isdigit() and room < 6 * line.size)
    together = max(first_word(line), line.glyphs[0].x1 - line.glyphs[0].x0)
    has_room = room - (before.x1 - before.x0) > together + 1.6 * line.size
    return has_room and not re.match("[，。；：、（）”》]", b)


def block(grid: Grid) -> Line:
    """The table as one block of the page, its rows as lines; cells parted by tabs."""
    x0, x1, top, bottom = grid.xs[0], grid.xs[-1], grid.ys[0], grid.ys[-1]
    size = next((g.size for cell in grid.cells for g in cell.glyphs), 10.0)
    found = tuple(_rows(grid, size))
    return Line((), x0, top, x1, bottom, size, rows=found)


def _rows(grid: Grid, size: float) -> Iterator[Line]:
    head = _two_storeys(grid)
    for row in grid.row_numbers():
        if head and row == head[0]:
            continue
        glyphs: list[Glyph] = []
        for column in range(grid.columns):
            if column:
                glyphs.append(Glyph("\t", 0.0, 0.0, 0.0, 0.0, size, "", None))
            cell = grid.at(row, column)
            if cell is None or cell.first_column != column and not (head and row == head[1]):
                continue
            above = grid.at(head[0], column) if head and row == head[1] else None
            if above and above is not cell and re.fullmatch(r"\s*(?:20)?\d+\s*年?\s*", cell.text):
                glyphs += above.glyphs
            glyphs += cell.glyphs
        if any(not g.text.isspace() for g in glyphs):
            yield Line(
                tuple(glyphs), grid.xs[0], grid.ys[row], grid.xs[-1], grid.ys[row + 1], size,
                grid.xs[0], grid.xs[-1], is_row=True,
            )  # fmt: skip


def _two_storeys(grid: Grid) -> tuple[int, int] | None:
    """The two rows of a head in which one cell stands over several (责任单位 over 牵头单位 and 配合单位)."""
    numbers = grid.row_numbers()
    if len(numbers) < 3:
        return None
    first, second = numbers[:2]
    upper = {id(c): c for column in range(grid.columns) if (c := grid.at(first, column))}.values()
    wide = [c for c in upper if c.last_column > c.first_column and c.last_row == first]
    tall = [c for c in upper if c.last_row >= second]
    return (first, second) if wide and tall and len(wide) + len(tall) == len(upper) else None
