"""Characters of Symbol and Wingdings, which Word stores as code points without a meaning of their own."""

from __future__ import annotations

_SYMBOL = {
    0x22: "∀", 0x24: "∃", 0x2D: "−", 0x44: "Δ", 0x46: "Φ", 0x47: "Γ", 0x53: "Σ", 0x57: "Ω", 0x61: "α", 0x62: "β", 0x64: "δ",
    0x65: "ε", 0x67: "γ", 0x68: "η", 0x6C: "λ", 0x6D: "μ", 0x70: "π", 0x71: "θ", 0x72: "ρ", 0x73: "σ", 0x74: "τ", 0x77: "ω",
    0xA3: "≤", 0xA5: "∞", 0xAB: "↔", 0xAC: "←", 0xAD: "↑", 0xAE: "→", 0xAF: "↓", 0xB0: "°", 0xB1: "±", 0xB3: "≥", 0xB4: "×",
    0xB7: "•", 0xB8: "÷", 0xB9: "≠", 0xBA: "≡", 0xBB: "≈", 0xBC: "…", 0xD7: "·", 0xDE: "⇒",
}  # fmt: skip
_WINGDINGS = {
    0x6C: "●", 0x6D: "○", 0x6E: "■", 0x6F: "□", 0x70: "□", 0x71: "□", 0x72: "□", 0x73: "◆", 0x74: "◆", 0x75: "◆", 0x76: "◆",
    0x77: "◆", 0x9E: "·", 0x9F: "•", 0xA1: "○", 0xA4: "●", 0xA7: "■", 0xA8: "□", 0xAB: "★", 0xAE: "★", 0xD8: "➢", 0xE8: "→",
    0xF0: "→", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
    0x81: "①", 0x82: "②", 0x83: "③", 0x84: "④", 0x85: "⑤", 0x86: "⑥", 0x87: "⑦", 0x88: "⑧", 0x89: "⑨", 0x8A: "⑩",
}  # fmt: skip
_WINGDINGS_2 = {0x50: "✓", 0x4F: "✗", 0x52: "☑", 0x51: "☒", 0x53: "☒", 0xA3: "□", 0x97: "●", 0x98: "●", 0x99: "○"}
_WINGDINGS_3 = {0x7D: "➤", 0x84: "➤", 0x22: "↑", 0x23: "↓", 0x21: "→"}
_FONTS = {"symbol": _SYMBOL, "wingdings": _WINGDINGS, "wingdings 2": _WINGDINGS_2, "wingdings 3": _WINGDINGS_3}


def is_symbol_font(font: str) -> bool:
    """Whether the font's characters stand for others."""
    return font.strip().lower() in _FONTS


def symbol(text: str, font: str) -> str | None:
    """The characters that a reader sees; None where one is not known.

    >>> symbol("\\uf0b3", "Symbol"), symbol("•", "宋体")
    ('≥', '•')
    """
    table = _FONTS.get(font.strip().lower(), {})
    out = ""
    for char in text:
        code = ord(char)
        known = table.get(code - 0xF000 if 0xF000 <= code <= 0xF0FF else code)
        if known is None and (0xE000 <= code <= 0xF8FF or table and code < 0x100 and not char.isspace()):
            return None
        out += known or char
    return out
