"""Commitments in sentences of our own: what each says, and numbers that commit nobody."""

import pytest

from corpus import read_text
from corpus.catalogue import load
from corpus.outlines import read_outline
from extract import extract
from extract.targets import Clock, default_year, find

# sentence → (direction, bound, value, unit, baseline year, target year) of each commitment
COMMITMENTS = {
    "到2025年，万元工业增加值用水量较2020年下降16%。": [("reduce", "=", 16, "%", 2020, 2025)],
    "到“十五五”末，再生水利用率达到30%以上。": [("reach", ">=", 30, "%", None, 2030)],
    "力争平均每年节约1%的用能量。": [("reduce", "~", 1, "%", None, None)],
    "再生水利用率提高到45%左右。": [("reach", "~", 45, "%", None, None)],
    "清洁能源消费占比提高10个百分点。": [("increase", "=", 10, "个百分点", None, None)],
    "规上工业增加值年均增长8%以上。": [("increase", ">=", 8, "%", None, None)],
    "城镇登记失业率控制在3.5%以内。": [("limit", "<=", 3.5, "%", None, None)],
    "用水总量不超过78亿立方米。": [("limit", "<=", 78, "亿立方米", None, None)],
    "单位产品综合能耗降至100千克标准煤/吨以下。": [("limit", "<=", 100, "千克标准煤/吨", None, None)],
    "绿色产业产值突破800亿元。": [("reach", ">", 800, "亿元", None, None)],
    "创建节水型企业30家，培育服务商10家以上。": [
        ("count", "=", 30, "家", None, None), ("count", ">=", 10, "家", None, None),
    ],
    "建成1~2所示范学校。": [("count", ">=", 1, "所", None, None)],
    "新建园区应至少使用一种可再生能源。": [("reach", ">=", 1, "种", None, None)],
    "三年新增分布式光伏装机30万千瓦。": [("increase", "=", 30, "万千瓦", None, None)],
    "再生铜、再生铝能耗较2022年分别下降3%、5%。": [
        ("reduce", "=", 3, "%", 2022, None), ("reduce", "=", 5, "%", 2022, None),
    ],
    "到2024年建成A类站点20个，到2026年建成40个。": [
        ("count", "=", 20, "个", None, 2024), ("count", "=", 40, "个", None, 2026),
    ],
    "严禁钢铁行业新增产能，确保粗钢产量只减不增。": [
        ("limit", "<=", None, None, None, None), ("limit", "<=", None, None, None, None),
    ],
    "推动规上企业节能诊断全覆盖。": [("reach", None, None, None, None, None)],
    "2024年底前全面完成整治任务。": [("reach", None, None, None, None, 2024)],
    "覆盖率由62%提升到85%。": [("reach", "=", 85, "%", None, None)],
    "新建公共管廊15公里。": [("count", "=", 15, "公里", None, None)],
    "自收到申请之日起20个工作日内办结。": [("limit", "<=", 20, "个工作日", None, None)],
    "事故信息30分钟内上报。": [("limit", "<=", 30, "分钟", None, None)],
    "力争2025年、2030年风电装机容量分别超过262万千瓦、500万千瓦。": [
        ("reach", ">", 262, "万千瓦", None, 2025), ("reach", ">", 500, "万千瓦", None, 2030),
    ],
    "到2025年、2030年，绿电占比分别不低于20%、30%。": [
        ("reach", ">=", 20, "%", None, 2025), ("reach", ">=", 30, "%", None, 2030),
    ],
    "屋顶光伏覆盖率达到50%以上；到2030年，实现应装尽装。": [
        ("reach", ">=", 50, "%", None, None), ("reach", None, None, None, None, 2030),
    ],
    "新建数据中心PUE不应超过1.3。": [("limit", "<=", 1.3, None, None, None)],
    "每万人口高价值发明专利拥有量达到30件左右。": [("reach", "~", 30, "件", None, None)],
    "燃料电池汽车保有量突破1万辆。": [("reach", ">", 1, "万辆", None, None)],
    "带动减少二氧化碳排放5万吨/年。": [("reduce", "=", 5, "万吨/年", None, None)],
    "事故起数比上年下降10%以上。": [("reduce", ">=", 10, "%", None, None)],
    "盘活低效用地3000亩以上，抚育森林2万亩。": [
        ("count", ">=", 3000, "亩", None, None), ("count", "=", 2, "万亩", None, None),
    ],
    "泄漏率控制在千分之一以内。": [("limit", "<=", 1, "‰", None, None)],
    "新能源装机达到320万千瓦，其中光伏发电装机210万千瓦。": [
        ("reach", "=", 320, "万千瓦", None, None), ("reach", "=", 210, "万千瓦", None, None),
    ],
    "每年为50家规上企业开展免费节能诊断。": [("count", "=", 50, "家", None, None)],
    "省级电网基本具备5%以上的尖峰负荷响应能力。": [("reach", ">=", 5, "%", None, None)],
    "每万平方米建筑垃圾产生量控制在300吨以下。": [("limit", "<=", 300, "吨", None, None)],
    "所有区均建成“无废城市”。": [("reach", None, None, None, None, None)],
    "审批时限压缩至7个工作日。": [("limit", "<=", 7, "个工作日", None, None)],
    "节约标煤1.5万吨。": [("reduce", "=", 1.5, "万吨", None, None)],
    "编制2023年度清单，推动2家企业开展评价。": [("count", "=", 2, "家", None, None)],
    "每次现场检查人员不得少于2人。": [("count", ">=", 2, "人", None, None)],
    "仍用老窑的5家企业2024年6月底前完成更新。": [("count", "=", 5, "家", None, 2024)],
    "到2025年，装机达到320万千瓦，其中光伏装机210万千瓦。": [
        ("reach", "=", 320, "万千瓦", None, 2025), ("reach", "=", 210, "万千瓦", None, 2025),
    ],
    "建设2万吨/年废盐精制和1.5万吨/年废溶剂回收项目。": [
        ("reach", "=", 2, "万吨/年", None, None), ("reach", "=", 1.5, "万吨/年", None, None),
    ],
    "建成应急闸坝和6000立方米公共应急池。": [("count", "=", 6000, "立方米", None, None)],
    "2025年前在100个以上厂房屋顶建成光伏项目。": [("count", ">=", 100, "个", None, 2025)],
    "臭氧超标天数较2023年减少8天。": [("reduce", "=", 8, "天", 2023, None)],
    "农田灌溉水有效利用系数提高到0.62。": [("reach", "=", 0.62, None, None, None)],
    "出水总氮执行10毫克/升限值。": [("limit", "<=", 10, "毫克/升", None, None)],
    "布设监测井38口。": [("count", "=", 38, "口", None, None)],
    "出境断面稳定达到Ⅲ类。": [("reach", None, None, None, None, None)],
    "到2025年，重点企业基本建成管理系统。": [("reach", None, None, None, None, 2025)],
}  # fmt: skip

# sentence → indicator of each commitment
INDICATORS = {
    "创建绿色工厂200家、绿色园区20家。": ["绿色工厂", "绿色园区"],
    "绿电占比达15%。": ["绿电占比"],
    "累计建设零碳工厂5家以上、零碳数据中心1个。": ["零碳工厂", "零碳数据中心"],
    "再生水利用率不低于30%。": ["再生水利用率"],
    "可再生能源装机达到180万千瓦。": ["可再生能源装机"],
    "审批时限压缩至7个工作日。": ["审批时限"],
    "危险废物填埋量占危险废物总量下降到3%以内。": ["危险废物填埋量占危险废物总量"],
    "园区每年安排不少于2000万元专项资金。": ["专项资金"],
    "2025年6月底前建成监测平台。": ["建成监测平台"],
    "泄漏率控制在千分之一以内。": ["泄漏率"],
    "老旧装置2025年6月底前全部退出。": ["老旧装置全部退出"],
    "PM2.5年均浓度降至29微克/立方米。": ["PM2.5年均浓度"],
    "建设5万吨/年碳酸酯示范装置。": ["碳酸酯示范装置"],
    "创建绿色工厂36家（其中国家级6家）、绿色园区3个。": ["绿色工厂", "国家级", "绿色园区"],
    "拆除剩余的37台燃煤、生物质锅炉。": ["燃煤、生物质锅炉"],
    "每年征集技术难题不少于20项并张榜招贤。": ["征集技术难题"],
    "产值达到820亿元，占园区总产值比重提高到42%。": ["产值", "产值占园区总产值比重"],
    "三年建成中试平台20个以上。": ["中试平台"],
    "三年内在重点产业链组建创新联合体15家以上。": ["创新联合体"],
    "由链主企业组建创新联合体，三年不少于5家。": ["三年"],
    "重点企业五年内全部完成审核，2025年底前完成86家。": ["重点企业五年内全部完成审核"] * 2,
}

NO_COMMITMENT = [
    "目前，园区已集聚企业86家，实现产值1200亿元。",
    "近五年，平均每年新增专利30件。",
    "部分企业能耗水平仍高于行业平均水平。",
    "支持长江沿江1公里范围内企业改造。",
    "对年度研发费用超过500万元且增幅达到20%的企业，给予补助。",
    "加强对10家重点企业的监管。",
    "每季度末月25日前报送工作进展。",
    "截至2020年底，全市累计建成绿色工厂58家。",
    "“十三五”期间，单位能耗累计下降16.9%。",
    "去年新增装机86兆瓦。",
    "对年综合能耗1万吨标准煤以上的企业开展节能监察。",
    "对研发投入占比超过3%的企业给予优先用地保障。",
    "推动高压设备、70兆帕储氢瓶等储运技术的应用。",
    "对首次入选的企业给予50万元奖励。",
    "实施“十百千”工程，推进5G应用和PM2.5治理。",
    "落实三项制度，开展五大行动。",
    "根据《2030年前碳达峰行动方案》要求，做好工作。",
    "在不增加财政负担的前提下推进改革。",
    "聚焦2类重点行业和3个方面，抓好落实。",
    "推动30人以上粉尘作业场所减人改造。",
    "超计划10%以内的约谈提醒，超10%以上的由供水方按规定加价。",
    "报警30分钟内未处置的自动升级至企业负责人。",
    "园区循环冷却补水占新鲜水用量的54%。",
    "园区现有化工企业41家，其中构成重大危险源的17家。",
    "对属实的隐患报告每条奖1000元至5万元。",
    "对技改贷款给予最高1.5个百分点贴息。",
    "有序禁止、限制部分塑料制品生产、销售和使用。",
    "推进“污水零直排区”建设。",
]


def _found(text: str, *, goals: bool = False, lost: bool = False, default: int | None = None) -> list[tuple]:
    return [
        (t.direction, t.bound, t.value, t.unit, t.baseline_year, t.target_year)
        for t in find(text, 0, len(text), Clock(default), goals=goals, lost_digits=lost)
    ]


@pytest.mark.parametrize(("text", "expected"), COMMITMENTS.items())
def test_commitments(text: str, expected: list[tuple]) -> None:
    assert _found(text) == expected


@pytest.mark.parametrize(("text", "expected"), INDICATORS.items())
def test_indicators(text: str, expected: list[str]) -> None:
    found = find(text, 0, len(text), Clock(None), goals=False, lost_digits=False)
    assert [one.indicator for one in found] == expected


@pytest.mark.parametrize("text", NO_COMMITMENT)
def test_numbers_that_commit_nobody(text: str) -> None:
    assert _found(text) == []


def test_a_lost_number_is_null_not_guessed() -> None:
    assert _found("住户达到 户以上，一般不超过 年。", lost=True) == [
        ("reach", ">=", None, "户", None, None),
        ("limit", "<=", None, "年", None, None),
    ]


def test_a_year_holds_for_its_sentence_and_in_goals_for_its_paragraph() -> None:
    text = "到2025年，产值达到300亿元。建成园区3个。"
    assert [row[-1] for row in _found(text)] == [2025, None]
    assert [row[-1] for row in _found(text, goals=True)] == [2025, 2025]
    assert [row[-1] for row in _found("2024年底前完成替代65家；建设中心1个。")] == [2024, None]
    assert [row[-1] for row in _found("到2025年，占比超过50%；试点不少于20艘。")] == [2025, 2025]


def test_what_is_largely_done_is_no_goal_but_an_order() -> None:
    text = "到2025年，重点企业基本建成管理系统。"
    assert len(_found(text)) == 1 and _found(text, goals=True) == []


@pytest.mark.parametrize(
    ("title", "year"),
    [
        ("某市工业绿色发展“十四五”规划", 2025),
        ("三年行动计划（2023—2025年）", 2025),
        ("2024年工作要点", 2024),
        ("2030年前碳达峰行动方案", None),
        ("某市节水方案", None),
    ],
)
def test_the_period_of_the_title(title: str, year: int | None) -> None:
    assert default_year(title) == year


def test_half_width_marks_part_clauses_and_bound_numbers() -> None:
    said = (
        "1.推进检测。全年检测密封点不低于180万个点次,泄漏率<0.5%,新增产值1,200万元以上(责任部门:环保办,配合部门:各企业)"
    )
    policy = extract(read_text(f"某市治理方案\n一、主要任务\n{said}\n2.改造管网。推进管网改造,建立台账。"))
    assert [(t.indicator, t.direction, t.bound, t.value, t.unit) for t in policy.targets] == [
        ("全年检测密封点", "count", ">=", 180.0, "万个点次"),
        ("泄漏率", "limit", "<", 0.5, "%"),
        ("新增产值", "increase", ">=", 1200.0, "万元"),
    ]
    assert [d.name for d in policy.tasks[0].departments] == ["环保办", "各企业"]


def test_a_target_of_an_outline_says_what_is_to_be_done() -> None:
    """单位国内生产总值能耗 13.5% would be a level; where the facts hold no more than 煤炭消费 and a year, it says so."""
    found = [target for outline in load().outlines for target in read_outline(outline).targets]
    assert len(found) > 100
    for one in found:
        assert one.quote.rstrip("。") not in (one.indicator, f"到 {one.target_year} 年，{one.indicator}"), one.quote
        if one.value is not None:
            assert (one.direction == "reduce") == any(word in one.quote for word in ("下降", "降至")), one.quote
            assert one.bound not in (">=", "~") or f"{one.unit}{'以上' if one.bound == '>=' else '左右'}" in one.quote
        if one.baseline_year:
            assert f"较 {one.baseline_year} 年" in one.quote
    quotes = {one.quote for one in found}
    assert "到 2030 年，单位国内生产总值二氧化碳排放较 2005 年下降 65%以上" in quotes
    assert "2030 年前，二氧化碳排放达峰" in quotes
