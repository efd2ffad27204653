"""The tree of clauses and the tasks in it, on texts of our own."""

import pytest

from corpus import read_text
from extract import extract
from schemas import Policy

DO = "推进节水改造，建立台账，落实责任。"


def _ids(*lines: str) -> list[tuple[str, str | None]]:
    return [(task.id, task.title) for task in extract(read_text("\n".join(("某市节水方案", *lines)))).tasks]


CASES = {
    "conventional": (
        ["一、主要任务", "（一）工业节水", "1.改造管网。" + DO, "2.推广技术。" + DO, "（二）农业节水", "1.滴灌。" + DO, "二、保障措施", "（一）组织领导。" + DO],
        [("一.一.1", "改造管网"), ("一.一.2", "推广技术"), ("一.二.1", "滴灌"), ("二.一", "组织领导")],
    ),
    "numbers run on over the sections": (
        ["一、工业", "（一）改造管网。" + DO, "（二）推广技术。" + DO, "二、农业", "（三）发展滴灌。" + DO],
        [("一.一", "改造管网"), ("一.二", "推广技术"), ("二.三", "发展滴灌")],
    ),
    "arabic above han brackets": (
        ["1.工业节水", "（一）改造管网。" + DO, "（二）推广技术。" + DO, "2.农业节水", "（一）发展滴灌。" + DO, "3.城镇节水", "（一）查漏补损。" + DO],
        [("1.一", "改造管网"), ("1.二", "推广技术"), ("2.一", "发展滴灌"), ("3.一", "查漏补损")],
    ),
    "decimal headings": (
        ["1 总则", "1.1 目的", "为规范工作。", "2 重点任务", "2.1 工业节水", DO, "2.2 农业节水", DO],
        [("2.1", "工业节水"), ("2.2", "农业节水")],
    ),
    "chapters and articles": (
        ["第一章 总则", "第一条 为加强节水管理，制定本办法。", "第二条 本办法所称节水，是指节约用水。", "第二章 管理", "第三条 用水单位应当建立台账。", "第四条 不得擅自停用节水设施。"],
        [("二.三", None), ("二.四", None)],
    ),
    "titles without numbers": (
        ["一、重点领域", "聚焦三个领域，扎实推进。", "改造老旧管网。" + DO, "推广节水器具。" + DO],
        [("一.1", "改造老旧管网"), ("一.2", "推广节水器具")],
    ),
    "goals and principles hold no tasks": (
        ["一、总体要求", "（一）指导思想。推进节水。", "（二）基本原则。坚持节水优先，落实责任。", "（三）工作目标。到2025年用水量下降16%。", "二、任务", "（一）改造管网。" + DO],
        [("二.一", "改造管网")],
    ),
    "members of one sentence": (
        ["一、任务", "1.建立机制。重点做好以下工作：", "（1）推进改造；", "（2）建立台账；", "（3）落实责任。", "2.推广技术。" + DO],
        [("一.1", "建立机制"), ("一.2", "推广技术")],
    ),
    "a section without items": (["一、总体要求", "做好节水。", "二、组织领导", DO], [("二", "组织领导")]),
    "chapters of a decimal numbering without the blank behind their number": (
        ["1总体要求", "1.1背景", "做好节水。", "2试点目标", "到2025年用水量下降16%。", "3重点任务", "3.1改造管网", DO, "3.2推广技术", DO, "4保障措施", "5个区参加。"],
        [("3.1", "改造管网"), ("3.2", "推广技术")],
    ),
    "title closed by a colon or blanks": (
        ["一、任务", "1.改造管网：" + DO, "2.推广技术  " + DO, "3.建立台账。" + DO],
        [("一.1", "改造管网"), ("一.2", "推广技术"), ("一.3", "建立台账")],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("lines", "expected"), CASES.values(), ids=CASES)
def test_tasks_of(lines: list[str], expected: list[tuple[str, str | None]]) -> None:
    assert _ids(*lines) == expected


def test_a_number_inside_a_sentence_is_no_heading() -> None:
    policy = extract(
        read_text(
            "某市节水方案\n一、任务\n1.改造管网。新增能力\n2.5万吨，建成\n3.5公里管网，落实责任。\n2.推广技术。推进应用。"
        )
    )
    assert [t.id for t in policy.tasks] == ["一.1", "一.2"]


def test_no_text_is_refused() -> None:
    for text in ("节水", "今天天气很好。", "一、", "（一）", "第一条", "附件", "\n\n", ""):
        assert extract(read_text(text)).tasks in ((), extract(read_text(text)).tasks)


def test_a_group_of_items_shares_the_bracket_behind_it() -> None:
    text = "某市节水方案\n一、工业\n（一）改造管网。推进改造。\n（二）推广技术。推进应用。\n（市水务局、市财政局按职责分工负责）\n二、农业\n（三）滴灌。推进滴灌。\n（四）节灌。推进节灌。\n（市农业农村局负责）"
    tasks = extract(read_text(text)).tasks
    assert [(t.departments_from, [d.name for d in t.departments]) for t in tasks] == [
        ("group", ["市水务局", "市财政局"]), ("group", ["市水务局", "市财政局"]), ("group", ["市农业农村局"]), ("group", ["市农业农村局"]),
    ]  # fmt: skip


def test_each_sentence_has_the_departments_of_its_own_bracket() -> None:
    text = "某市节水方案\n一、任务\n1.节水。推进改造。（市水务局负责）推广技术。（市科技局负责）"
    task = extract(read_text(text)).tasks[0]
    assert [d.name for d in task.departments] == ["市水务局", "市科技局"]
    assert [[d.name for d in m.departments] for m in task.measures] == [["市水务局"], ["市科技局"]]


def test_the_first_named_leads_where_the_document_says_so() -> None:
    text = "某市节水方案\n一、任务\n1.甲。推进改造。（责任单位：市水务局、市财政局，排在第一位的为牵头部门，下同）\n2.乙。推进应用。（责任单位：市科技局、市水务局）"
    tasks = extract(read_text(text)).tasks
    assert [[(d.role, d.effective_role) for d in t.departments] for t in tasks] == [
        [("责任单位", "lead"), ("责任单位", "support")]
    ] * 2


def test_an_item_with_a_bracket_of_departments_is_a_task_whatever_its_words() -> None:
    lines = (
        "一、主要任务",
        "1.特殊作业线上报备。动火、受限空间作业线上报备。（责任部门：应急办）",
        "2.开办企业当日办结。企业开办材料一次提交。（经发处牵头）",
        "3.推进节水改造。加强用水管理。（责任部门：环保办）",
    )
    assert [one for one, _ in _ids(*lines)] == ["一.1", "一.2", "一.3"]


DEADLINES = {
    "2.推广技术。推广热泵。（完成时限：2025年底前）": "2025年底前",
    "2.推广技术。推广热泵。\n责任部门：经发处\n完成时限：持续推进": "持续推进",
    "2.推广技术。推广热泵。（牵头单位：经发处；完成时间：三季度前）": "三季度前",
    "2.推广技术。推广热泵，明确完成时限。": None,
}


@pytest.mark.parametrize(("printed", "deadline"), DEADLINES.items())
def test_the_deadline_printed_with_an_item(printed: str, deadline: str | None) -> None:
    lines = ["某市节水方案", "一、主要任务", "1.改造管网。" + DO, "责任部门：规建处", *printed.split("\n")]
    tasks = extract(read_text("\n".join(lines))).tasks
    assert [task.deadline for task in tasks] == [None, deadline]


def test_the_deadline_of_a_group_holds_for_each_of_its_items() -> None:
    lines = [
        "某市节水方案",
        "一、主要任务",
        "1.改造管网。" + DO,
        "2.推广技术。" + DO,
        "责任部门：经发处",
        "完成时限：三季度",
    ]
    lines += ["二、其他任务", "3.查漏补损。" + DO, "4.宣传节水。" + DO]
    assert [t.deadline for t in extract(read_text("\n".join(lines))).tasks] == ["三季度", "三季度", None, None]


def _policy(*lines: str) -> Policy:
    return extract(read_text("\n".join(("某市节水方案", *lines))))


def test_an_item_is_what_most_of_its_neighbours_are() -> None:
    funds = "（三）资金保障。市财政每年有不少于3000万元专项资金。"
    policy = _policy("一、主要任务", "（一）改造管网。" + DO, "（二）推广技术。" + DO, funds)
    assert [(task.id, task.title) for task in policy.tasks][2:] == [("一.三", "资金保障")]
    assert [(t.task, t.value) for t in policy.targets] == [("一.三", 3000)]


def test_a_statement_without_title_or_commitment_is_no_task_among_tasks() -> None:
    policy = _policy(
        "一、意见",
        "1.规划范围东至东海路，西至西江路。",
        "2.严控用地规模，建立台账。",
        "3.绿地占比不低于40%。",
        "4." + DO,
    )
    assert [task.id for task in policy.tasks] == ["一.2", "一.3", "一.4"]


def test_paragraphs_counted_in_words_are_items_where_each_says_who_answers() -> None:
    answered = [
        "一是强化监管。加强日常巡查，建立台账。（市水务局负责）",
        "二是优化环境。走访企业100家。（市财政局负责）",
    ]
    policy = _policy("一、重点工作", *answered)
    assert [(t.id, t.title, t.departments[0].name) for t in policy.tasks] == [
        ("一.一", "强化监管", "市水务局"),
        ("一.二", "优化环境", "市财政局"),
    ]
    together = _policy("一、重点工作", "一是强化监管，建立台账。", "二是优化环境，走访企业。")
    assert [task.id for task in together.tasks] == ["一"]


def test_a_numbered_item_that_is_no_task_is_told() -> None:
    policy = _policy("一、主要任务", "（一）改造管网。" + DO, "二、其他", "（一）水价不变。水费按现价收取。")
    assert [task.id for task in policy.tasks] == ["一.一"]
    assert [(d.kind, d.note, d.printed) for d in policy.defects] == [
        ("left_out", "“二.一”没有读作任务", "（一）水价不变。水费按现价收取。")
    ]


def test_background_goals_and_definitions_are_not_told() -> None:
    goals = ["一、总体要求", "（一）指导思想。以新发展理念为指导。", "（二）主要目标。水耗下降。"]
    rest = ["三、附则", "（一）本方案自2024年起施行。"]
    policy = _policy(*goals, "二、主要任务", "（一）改造管网。" + DO, "（二）推广技术。" + DO, *rest)
    assert [task.id for task in policy.tasks] == ["二.一", "二.二"]
    assert policy.defects == ()


def test_what_a_letter_asks_for_is_a_task() -> None:
    asked = "请各区于2024年6月15日前将申报材料报送市水务局。"
    assert [task.id for task in _policy("一、工作内容", DO, "二、有关要求", asked).tasks] == ["一", "二"]


def test_an_article_with_a_date_is_a_task() -> None:
    article = "第三条 园区实行分级分类管理。2024年10月底前完成卡口建设。"
    lines = ["第一条 为加强管理，制定本办法。", "第二条 本办法所称园区，是指工业园区。", article]
    assert [task.id for task in _policy(*lines).tasks] == ["三"]


def test_each_part_of_a_sentence_has_its_own_bracket_and_no_date_holds_for_all() -> None:
    said = "一是开展考核，覆盖率达到100%（应急办，6月底前）；二是推行公告（应急办、各企业，全年）；三是建立机制（应急办、总工办，3月底前）。"
    policy = _policy("一、主要任务", "（一）落实责任", said, "（二）改造管网。" + DO)
    task = policy.tasks[0]
    assert task.deadline is None
    assert [d.name for d in task.departments] == ["应急办", "各企业", "总工办"]
    assert [[d.name for d in m.departments] for m in task.measures] == [
        ["应急办"],
        ["应急办", "各企业"],
        ["应急办", "总工办"],
    ]
    assert policy.targets[0].quote == "覆盖率达到100%"


def test_an_item_with_a_box_keeps_its_own_text() -> None:
    box = ["专栏1 重点工程", "1.扩建基地：新增能力2000吨/日。（市水务局）", "2.改造管网：改造管网3公里。（市财政局）"]
    policy = _policy("一、主要任务", "（一）提升能力", "推进管网改造，建立台账。", *box, "（二）加强管理。" + DO)
    assert [(t.id, t.title, [d.name for d in t.departments]) for t in policy.tasks] == [
        ("一.一", "提升能力", []),
        ("一.一.专栏1.1", "扩建基地", ["市水务局"]),
        ("一.一.专栏1.2", "改造管网", ["市财政局"]),
        ("一.二", "加强管理", []),
    ]
    assert policy.tasks[0].text == "推进管网改造，建立台账。"


def test_articles_have_titles_where_all_but_the_last_open_with_one() -> None:
    articles = [
        "第一条 夯实基础。" + DO,
        "第二条 拓展场景。",
        "（一）推广节水器具，建立台账。",
        "（二）探索再生水利用。",
    ]
    articles += ["第三条 突破技术。" + DO, "第四条 强化监管。" + DO, "第五条 本意见自2024年9月1日起施行。"]
    assert [(t.id, t.title) for t in _policy(*articles).tasks] == [
        ("一", "夯实基础"),
        ("二.一", None),
        ("二.二", None),
        ("三", "突破技术"),
        ("四", "强化监管"),
    ]


def test_a_list_of_duties_has_an_item_for_each_office() -> None:
    duties = ["区经委：负责落后产能淘汰。", "区应急局：负责安全监管。", "各街镇（园区）：负责属地排查。"]
    tasks = _policy("一、主要任务", "（一）改造管网。" + DO, "二、职责分工", *duties).tasks
    assert [(t.id, t.title, [d.name for d in t.departments]) for t in tasks][1:] == [
        ("二.1", "区经委", ["区经委"]),
        ("二.2", "区应急局", ["区应急局"]),
        ("二.3", "各街镇（园区）", ["各街镇（园区）"]),
    ]


def test_parts_of_a_table_with_a_number_are_no_tasks() -> None:
    head = "序号\t重点任务\t主要举措\t量化目标\t牵头单位\t责任单位"
    rows = ["（一）\t设备更新行动", "1\t更新电梯\t更新住宅老旧电梯\t\t市住建局\t市财政局"]
    rows += ["（二）\t以旧换新行动", "2\t汽车换新\t支持报废回收\t较2023年翻一番\t市商务局\t市公安局"]
    policy = extract(read_text("\n".join(["东港市重点任务分工表", head, *rows])))
    assert [(t.id, t.title, t.departments[0].name) for t in policy.tasks] == [
        ("一.1", "更新电梯", "市住建局"),
        ("二.2", "汽车换新", "市商务局"),
    ]
    assert [(s.id, s.title) for s in policy.sections] == [("一", "设备更新行动"), ("二", "以旧换新行动")]
    assert [(t.indicator, t.value, t.unit) for t in policy.targets] == [("汽车换新", 1, "番")]


def test_a_district_of_shanghai_forwards_what_three_offices_made() -> None:
    title = "上海市金山区人民政府办公室关于转发区经委等三部门制订的《金山区异味治理实施方案》的通知"
    lines = [title, "金府办规〔2024〕2号", "各镇人民政府：", "现转发给你们，请认真按照执行。", "一、工作举措", DO]
    policy = extract(read_text("\n".join(lines)))
    assert (policy.title, policy.level) == ("金山区异味治理实施方案", "district")


def test_an_item_that_commits_itself_to_something_is_a_task_beside_those_below_it() -> None:
    below = ["（1）打造管理平台，建立台账。", "（2）推广中水回用，落实责任。"]
    own = "推进园区改造，到2025年，市级以上园区全部实施改造。"
    tasks = _policy("一、任务", "（一）工业", "1.推进改造", own, *below, "2.改造管网。" + DO).tasks
    assert [(t.id, t.text) for t in tasks][:2] == [("一.一.1", own), ("一.一.1.1", "打造管理平台，建立台账。")]
    plain = _policy("一、任务", "（一）工业", "1.推进改造", "推进园区改造。", *below, "2.改造管网。" + DO).tasks
    assert [t.id for t in plain] == ["一.一.1.1", "一.一.1.2", "一.一.2"]
