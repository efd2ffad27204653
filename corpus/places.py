"""The administrative divisions of China of province and prefecture level (GB/T 2260), and where a name begins with one."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from schemas import BadCatalogue

_FILE = Path(__file__).parent / "places.toml"
_SEVERAL = "(?![、和与及])"
_NO_PLACE = (
    r"(?![、和与及区县旗州镇乡村路街道]|自治|特别|河(?![东西南北])|[东西南北中]路|[\u4e00-\u9fff]{1,4}族"
    r"|[\u4e00-\u9fff]{0,3}[省市])"
)
"""After a short name: what makes another name of it (上海路, 河北区, 海南江市), or one of several."""


@dataclass(frozen=True)
class Divisions:
    """Provinces with their cities, by full names; ``short`` gives the full names of short ones.

    ``park_kinds``, ``park_forms`` and ``park_wide`` tell how names of parks end, which forms are one, and which tell nothing.
    """

    cities: Mapping[str, tuple[str, ...]]
    short: Mapping[str, str]
    park_kinds: tuple[str, ...]
    park_forms: Mapping[str, str]
    park_wide: tuple[str, ...]

    @functools.cached_property
    def province_of(self) -> dict[str, str]:
        """City → province."""
        return {city: province for province, cities in self.cities.items() for city in cities}

    def read(self, text: str) -> tuple[str, str, str]:
        """Province and city with which a name begins, in full, and what follows; each empty where it is not said.

        A city that is printed without 市 is read before the name of a park alone: 大同 and 白银 are words as well.

        >>> divisions().read("江苏省苏州市人民政府"), divisions().read("苏州工业园区管委会")
        (('江苏省', '苏州市', '人民政府'), ('江苏省', '苏州市', '工业园区管委会'))
        >>> divisions().read("上海化学工业区"), divisions().read("江渚市人民政府")
        (('上海市', '', '化学工业区'), ('', '', '江渚市人民政府'))
        """
        city, rest = self._city(text)
        if city:
            return self.province_of[city], city, rest
        found = self._province.match(text)
        if found is None:
            return "", "", text
        province, rest = self.short.get(found.group(), found.group()), text[found.end() :]
        city, further = self._city(rest)
        if city and self.province_of[city] == province:
            return province, city, further
        return (province, "", rest) if self._province_alone.match(text) else ("", "", text)

    def _city(self, text: str) -> tuple[str, str]:
        found = self._full_city.match(text) or self._city_of_park.match(text)
        if found is None:
            return "", text
        name = found.group(1)
        return self.short.get(name, name), text[len(name) :]

    @functools.cached_property
    def _province(self) -> re.Pattern[str]:
        return re.compile(_any((*self.cities, *self._short_provinces)))

    @functools.cached_property
    def _province_alone(self) -> re.Pattern[str]:
        return re.compile(f"(?:{_any(self.cities)}){_SEVERAL}|(?:{_any(self._short_provinces)}){_NO_PLACE}")

    @functools.cached_property
    def _short_provinces(self) -> tuple[str, ...]:
        return tuple(name for name, full in self.short.items() if full in self.cities)

    @functools.cached_property
    def _full_city(self) -> re.Pattern[str]:
        others = (name for name, full in self.short.items() if full in self.province_of and f"{name}市" != full)
        return re.compile(f"({_any((*self.province_of, *others))})(?![、和与及区县场])")

    @functools.cached_property
    def _city_of_park(self) -> re.Pattern[str]:
        bare = _any(name for name, full in self.short.items() if f"{name}市" == full and full in self.province_of)
        return re.compile(rf"({bare}){_NO_PLACE}(?=[\u4e00-\u9fff]{{0,12}}?(?:{_any((*self.park_kinds, '新区'))}))")


def _any(names: Iterable[str]) -> str:
    return "|".join(sorted(names, key=lambda name: (-len(name), name)))


@functools.cache
def divisions() -> Divisions:
    """The divisions that are shipped (``places.toml``), loaded once.

    Raises:
        BadCatalogue: the file is not usable.
    """
    try:
        data = tomllib.loads(_FILE.read_text("utf-8"))
        cities: dict[str, tuple[str, ...]] = {}
        short: dict[str, str] = {}
        for row in data["province"]:
            others = row.get("others", {})
            plain = {name: f"{name}市" for name in row.get("cities", ())}
            cities[row["name"]] = (*plain.values(), *others)
            short |= plain | {name: full for full, name in others.items()}
        short |= {row["short"]: row["name"] for row in data["province"]}  # 吉林, also a city, is the province
        parks = data["parks"]
        return Divisions(cities, short, tuple(parks["kinds"]), parks["same"], tuple(parks["wide"]))
    except (tomllib.TOMLDecodeError, KeyError) as error:
        raise BadCatalogue(f"{_FILE.name}：{error}", "请对照文件开头的说明。") from error
