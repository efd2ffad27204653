"""Attached lists: what is a project, who answers for it."""

from corpus import read_text
from extract import extract
from index.reports.policy import policy as shown

PROJECTS = """某区节水行动方案
一、主要任务
推进节水改造。
附件
某区节水重点项目表
序号\t项目名称\t建设内容\t责任单位\t完成时间
1\t老旧管网改造项目\t更换管网20公里\t区水务局、区城投公司\t2025年
2\t再生水厂项目\t新建再生水厂1座\t区水务局\t2024年
"""


def test_a_column_of_project_names_makes_a_list_of_projects_with_their_departments() -> None:
    policy = extract(read_text(PROJECTS))
    assert [(p.no, p.name, p.year, [d.name for d in p.departments]) for p in policy.projects] == [
        (1, "老旧管网改造项目", 2025, ["区水务局", "区城投公司"]),
        (2, "再生水厂项目", 2024, ["区水务局"]),
    ]
    assert not policy.division
    for one in (d for p in policy.projects for d in p.departments):
        assert policy.logical_text[one.origin.start : one.origin.end] == one.name


def test_what_was_read_is_shown_whole() -> None:
    """Tasks of no section (第一条), targets and projects are listed too."""
    lines = "\n".join(shown(extract(read_text(PROJECTS)), 100))
    assert "1 老旧管网改造项目（2025 年）　区水务局、区城投公司" in lines
    articles = "某市节水若干措施\n" + "\n".join(
        f"第{n}条 推进节水{n}。加强管理，用水效率提高{k}%。（责任单位：市水务局）"
        for k, n in enumerate("一二三四五", 11)
    )
    policy = extract(read_text(articles))
    lines = "\n".join(shown(policy, 100))
    assert all(f"{task.id} {task.title}" in lines for task in policy.tasks) and len(policy.tasks) == 5
    assert all(target.quote in lines for target in policy.targets) and policy.targets
