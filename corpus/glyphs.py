"""Characters and residue that converters leave behind, put back to what a reader sees."""

from __future__ import annotations

import html
import re
import unicodedata

from corpus.mapped import Mapped

# Radicals of U+2E80.. have no compatibility mapping; PDF producers print them for these simplified characters.
_RADICALS = dict(
    zip(
        "⺝⺟⺠⻁⻄⻅⻆⻉⻋⻓⻔⻗⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰⻳",
        "月母民虎西见角贝车长门雨青韦页风飞食马骨鬼鱼鸟卤麦黄齐齿龙龟",
        strict=True,
    )
)
_WIDTH = {c: chr(c - 0xFEE0) for r in ((0xFF10, 0xFF1A), (0xFF21, 0xFF3B), (0xFF41, 0xFF5B)) for c in range(*r)}
_FOLD = (
    {ord(k): v for k, v in _RADICALS.items()} | _WIDTH | {0xFF05: "%", 0xFF0B: "+", 0xFF0F: "/", 0x3000: " ", 0xA0: " "}
)
_FOLD |= dict.fromkeys((*range(8192, 8203), 8239, 8287), " ")
_COMPATIBILITY = re.compile("[\u2f00-\u2fd5\uf900-\ufaff]")
_NOT_HAN = re.compile(f"[\u2f00-\u2fd5\uf900-\ufaff{''.join(_RADICALS)}]")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u00ad\x00-\x08\x0e-\x1f\x7f]")
_BOOKMARK = re.compile(r"\[bookmark:[^\]\n]{0,80}\]")
_ENTITY = re.compile(r"&(?:#\d{1,6}|#x[0-9a-fA-F]{1,5}|[a-zA-Z]{2,8});")
_MATH = re.compile(r"\$([^$\n]{1,120})\$")
_SCRIPT = re.compile(r"(?<=[A-Za-z0-9\u00b5\u03bc)])([_^])\{([^{}\n]{1,12})\}")
_HEADING_MARK = re.compile(r"^\s{0,3}(?:#{1,6}|>)\s+")
_BOLD = re.compile(r"\*\*(?=\S)([^*\n]+?)(?<=\S)\*\*")

_TO_CLEAN = frozenset("[&${#*>") | {
    chr(c)
    for c in (
        *_FOLD, *range(0x2F00, 0x2FD6), *range(0xF900, 0xFB00), *range(0x200B, 0x2010), *range(0x202A, 0x202F),
        *range(0x2060, 0x206A), 0xFEFF, 0xAD, *range(9), *range(0xE, 0x20), 0x7F,
    )
}  # fmt: skip
"""Every character that can call for cleaning; a line without any is taken as it is."""

_TEX_WORDS = {
    "mu": "μ", "times": "×", "geq": "≥", "ge": "≥", "leq": "≤", "le": "≤", "sim": "~", "circ": "°", "pm": "±",
    "cdot": "·", "alpha": "α", "beta": "β", "gamma": "γ", "sum": "∑", "rightarrow": "→", "to": "→", "approx": "≈",
}  # fmt: skip
_TEX_GROUP = re.compile(r"\\(?:text|mathrm|mathbf|mathit|textbf|rm)\s*\{([^{}]*)\}")
_TEX_WORD = re.compile(r"\\([A-Za-z]+) ?")
_SUPERSCRIPT = str.maketrans("0123456789+-n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ")


def clean_line(line: Mapped) -> Mapped:
    """One line of the file without converter residue, widths and compatibility forms folded.

    Full-width letters and digits become ASCII; full-width punctuation, which Chinese prints, stays.
    """
    text = line.text
    if _TO_CLEAN.isdisjoint(text):
        return line
    if "[" in text:
        line = line.sub(_BOOKMARK, "")
    if "&" in text:
        line = line.sub(_ENTITY, lambda m: _entity(m.group()))
    if "$" in text:
        line = line.sub(_MATH, lambda m: _tex(m.group(1)) if _is_math(m.group(1)) else m.group())
    if "{" in text:
        line = line.sub(_SCRIPT, lambda m: m.group(2))
    if "#" in text or ">" in text:
        line = line.sub(_HEADING_MARK, "")
    if "**" in text:
        line = line.sub(_BOLD, lambda m: m.group(1))
    line = line.sub(_INVISIBLE, "")
    return line.sub(_COMPATIBILITY, lambda m: unicodedata.normalize("NFKC", m.group())[:1]).translate(_FOLD)


def radicals(text: str) -> list[int]:
    """Indices of characters that look like Han but are radicals or compatibility forms, so that no search finds them."""
    return [m.start() for m in _NOT_HAN.finditer(text)]


def _entity(entity: str) -> str:
    plain = html.unescape(entity)
    return " " if plain in ("\xa0", "<", ">") and entity in ("&nbsp;", "&ensp;", "&emsp;") else plain


def _is_math(body: str) -> bool:
    return "\\" in body or bool(re.search(r"[_^]", body))


def _tex(body: str) -> str:
    body = _TEX_WORD.sub(lambda m: _TEX_WORDS.get(m.group(1), m.group()), body)
    previous = ""
    while previous != body:
        previous, body = body, _TEX_GROUP.sub(r"\1", body)
    body = re.sub(r"\^\{?([0-9+n-]+)\}?", lambda m: m.group(1).translate(_SUPERSCRIPT), body)
    body = re.sub(r"_\{?([A-Za-z0-9.]+)\}?", r"\1", body)
    body = body.replace(r"\%", "%")
    return _TEX_WORD.sub("", body).replace("{", "").replace("}", "").strip()
