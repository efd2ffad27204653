"""Places: the divisions of China, what place a document speaks for, and that no other place's document binds it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import ClassVar

import pytest

import cli
from corpus.places import divisions
from index import views
from index.linking import places
from index.linking.linker import link, link_pair, rank, stands_above
from index.linking.places import Place, apart, place_of
from index.targets.comparison import compare
from schemas import Level, Policy, Standing, Subject
from tests.kb_making import made
from tests.policies import Held, policy, target

TASKS = [
    ("推进港区岸电建设", "推进港区岸电设施改造，到港船舶靠泊优先使用岸电。建立岸电使用台账。"),
    ("加强湿地保护修复", "实施滨海湿地保护修复工程，恢复滩涂植被。"),
]


def of(level: Level, title: str, *issuers: str, slug: str = "", date: str = "2022-01-01") -> Policy:
    one = policy(slug or title, level, TASKS, title=title, date=date, targets=[target("岸电使用率", 80)])
    return one.model_copy(update={"issuers": issuers})


NATION = of("national", "港口岸电行动方案", "交通运输部", date="2020-01-01")
JIANGSU = of("provincial", "江苏省岸电实施方案", "江苏省人民政府办公厅", date="2021-01-01")
SHANGHAI = of("municipal", "上海市岸电实施方案", "上海市交通委员会", date="2021-01-01")
NANJING = of("municipal", "南京市岸电实施方案", "南京市人民政府")
SUZHOU = of("municipal", "苏州市岸电发展规划", "苏州市人民政府")
WUXI = of("municipal", "无锡市岸电实施方案", "无锡市人民政府")
JIANGZHU = of("municipal", "江渚市岸电实施方案", "江渚市人民政府")
SCIP = of("park", "上海化学工业区岸电方案", "上海化学工业区管理委员会", date="2023-01-01")
SUZHOU_PARK = of("park", "苏州工业园区岸电方案", "苏州工业园区管理委员会", date="2023-01-01")
JIANGZHU_PARK = of("park", "江渚经济技术开发区岸电方案", "江渚经济技术开发区管理委员会", date="2023-01-01")
ALL = (NATION, JIANGSU, SHANGHAI, NANJING, SUZHOU, WUXI, JIANGZHU, SCIP, SUZHOU_PARK, JIANGZHU_PARK)


def test_the_divisions_are_those_of_the_country() -> None:
    data = divisions()
    cities = [city for listed in data.cities.values() for city in listed]
    assert len(data.cities) == 34 and len(cities) == len(set(cities)) == 333
    assert {kind: sum(one.endswith(kind) for one in cities) for kind in ("市", "自治州", "地区", "盟")} == {
        "市": 293,
        "自治州": 30,
        "地区": 7,
        "盟": 3,
    }
    assert {name for name, listed in data.cities.items() if not listed} == {
        *(f"{name}市" for name in ("北京", "天津", "上海", "重庆")),
        *("台湾省", "香港特别行政区", "澳门特别行政区"),
    }
    short = {full: name for name, full in data.short.items()}
    assert {*data.cities, *cities} - short.keys() == {"吉林市"}  # 吉林 alone is the province
    assert short["内蒙古自治区"] == "内蒙古" and short["广西壮族自治区"] == "广西" and short["上海市"] == "上海"


def test_every_division_is_read_under_its_own_name_and_no_other_begins_it() -> None:
    data = divisions()
    for province, cities in data.cities.items():
        assert data.read(f"{province}人民政府") == (province, "", "人民政府")
        for city in cities:
            assert (
                data.read(f"{city}人民政府") == data.read(f"{province}{city}人民政府") == (province, city, "人民政府")
            )


@pytest.mark.parametrize(
    ("level", "title", "issuers", "place"),
    [
        ("provincial", "江苏省“无废”建设方案", (), Place("江苏省")),
        ("provincial", "关于推进岸电的意见", ("内蒙古自治区人民政府",), Place("内蒙古自治区")),
        ("municipal", "“十四五”岸电规划", ("中共苏州市委", "苏州市人民政府"), Place("江苏省", "苏州市")),
        ("municipal", "广东深圳市岸电方案", (), Place("广东省", "深圳市")),
        ("municipal", "延边州岸电方案", (), Place("吉林省", "延边朝鲜族自治州")),
        ("municipal", "上海市推进重点区域、园区等试点的方案", (), Place("上海市")),
        ("district", "金山区岸电方案", ("上海市金山区人民政府",), Place("上海市", "", "金山区")),
        ("district", "上海市金山区岸电方案", ("金山区发展和改革委员会",), Place("上海市", "", "金山区")),
        ("district", "推进社区岸电方案", ("上海市金山区人民政府",), Place("上海市")),
        ("park", "岸电方案", ("上海化工区管委会",), Place("上海市", park="化工区")),
        ("park", "上海化学工业区岸电方案", (), Place("上海市", park="化工区")),
        ("park", "苏州高新技术产业开发区岸电方案", (), Place("江苏省", "苏州市", park="高新区")),
        ("park", "上海市浦东新区张江高科技园区方案", (), Place("上海市", "", "浦东新区", "张江高科技园区")),
        ("park", "南京江北新区岸电方案", (), Place("江苏省", "南京市", "江北新区")),
        ("park", "中国（上海）自由贸易试验区临港新片区岸电方案", (), Place("上海市")),
        ("national", "上海市城市总体规划批复", ("国务院",), Place()),
    ],
)
def test_the_place_is_what_issuers_and_title_say(
    level: Level, title: str, issuers: tuple[str, ...], place: Place
) -> None:
    assert place_of(of(level, title, *issuers)) == place


@pytest.mark.parametrize(
    ("title", "issuers"),
    [
        ("江渚市岸电方案", ("江渚市人民政府",)),
        ("昆山市岸电方案", ("昆山市人民政府",)),  # a city of county level: it lies in another that is not said
        ("海南江市岸电方案", ()),
        ("苏州河岸线整治方案", ()),
        ("朝阳区岸电方案", ()),
        ("白银回收规范", ()),
        ("上海市、江苏省、浙江省岸电方案", ()),
        ("长三角岸电方案", ("上海市人民政府", "江苏省人民政府")),
        ("南京路步行街岸电方案", ()),
        ("", ()),
        ("《\ud800（", ("",)),
    ],
)
def test_what_is_no_place_or_several_is_none(title: str, issuers: tuple[str, ...]) -> None:
    assert place_of(of("municipal", title, *issuers)) == Place()


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        (Place("江苏省"), Place("上海市", park="化工区"), ("江苏省", "上海市")),
        (Place("江苏省", "南京市"), Place("江苏省", "苏州市", park="工业园"), ("南京市", "苏州市")),
        (Place("江苏省"), Place("江苏省", "苏州市"), None),
        (Place(), Place("上海市"), None),
        (Place("上海市", "", "崇明县"), Place("上海市", "", "崇明区"), None),
        (Place("上海市", "", "金山区"), Place("上海市", "", "奉贤区"), ("金山区", "奉贤区")),
        (Place("上海市", "", "金山区"), Place("上海市", park="化工区"), None),
        (Place("上海市", park="张江高新区"), Place("上海市", park="张江科学城"), None),
        (Place("上海市", park="漕河泾开发区"), Place("上海市", park="化工区"), ("漕河泾开发区", "化工区")),
    ],
)
def test_only_what_is_known_of_both_contradicts(one: Place, other: Place, differ: tuple[str, str] | None) -> None:
    assert apart(one, other) == differ
    assert apart(other, one) == (differ and differ[::-1])


def test_a_document_stands_above_those_of_its_own_place_and_of_unknown_ones() -> None:
    above = {(upper.slug, lower.slug) for upper in ALL for lower in ALL if stands_above(upper, lower)}
    cut = {
        (JIANGSU, SHANGHAI),
        (JIANGSU, SCIP),
        (SHANGHAI, NANJING),
        (SHANGHAI, WUXI),
        (SUZHOU, SHANGHAI),
        (SUZHOU, NANJING),
        (SUZHOU, WUXI),
        (NANJING, WUXI),
        (SHANGHAI, SUZHOU_PARK),
        *((city, SUZHOU_PARK) for city in (NANJING, WUXI)),
        *((city, SCIP) for city in (NANJING, SUZHOU, WUXI)),
        (SCIP, SUZHOU_PARK),
    }
    by_level = {(upper.slug, lower.slug) for upper in ALL for lower in ALL if rank(upper) < rank(lower)}
    assert by_level - above == {(one.slug, other.slug) for one, other in cut}
    linked = {(one.upper.doc, one.lower.doc) for one in link(ALL) if one.grade >= 2}
    assert linked == above


def test_each_document_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def counted(one: Policy) -> Place:
        read.append(one.slug)
        return place_of(one)

    monkeypatch.setattr(places, "place_of", counted)
    link(ALL)
    assert sorted(read) == sorted(one.slug for one in ALL)


def test_two_named_documents_of_different_places_are_answered() -> None:
    kb = Held(ALL, link(ALL))
    assert kb.links(lower=SCIP.slug, upper=JIANGSU.slug) == ()
    assert views.links(kb, SCIP.slug, JIANGSU.slug) == link_pair(SCIP, JIANGSU) != ()
    assert {row.state for row in views.gaps(kb, JIANGSU.slug, SCIP.slug)} == {"covered"}
    assert "两份文件不属同一地方（江苏省、上海市），不自动关联" in views.note_on(kb, SCIP.slug, JIANGSU.slug)
    assert views.note_on(kb, SCIP.slug, SHANGHAI.slug) == ""
    assert "不在" in views.note_on(kb, SHANGHAI.slug, SCIP.slug)
    assert "不属同一地方（苏州市、无锡市）" in views.note_on(kb, WUXI.slug, SUZHOU.slug)


def test_what_people_said_of_a_link_across_places_stands() -> None:
    about = Subject(kind="link", doc=SCIP.slug, item="一.1", other_doc=JIANGSU.slug, other_item="一.1")
    said = Standing(
        subject=about, state="rejected", verdict="reject", who="王工", at="2024-01-01T00:00:00+00:00", decision="d"
    )

    class Judged(Held):
        standings: ClassVar = {about: said}

    kb = Judged(ALL, link(ALL))
    found = {(one.lower.task, one.upper.task): one.state for one in views.links(kb, SCIP.slug, JIANGSU.slug)}
    assert found["一.1", "一.1"] == "rejected"
    assert [row.state for row in views.gaps(kb, JIANGSU.slug, SCIP.slug)] == ["gap", "covered"]


def test_targets_of_different_places_are_not_held_against_each_other() -> None:
    pairs = {(one.upper.doc, one.lower.doc) for one in compare(ALL)}
    assert pairs == {(upper.slug, lower.slug) for upper in ALL for lower in ALL if stands_above(upper, lower)}


def test_the_command_says_why_two_documents_are_not_linked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lower, upper = (one.model_copy(update={"slug": slug}) for one, slug in ((SCIP, "park"), (JIANGSU, "province")))
    made(tmp_path / "kb", lower, upper, SHANGHAI.model_copy(update={"slug": "city"}))

    def run(*words: str) -> tuple[str, str]:
        assert cli.main([*words, "--kb", str(tmp_path / "kb")]) == 0
        printed = capsys.readouterr()
        return printed.out, printed.err

    assert {one["upper"]["doc"] for one in json.loads(run("links", "--lower", "park", "--json")[0])} == {"city"}
    for command in ("links", "gaps"):
        out, err = run(command, "--lower", "park", "--upper", "province")
        assert "推进港区岸电建设" in out and "两份文件不属同一地方（江苏省、上海市），不自动关联" in err
        assert "不属同一地方" not in run(command, "--lower", "park", "--upper", "city")[1]
