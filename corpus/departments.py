"""The register of organisations: a printed name → the one body that it means, or nothing."""

from __future__ import annotations

import functools
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from schemas import BadCatalogue, Level

_FILE = Path(__file__).parent / "departments.toml"
_LEVELS = ("national", "provincial", "municipal", "district", "park")
_SUFFIX = re.compile(r"(?:委员会|人民政府|政府|管委会|办公室|委|局|厅|部|办|处|院|公司|集团|中心)$")

_SEVERAL = re.compile(r"^(?:本市|全市|市|区|县|本区|区内|园区|园区内|地方|其他|其它)?(?:各级?|有关|相关)")


def means_several(name: str) -> bool:
    """Whether a printed name stands for bodies of a kind and for no single one; no register can know it.

    >>> [means_several(name) for name in ("各有关部门", "相关区政府", "园区内各企业", "地方各级党委和政府", "环保办")]
    [True, True, True, True, False]
    """
    return bool(_SEVERAL.match(name))


@dataclass(frozen=True)
class Organisation:
    """One body. ``local`` names mean it only in documents of its ``place``; national bodies have no place."""

    id: str
    name: str
    level: Level
    place: str = ""
    aliases: tuple[str, ...] = ()
    local: tuple[str, ...] = ()
    parent: str | None = None
    counterpart: str | None = None
    since: str | None = None
    until: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Every name by which it can be printed."""
        return (self.name, *self.aliases, *self.local)


@dataclass(frozen=True)
class Register:
    """All organisations, found by any of their names."""

    organisations: tuple[Organisation, ...]
    _by_id: dict[str, Organisation] = field(repr=False, compare=False, default_factory=dict)
    _anywhere: dict[str, tuple[str, ...]] = field(repr=False, compare=False, default_factory=dict)
    _local: dict[str, tuple[str, ...]] = field(repr=False, compare=False, default_factory=dict)

    @classmethod
    def of(cls, organisations: Iterable[Organisation]) -> Register:
        """Build the look-up tables.

        Raises:
            BadCatalogue: two entries have one id, or a parent or counterpart is not in the register.
        """
        listed = tuple(organisations)
        by_id: dict[str, Organisation] = {}
        anywhere: defaultdict[str, list[str]] = defaultdict(list)
        local: defaultdict[str, list[str]] = defaultdict(list)
        for body in listed:
            if body.id in by_id:
                raise BadCatalogue(f"部门登记表中编号重复：{body.id}", "请在 corpus/departments.toml 中改正。")
            by_id[body.id] = body
            for name in (body.name, *body.aliases):
                anywhere[_key(name)].append(body.id)
            for name in body.local:
                local[_key(name)].append(body.id)
        for body in listed:
            for other in (body.parent, body.counterpart):
                if other and other not in by_id:
                    raise BadCatalogue(
                        f"部门登记表中 {body.id} 提到的 {other} 不存在", "请在 corpus/departments.toml 中改正。"
                    )
        return cls(listed, by_id, {k: tuple(v) for k, v in anywhere.items()}, {k: tuple(v) for k, v in local.items()})

    def resolve(self, name: str, places: Iterable[str] | None = None) -> str | None:
        """The id of the one body that ``name`` means in a document of these places; None if none or several.

        ``places`` are the places that the document speaks for (上海, 上海化工区; "" for the nation); None admits all.
        """
        key = _key(name)
        found = set(self._anywhere.get(key, ()))
        allowed = None if places is None else set(places)
        for body in self._local.get(key, ()):
            if allowed is None or self._by_id[body].place in allowed:
                found.add(body)
        return found.pop() if len(found) == 1 else None if found else self._within(key, places)

    def _within(self, key: str, places: Iterable[str] | None) -> str | None:
        """The body that a name says with the one it is part of before it: 管委会规建处."""
        for cut in range(2, len(key) - 1):
            if not (self._anywhere.get(key[:cut]) or self._local.get(key[:cut])) or key[cut:] not in self._local:
                continue
            body = self.resolve(key[cut:], places)
            if body and self._by_id[body].parent in self.find(key[:cut]):
                return body
        return None

    def find(self, name: str) -> tuple[str, ...]:
        """The ids of all bodies that carry this name, at any level and place."""
        key = _key(name)
        return tuple(dict.fromkeys((*self._anywhere.get(key, ()), *self._local.get(key, ()))))

    def candidates(self, name: str) -> tuple[str, ...]:
        """Ids of bodies that an unresolved name could mean: the same name elsewhere, or one name within the other."""
        exact = self.find(name)
        if exact:
            return exact
        core = _SUFFIX.sub("", _key(name)).removeprefix("市").removeprefix("省")
        if len(core) < 2:
            return ()
        return tuple(body.id for body in self.organisations if any(core in _key(n) for n in body.names))[:5]

    def get(self, canonical: str) -> Organisation | None:
        """The organisation with this id, or None."""
        return self._by_id.get(canonical)

    def names(self, canonical: str) -> tuple[str, ...]:
        """All names of the organisation with this id; empty if there is none."""
        body = self._by_id.get(canonical)
        return body.names if body else ()

    def name(self, canonical: str) -> str:
        """The full name of the organisation with this id; the id itself if there is none."""
        body = self._by_id.get(canonical)
        return body.name if body else canonical

    def all_names(self) -> tuple[str, ...]:
        """Every name of every organisation."""
        return tuple(dict.fromkeys(name for body in self.organisations for name in body.names))

    @functools.cached_property
    def _long_names(self) -> tuple[frozenset[str], int]:
        """Names of three characters and more, and the length of the longest."""
        names = frozenset(name for name in self.all_names() if len(name) >= 3)
        return names, max(map(len, names), default=0)

    def parts(self, printed: str, places: Iterable[str] | None = None) -> tuple[str, ...]:
        """The names that ``printed`` is made of when the separators between them were lost; empty if it is not."""
        if self.resolve(printed, places) is not None:
            return ()
        if len(printed) < 6:
            return ()
        found = _split(printed, *self._long_names)
        above = set(self.find(found[0])) if found else set()
        inside = any(self._by_id[body].parent in above for part in found[1:] for body in self.find(part))
        return () if inside else found  # 管委会规建处 is one name


def _split(text: str, names: frozenset[str], longest: int) -> tuple[str, ...]:
    if len(text) > 80:
        return ()
    best: list[tuple[str, ...] | None] = [()] + [None] * len(text)
    for end in range(1, len(text) + 1):
        for start in range(max(0, end - longest), end):
            before = best[start]
            if before is not None and text[start:end] in names:
                now = best[end]
                if now is None or len(before) + 1 < len(now):
                    best[end] = (*before, text[start:end])
    found = best[len(text)] or ()
    return found if len(found) > 1 else ()


def _key(name: str) -> str:
    return "".join(name.split()).replace("(", "（").replace(")", "）")


@functools.cache
def register() -> Register:
    """The register that is shipped (``departments.toml``), loaded once.

    Raises:
        BadCatalogue: an entry is not usable; the message names it.
    """
    try:
        entries = tomllib.loads(_FILE.read_text("utf-8")).get("organisation", [])
    except tomllib.TOMLDecodeError as error:
        raise BadCatalogue(f"{_FILE.name}：{error}", "请检查该行的引号和括号。") from error
    return Register.of(_organisation(entry) for entry in entries)


def _organisation(entry: dict[str, object]) -> Organisation:
    lists: dict[str, tuple[str, ...]] = {key: tuple(entry.get(key, ())) for key in ("aliases", "local")}  # type: ignore[arg-type]
    plain = {key: value for key, value in entry.items() if key not in lists}
    try:
        body = Organisation(**plain, **lists)  # type: ignore[arg-type]
    except TypeError as error:
        raise BadCatalogue(
            f"{_FILE.name} 中的条目 {entry.get('id', entry)} 有误：{error}", "请对照文件开头的说明。"
        ) from error
    if body.level not in _LEVELS:
        raise BadCatalogue(
            f"{_FILE.name} 中的条目 {body.id} 层级有误：{body.level}", f"层级只能是 {'、'.join(_LEVELS)}。"
        )
    return body
