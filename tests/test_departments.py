"""How departments are printed: sentences of our own in every form we know, and sentences that hold none."""

import pytest

from corpus.departments import Register, register
from extract.departments import Reader
from schemas import BadCatalogue

READER = Reader(register(), ("上海", "上海化工区"))

BRACKETS = {
    "推进节水。（责任部门：经发处、环保办）": [("经发处", "责任部门"), ("环保办", "责任部门")],
    "推进节水。（责任单位：市水务局，各区政府）": [("市水务局", "责任单位"), ("各区政府", "责任单位")],
    "推进节水。（牵头单位：市水务局；配合单位：市发展改革委、各区政府）": [
        ("市水务局", "牵头"), ("市发展改革委", "配合"), ("各区政府", "配合"),
    ],
    "推进节水。（牵头部门：经济发展局，配合部门：建设局、城管局等）": [
        ("经济发展局", "牵头"), ("建设局", "配合"), ("城管局", "配合"),
    ],
    "推进节水。（市水务局、市发展改革委按职责分工负责）": [("市水务局", "负责"), ("市发展改革委", "负责")],
    "推进节水。（市水务局牵头，市发展改革委、市财政局配合）": [
        ("市水务局", "牵头"), ("市发展改革委", "配合"), ("市财政局", "配合"),
    ],
    "推进节水。（工业和信息化部牵头，商务部参与）": [("工业和信息化部", "牵头"), ("商务部", "参与")],
    "推进节水。（国家发展改革委、水利部等有关部门按职责分工负责）": [("国家发展改革委", "负责"), ("水利部", "负责")],
    "推进节水。（生态环境部指导，各地级以上市人民政府负责落实）": [
        ("生态环境部", "指导"), ("各地级以上市人民政府", "落实"),
    ],
    "推进节水。（省水利厅、省发展改革委按职责分工负责，各市人民政府负责落实）": [
        ("省水利厅", "负责"), ("省发展改革委", "负责"), ("各市人民政府", "落实"),
    ],
    "推进节水。【责任单位：县水利局；完成时限：2024年底前】": [("县水利局", "责任单位")],
    "推进节水。〔牵头单位：市发展改革委；责任单位：市财政局〕": [("市发展改革委", "牵头"), ("市财政局", "责任单位")],
    "推进节水。[责任处室：规建处、计财处]": [("规建处", "责任处室"), ("计财处", "责任处室")],
    "推进节水。（市水务局（市海洋局）、市级园区管委会（开发公司）负责）": [
        ("市水务局（市海洋局）", "负责"), ("市级园区管委会（开发公司）", "负责"),
    ],
    "推进节水。（市发展改革委和市财政局按职责分工负责）": [("市发展改革委", "负责"), ("市财政局", "负责")],
    "推进节水。（市人力资源和社会保障局、市经济和信息化委员会负责）": [
        ("市人力资源和社会保障局", "负责"), ("市经济和信息化委员会", "负责"),
    ],
    "推进节水。（市生态环境局市市场监督管理局负责）": [("市生态环境局", "负责"), ("市市场监督管理局", "负责")],
    "推进节水。（市商务局市财政局按职责分工负责）": [("市商务局", "负责"), ("市财政局", "负责")],
    "推进节水。（市发展改革委、市经济信息化委、各区政府）": [
        ("市发展改革委", "负责"), ("市经济信息化委", "负责"), ("各区政府", "负责"),
    ],
    "每年安排专项资金。（财务处）": [("财务处", "负责")],
    "攻克技术。（科技部、财政部，各省、自治区、直辖市人民政府）": [
        ("科技部", "负责"), ("财政部", "负责"), ("各省、自治区、直辖市人民政府", "负责"),
    ],
    "推进节水。（水利部、财政部按职责分工负责，地方各级人民政府负责落实。以下均需地方各级人民政府负责落实，不再列出）": [
        ("水利部", "负责"), ("财政部", "负责"), ("地方各级人民政府", "落实"),
    ],
    "推进节水。（市水务局会同市财政局推进）": [("市水务局", "负责"), ("市财政局", "负责")],
    "推进节水。（市水务局、市城管局按职责分别牵头）": [("市水务局", "牵头"), ("市城管局", "牵头")],
    "推进节水。（省水利厅、省财政厅等省直有关部门，各市、县（市、区）人民政府）": [
        ("省水利厅", "负责"), ("省财政厅", "负责"), ("各市、县（市、区）人民政府", "负责"),
    ],
    "推进节水。（上海化学工业区管委会、金山区、奉贤区）": [
        ("上海化学工业区管委会", "负责"), ("金山区", "负责"), ("奉贤区", "负责"),
    ],
    "推进节水。（市水务局负责，各区政府配合；长期坚持）": [("市水务局", "负责"), ("各区政府", "配合")],
    "推进节水。（管委会规建处、经发处）": [("管委会规建处", "负责"), ("经发处", "负责")],
    "更换灯具。（责任领导：赵敏；责任部门：规建处）": [("规建处", "责任部门")],
}  # fmt: skip

NOT_DEPARTMENTS = [
    "设立推进办公室（挂靠处）并开展工作。",
    "成立工作专班（联络办）",
    "鼓励采用富氢原料（包括甲烷、乙烷、丙烷等）进行源头降碳。",
    "推进供冷（热）等基础设施改造。",
    "企业牵头组建创新联合体，建立新机制。",
    "单位增加值（产值）能耗作为重要指标。",
    "规范挥发性有机物（VOCs）治理。",
    "完成目标（以市政府下达目标为准）。",
    "建设绿色园区（工厂、供应链）体系。",
    "坚持政府引导、企业负责的原则。",
    "有明确的领导机构和相关工作机构，负责组织推进试点示范建设。",
    "各单位要高度重视，加强配合。",
]

SENTENCES = {
    "由市水务局牵头负责，市财政局、各区政府配合实施。": [("市水务局", "牵头"), ("市财政局", "配合"), ("各区政府", "配合")],
    "市发展改革委负责总体统筹协调，会同有关行业主管部门组织申报。": [("市发展改革委", "负责")],
    "各区政府、市级园区管委会（开发公司）负责本区域内的动员和初审。": [
        ("各区政府", "负责"), ("市级园区管委会（开发公司）", "负责"),
    ],
    "由市经济信息化委牵头，会同市发展改革委、市财政局制定清单。": [
        ("市经济信息化委", "牵头"), ("市发展改革委", "会同"), ("市财政局", "会同"),
    ],
    "各试点创建主体负责组织实施具体的建设工作。": [("各试点创建主体", "负责")],
}  # fmt: skip


def _read(found) -> list[tuple[str, str]]:
    return [(named.name, named.role) for assignment in found for named in assignment.names]


@pytest.mark.parametrize(("text", "names"), BRACKETS.items())
def test_brackets(text: str, names: list[tuple[str, str]]) -> None:
    assert _read(READER.brackets(text, 0, len(text))) == names


@pytest.mark.parametrize("text", NOT_DEPARTMENTS)
def test_what_names_nobody(text: str) -> None:
    assert _read(READER.brackets(text, 0, len(text))) == []
    assert _read(READER.subjects(text, 0, len(text))) == []


@pytest.mark.parametrize(("text", "names"), SENTENCES.items())
def test_sentences(text: str, names: list[tuple[str, str]]) -> None:
    assert _read(READER.subjects(text, 0, len(text))) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("推进节水改造。责任单位：招商局、生态环境分局。", ["招商局", "生态环境分局"]),
        ("责任单位：县发展改革局", ["县发展改革局"]),
        ("牵头单位：县水利局；配合单位：县财政局", ["县水利局", "县财政局"]),
        ("责任单位：县水利局牵头，县财政局、各乡镇配合", ["县水利局", "县财政局", "各乡镇"]),
        ("【牵头部门】县水利局【配合部门】县财政局", ["县水利局", "县财政局"]),
    ],
)
def test_labels_without_brackets(text: str, names: list[str]) -> None:
    found = READER.labels(text, 0, len(text))
    assert found is not None and [n.name for n in found.names] == names


def test_deadline_open_list_and_first_leads() -> None:
    text = "（牵头部门：水务局；配合部门：建设局等；完成时限：2024年9月底）"
    found = next(iter(READER.brackets(text, 0, len(text))))
    assert found.deadline == "2024年9月底" and found.is_open
    text = "（责任单位：市水务局、市财政局，排在第一位的为牵头部门，下同）"
    found = next(iter(READER.brackets(text, 0, len(text))))
    assert found.first_leads and [n.name for n in found.names] == ["市水务局", "市财政局"]


def test_a_name_resolves_to_exactly_one_body_or_to_none() -> None:
    bodies = register()
    assert bodies.resolve("市经济信息化委", ("上海",)) == bodies.resolve("上海市经济和信息化委员会") == "sh-economy"
    assert bodies.resolve("市经济信息化委", ("广州",)) is None
    assert bodies.resolve("经发处", ("上海", "上海化工区")) == "scip-economy"
    assert bodies.resolve("经发处", ("上海",)) is None
    assert bodies.resolve("某某局") is None
    assert "sh-greening" in bodies.candidates("市绿化市容管理局") or bodies.candidates("绿化市容局")


def test_a_bad_register_is_refused() -> None:
    one = register().organisations[0]
    with pytest.raises(BadCatalogue, match="重复"):
        Register.of([one, one])
