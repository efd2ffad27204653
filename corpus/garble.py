"""Text printed through a broken font map, put back.

PDF producers that number the glyphs of a font subset in Unicode order, and lose the map, leave every ideograph shifted
by one constant. Where shifted code points fall among right-to-left letters, the extractor has also reordered the line
for display (UAX #9). Both can be undone: the constant is the one that turns the run into common Chinese, and the order
is the one whose neighbours also stand side by side in the undamaged text of the same document.
"""

from __future__ import annotations

import functools
import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from corpus.mapped import Mapped

LOST = "\ufffd"
_TYPICAL = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法"
    "所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日"
    "那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已"
    "通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九"
    "区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证改"
    "清己美再采转更单风切打白教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许"
    "步群广石记需段研界拉林律叫且究观越织装影算低持音众书布复容儿须际商非验连断深难近矿千周委素技备半办青省列习响约支般史感劳便"
    "团往酸历市克何除消构府称太准精值号率族维划选标写存候毛亲快效斯院查江型眼王按格养易置派层片始却专状育厂京识适属圆包火住调满"
    "县局照参红细引听该铁价严首底液官德随病苏失尔死讲配女黄推显谈罪神艺呢席含企望密批营项防举球英氧势告李台落木帮轮破亚师围注远"
    "字材排供河态封另施减树溶怎止案言士均武固叶鱼波视仅费紧爱左章早朝害续轻服试食充兵源判护司足某练差致板田降黑犯负击范继兴似余"
    "坚曲输修故城夫够送笔船占右财吃富春职觉汉画功巴跟虽杂飞检吸助升阳互初创抗考投坏策古径换未跑留钢曾端责站简述钱副尽帝射草冲承"
    "独令限阿宣环双请超微让控州良轴找否纪益依优顶础载倒房突坐粉敌略客袁冷胜绝析块剂测丝协诉念陈仍罗盐友洋错苦夜刑移频逐靠混母短"
    "皮终聚汽村云哪既距卫停烈央察烧迅境若印洲刻括激孔搞甚室待核校散侵吧甲游久菜味旧模湖货损预阻毫普稳乙妈植息扩银语挥酒守拿序纸"
    "碳绿储循废污染耗洁园融氢审峰赋排放"
)
_NORMAL = frozenset("≥≤≈≠×÷±∶→←↑↓△▲▶●○◎■□◆◇★☆※№℃㎡㎥㎏㎎㎝—–‘’“”…·•➤➢✓√°′″‰％〇αβγδμΩ∑∞⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ₀₁₂₃₄₅₆₇₈₉²³¹µ§«»")
_RUN = re.compile("o(?:n?o)+")
_MIN_VOTES = 8
_MIN_SHARE = 0.7
_MIN_COMMON = 0.6
_NUMERALS = frozenset("一二三四五六七八九十百")


@functools.lru_cache(maxsize=65536)
def is_odd(char: str) -> bool:
    """Whether a character has no business in simplified Chinese official text."""
    code = ord(char)
    if code < 0x100 or char in _NORMAL:
        return False
    if 0x4E00 <= code <= 0x9FFF:
        return not _in_gb2312(char)
    return not (
        0x3000 <= code <= 0x303F  # CJK punctuation
        or 0xFF00 <= code <= 0xFFEF  # full-width forms
        or 0x2150 <= code <= 0x218F  # number forms
        or 0x2460 <= code <= 0x24FF  # circled numbers
        or 0x2010 <= code <= 0x2027
        or 0x2F00 <= code <= 0x2FD5  # radicals, folded elsewhere
        or 0x3200 <= code <= 0x33FF
        or 0x2500 <= code <= 0x25FF  # boxes
        or 0xF900 <= code <= 0xFAFF
        or 0xFE30 <= code <= 0xFE4F
    )


def odd_characters(text: str) -> frozenset[str]:
    """The characters of ``text`` that have no business in it."""
    return frozenset(char for char in set(text) if is_odd(char))


def garbled_run(line: str, odd_chars: frozenset[str]) -> tuple[int, int] | None:
    """The part of a line that is printed through a broken map, as (start, end); None where the line is sound.

    ``odd_chars`` are the odd characters of the whole document, so that sound lines cost nothing.
    """
    if odd_chars.isdisjoint(line):
        return None
    flags = "".join("o" if c in odd_chars else "n" for c in line)
    odd = flags.count("o")
    solid = sum(not c.isspace() for c in line)
    if odd == solid or odd >= max(3, 0.4 * solid):
        return len(line) - len(line.lstrip()), len(line.rstrip())
    runs = [m.span() for m in _RUN.finditer(flags) if m.end() - m.start() >= 5]
    if not runs:
        return None
    return runs[0][0], runs[-1][1]


def find_shift(runs: Sequence[str]) -> int | None:
    """The constant that turns the runs into common Chinese, or None. Each typical character votes for a shift."""
    import numpy as np

    chars = Counter(c for run in runs for c in run if c != LOST and not c.isspace())
    if not chars:
        return None
    typical = np.array([ord(c) for c in _TYPICAL])
    shifts, votes = np.unique(np.subtract.outer(typical, np.array([ord(c) for c in chars])), return_counts=True)
    best = np.argsort(-votes, kind="stable")[:5]
    for shift, count in zip(shifts[best].tolist(), votes[best].tolist(), strict=True):
        new = [shifted(c, shift) for c in chars.elements()]
        right = [c for c in new if _in_gb2312(c)]
        if count >= _MIN_VOTES and len(right) >= _MIN_SHARE * chars.total() and commonness(right) > _MIN_COMMON:
            return int(shift)
    return None


def commonness(letters: Sequence[str]) -> float:
    """Share of the common characters of official Chinese: 0.8 and more in any text, 0.05 where letters are random."""
    return sum(letter in _TYPICAL for letter in letters) / len(letters) if letters else 1.0


def restore(run: Mapped, shift: int, known_pairs: frozenset[str]) -> Mapped:
    """The run with its shift and its display order undone.

    ``known_pairs`` are the pairs of neighbouring characters of the document's sound text. Characters that the source
    has lost (U+FFFD) are dropped at both ends. A character of another block of the font that follows the leading
    numerals is the separator 、 of a heading.
    """
    orders = [order for base in "LR" if (order := _logical_order(run.text, base)) is not None]
    readings = [_separated(_shift_all(run.take(order), shift)) for order in orders]
    return max(readings, key=lambda reading: _likelihood(reading.text, known_pairs))


def pairs(text: str) -> frozenset[str]:
    """All pairs of neighbouring Han characters."""
    return frozenset(a + b for a, b in itertools.pairwise(text) if "\u4e00" <= a <= "\u9fff")


def _in_gb2312(char: str) -> bool:
    try:
        return "\u4e00" <= char <= "\u9fff" and bool(char.encode("gb2312"))
    except UnicodeEncodeError:
        return False


def shifted(char: str, shift: int) -> str:
    """The character ``shift`` code points on; itself where there is none."""
    code = ord(char) + shift
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else char


def _shift_all(run: Mapped, shift: int) -> Mapped:
    text = "".join(new if _in_gb2312(new := shifted(c, shift)) else c for c in run.text)
    start, end = len(text) - len(text.lstrip(LOST + " ")), len(text.rstrip(LOST + " "))
    return Mapped(text, run.at).slice(min(start, end), end)


def _separated(run: Mapped) -> Mapped:
    lead = len(run.text) - len(run.text.lstrip("".join(_NUMERALS)))
    if 0 < lead < len(run.text) and is_odd(run.text[lead]):
        return Mapped(run.text[:lead] + "、" + run.text[lead + 1 :], run.at)
    return run


def _likelihood(text: str, known_pairs: frozenset[str]) -> tuple[bool, int]:
    heading = bool(re.match("[一二三四五六七八九十百]+、", text))
    return heading, sum(text[i : i + 2] in known_pairs for i in range(len(text) - 1))


def _logical_order(visual: str, base: str) -> list[int] | None:
    """Indices of the visual line in logical order under UAX #9 with this base direction (L or R)."""
    strong = [_direction(c) for c in visual]
    if "R" not in strong:
        return list(range(len(visual))) if base == "L" else None
    classes = _resolve(strong, base)
    order = list(range(len(visual)))
    if base == "R":
        order.reverse()
    turned = "R" if base == "L" else "L"
    result: list[int] = []
    i = 0
    while i < len(order):
        j = i
        while j < len(order) and classes[order[j]] == turned:
            j += 1
        result += reversed(order[i:j]) if j > i else [order[i]]
        i = max(j, i + 1)
    return result


def _resolve(strong: list[str], base: str) -> list[str]:
    """Neutral characters take the direction of both neighbours where these agree, else the base (rules N1, N2).

    A nonspacing mark takes that of the letter it belongs to, which a reordered line shows at its right.
    """
    out = list(strong)
    for i, kind in enumerate(strong):
        if kind == "M":
            right = strong[i + 1] if i + 1 < len(strong) else "N"
            out[i] = "R" if right == "R" else (out[i - 1] if i else base)
    for i, kind in enumerate(out):
        if kind == "N":
            before = next((out[j] for j in range(i - 1, -1, -1) if out[j] in "LR"), base)
            after = next((strong[j] for j in range(i + 1, len(strong)) if strong[j] in "LR"), base)
            out[i] = before if before == after else base
    return out


def _direction(char: str) -> str:
    kind = unicodedata.bidirectional(char)
    if not kind:  # unassigned: the default of its block
        code = ord(char)
        return "R" if 0x0590 <= code <= 0x08FF or 0xFB1D <= code <= 0xFDFF or 0xFE70 <= code <= 0xFEFF else "L"
    if kind in ("R", "AL"):
        return "R"
    if kind == "NSM":
        return "M"
    return "L" if kind == "L" else "N"
