"""Tables as text (.csv), in any encoding that Chinese offices use."""

from __future__ import annotations

import csv
import io

from corpus import charset
from corpus.formats.lines import Lines, table
from corpus.printed import Printed
from schemas import UnreadableSource


def read(data: bytes, file: str) -> Printed:
    """The rows of the file. Raises ``UnreadableSource``."""
    text = charset.decode(data, file)
    first = text.split("\n", 1)[0]
    lines = Lines()
    try:
        table(lines, csv.reader(io.StringIO(text), delimiter=max(",;\t，", key=first.count)))
    except csv.Error as error:
        raise UnreadableSource(
            file, f"表格读不出来：{error}", "请用 Excel 或 WPS 打开，另存为 .xlsx，再添加。"
        ) from error
    return lines.printed("csv")
