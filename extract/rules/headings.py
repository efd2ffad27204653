"""What a heading's title says of the text below it.

A plan is written in a fixed order: 背景 and 目标 tell why and what for, 任务 tell what to do, 保障 tell how it is secured.
"""

from __future__ import annotations

import functools
import re

from extract.rules.rule import rule

BACKGROUND = rule(
    "background",
    r"(?:园区|试点|项目|规划|编制|工作|发展|建设|区域|我[省市区县]|全[省市区县]|面临的?|存在的?|主要|有关|相关|当前|历史|国内外|国际|国内|产业|行业|环境|能源|资源|检查|整治|实施|适用|资金|申报|评选|支持|活动|排查|奖补|扶持)*(?:基本)?"
    r"(?:概况|概述|情况|基础|现状|背景|形势|机遇|挑战|成效|成就|成绩|问题|短板|困难|必要性|可行性|意义|依据|附则|"
    r"特色|创新点|环境|回顾|评估|趋势|潜力|范围|时间|日期|对象|来源|期限|解读|说明|名词解释|术语|定义|适用范围|概念)(?:分析|回顾|条件)?",
    "sections that report, explain or define; nobody is told to do anything",
    {"发展基础和面临形势": {}, "园区基本概况": {}, "试点工作特色及主要创新点": {}, "附则": {}, "面临的形势": {}},
    ("夯实发展基础", "夯实绿色低碳制造基础", "改善生态环境", "强化问题整改", "加强形势研判", "总则"),
)
GOALS = rule(
    "goals",
    r"(?:指导|总体|工作|基本|发展|主要|战略)?(?:思想|思路|要求|原则|定位|方针|理念|愿景)|"
    r"(?:试点|园区|总体|主要|发展|工作|行动|建设|阶段|阶段性|年度|预期|具体|规划|远景|约束性|核心|创建|整改|攻坚|治理|实施|管理|经营|专项|"
    r"20\d\d年|\d{4}—\d{4}年|到20\d\d年|“十[三四五六]五”)*"
    r"(?:目标|指标|目标指标|目标要求|目标任务|任务目标|指标体系|目标体系)(?:和指标|及指标)?",
    "指导思想, 基本原则 and 目标 hold commitments but no tasks",
    {"总体要求": {}, "指导思想": {}, "基本原则": {}, "总体目标": {}, "试点工作目标": {}, "主要目标": {}},
    ("强化目标责任", "分解落实目标任务", "推行绿色制造体系", "严格执行原则要求"),
)
SAFEGUARD = rule(
    "safeguard",
    r"(?:切实|全面)?(?:加强|强化|健全|完善|落实|做好|抓好|建立)?(?:规划|方案|工作|任务|统筹|项目|试点|全面)*(?:实施)?"
    r"(?:保障(?:措施|机制)?|组织实施|组织(?:领导|保障|推进|管理)|实施(?:保障|机制|要求)|工作(?:保障|要求|机制)|推进(?:机制|措施|要求)|"
    r"政策(?:保障|措施|支持)|(?:有关|相关|工作)要求|配套措施|(?:要素|支撑|组织|制度|服务)保障|监督(?:管理|考核|检查)|督(?:查|导|促)(?:考核|检查)?|"
    r"考核(?:评价|评估|问责|监督)|法律责任|罚则|监测评估|(?:规划|方案|工作)保障体系)",
    "保障措施 and 组织实施 secure the tasks before them",
    {"保障措施": {}, "组织实施": {}, "规划实施保障": {}, "组织保障": {}, "工作要求": {}, "强化组织实施": {}},
    (
        "推进钢铁行业碳达峰",
        "实施数字赋能降碳",
        "构建更加积极的就业保障体系",
        "健全社会保障制度",
        "强化能源安全保障能力",
    ),
)

SECURES = re.compile(
    r"组织领导|组织实施|组织保障|实施保障|保障措施|资金保障|政策保障|责任(?:落实|分工|体系)?$|落实[^，]{0,4}责任|统筹协调|协调配合|协调机制|"
    r"督促|督导|督查|考核|规划实施|方案实施|实施管理|评估推广|宣传引导"
)
"""What the last section of a plan is about when its title is no fixed phrase (落实各方责任, 加强组织领导和统筹协调)."""
ORGANISES = re.compile(
    r"(?:提高|统一|深化)[^，。]{0,4}(?:认识|思想)|(?:加强|强化|健全)[^，。]{0,6}(?:领导|统筹|协调|协作|配合|督|考核|跟踪|调度|保障)|"
    r"(?:明确|压实|落实|细化|强化|靠实|夯实)[^，。]{0,6}(?:责任|分工|措施|方案|举措)|(?:狠抓|抓好|确保|推动)[^，。]{0,4}(?:落实|落地|见效|实效)|"
    r"(?:严格|加强|强化|严肃)[^，。]{0,4}(?:考核|督查|督导|督办|问责|问效|纪律)|(?:及时|按时|定期|加强)[^，。]{0,6}(?:报送|反馈|报告|通报|信息)|(?:密切|加强)[^，。]{0,4}(?:协作|配合|协同|沟通)"
)
"""What a notice says of how the work in its table is to be done: 提高思想认识, 细化工作措施, 强化督查考核."""
_OPENS_WITH_VERB = re.compile(
    "构建|健全|完善|建立|加快|推进(?!机制|措施|要求)|实施(?!保障|机制|要求|日期|时间|范围|期限|对象)|推动|提升|落实|夯实|改善|强化|加强|分析|把握|研判|优化|营造|严格|明确|分解|保护|治理|整治"
)
_AND = re.compile(r"[和与及、，暨]|以及")


@functools.lru_cache(maxsize=4096)
def classify(title: str) -> str | None:
    """``background``, ``goals`` or ``safeguard`` where the whole title says so, else None.

    A title of several nouns (发展基础和面临形势) is of a class only if each of them is.

    >>> classify("指导思想和发展目标")
    'goals'
    """
    plain = re.sub(r"[\s。：:]+", "", re.sub(r"[（(][^（）()]*[）)]", "", title))
    if not plain or len(plain) > 24:
        return None
    if SAFEGUARD.pattern.fullmatch(plain):
        return "safeguard"
    for name, row in (("background", BACKGROUND), ("goals", GOALS)):
        if _only(row.pattern, plain):
            return name
    if re.search(r"(?:总体|主要|工作|发展|阶段)目标$", plain):
        return "goals"
    parts = [part for part in _AND.split(plain) if part]
    kinds = {_one(part) for part in parts}
    if len(parts) < 2 or None in kinds:
        return None
    return "goals" if "goals" in kinds else "safeguard" if kinds == {"safeguard"} else "background"


def _one(part: str) -> str | None:
    if _only(BACKGROUND.pattern, part):
        return "background"
    if _only(GOALS.pattern, part):
        return "goals"
    return "safeguard" if SAFEGUARD.pattern.fullmatch(part) else None


def _only(pattern: re.Pattern[str], text: str) -> bool:
    """A title that is long and opens with a verb is a task, whatever noun it ends in (健全社会保障体系)."""
    return bool(pattern.fullmatch(text)) and not _OPENS_WITH_VERB.match(text)
