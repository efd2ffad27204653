"""The commands by which people decide: their arguments and help. What they do is in `deciding`."""

from __future__ import annotations

import deciding
from arguments import (
    AS_JSON,
    AT,
    COUNT,
    DEPARTMENT,
    DOC,
    RECORD,
    UPPER,
    WHO,
    WHOLE,
    WHY,
    Command,
    argument,
    number,
)

COMMANDS: dict[str, Command] = {
    "review": Command(
        deciding.do_review,
        "逐项复核存疑之处：最可疑的在前，一个键确认、否定或跳过。",
        ("review", "review --department 环保办", "review --json --limit 5"),
        (DOC, DEPARTMENT, argument("--limit", default=20, help="最多列出几项（默认 20）", **COUNT), WHO, AS_JSON),
    ),
    "confirm": Command(
        deciding.do_confirm,
        "确认一项任务、一个目标，或两项任务之间的关联；加 --grade 就由人定级，没有算出的关联由此补上。",
        (f"confirm {WHOLE}#三.1", f"confirm {WHOLE}#三.1 shanghai-industry-carbon-peak-2022#四.六 --grade 3"),
        (RECORD, UPPER, argument("--grade", type=number, choices=(1, 2, 3), help="关联的等级"), WHY, WHO, AS_JSON),
    ),
    "reject": Command(
        deciding.do_reject,
        "否定一项任务、一个目标，或两项任务之间的关联。",
        (f"reject {WHOLE}#三.1 shanghai-industry-carbon-peak-2022#四.六 --why 只是用语相同",),
        (RECORD, UPPER, WHY, WHO, AS_JSON),
    ),
    "correct": Command(
        deciding.do_correct,
        "更正一项任务、目标、文件或部门的一个字段；原文不动，更正另存。",
        (
            f"correct {WHOLE}#三.1 --field 部门 --to 牵头：经发处；配合：环保办 --why 领导批示",
            f"correct {WHOLE}@t3 --field value --to 13.5",
        ),
        (
            RECORD,
            argument("--field", metavar="F", required=True, help="字段，例如 部门、标题、时限、备注、value"),
            argument("--to", metavar="值", required=True, help="改为什么；“无”表示没有"),
            WHY,
            WHO,
            AS_JSON,
        ),
    ),
    "inapplicable": Command(
        deciding.do_not_applicable,
        "认定上级的一项任务不适用于下级文件的单位，并写明理由。",
        (f"inapplicable shanghai-industry-carbon-peak-2022#四.六 --lower {WHOLE} --why 园区没有钢铁企业",),
        (
            argument("ref", metavar="REF", help="上级任务的编号"),
            argument("--lower", metavar="SLUG", required=True, help="下级文件"),
            argument("--applies", action="store_true", help="相反：认定它适用，推断的不适用不成立"),
            WHY,
            WHO,
            AS_JSON,
        ),
    ),
    "supplement": Command(
        deciding.do_supplement,
        "补录一项没有提取出来的任务。",
        (f"supplement {WHOLE} --title 标题 --text 原文 --departments 牵头：经发处",),
        (
            argument("doc", metavar="SLUG", help="文件"),
            argument("--title", metavar="T", help="标题"),
            argument("--text", metavar="原文", required=True, help="任务内容，最好照录原文"),
            argument("--departments", metavar="D", help="部门，例如 牵头：经发处；配合：环保办"),
            WHY,
            WHO,
            AS_JSON,
        ),
    ),
    "undo": Command(
        deciding.do_undo,
        "撤销一个决定；撤销本身也是一个决定，可以再撤销。",
        ("undo 3f2a9c01",),
        (argument("decision", metavar="ID", help="决定的编号，见 policytrace history"), WHY, WHO, AS_JSON),
    ),
    "history": Command(
        deciding.do_history,
        "列出人工决定：谁、何时、对什么、由什么改为什么、为什么。",
        ("history", f"history {WHOLE}#三.1", "history --by 张三 --since 2025-03-01 --json"),
        (
            argument("ref", metavar="REF", nargs="?", help="只看对它的决定"),
            argument("--by", metavar="姓名", help="只看这个人的"),
            argument("--since", metavar="日期", help="只看这一天以来的，例如 2025-03-01"),
            AT,
            WHO,
            AS_JSON,
        ),
    ),
    "decisions": Command(
        deciding.do_decisions,
        "把全部人工决定写成一个 JSON Lines 文件，或从这样的文件导入。",
        ("decisions --export 决定.jsonl", "decisions --import 决定.jsonl --kb 另一个知识库"),
        (
            argument("--export", dest="to_file", metavar="FILE", help="要写的文件"),
            argument("--import", dest="from_file", metavar="FILE", help="要读的文件；已有的决定跳过"),
        ),
    ),
    "diff": Command(
        deciding.do_diff,
        "一份文件的两个版本：任务、部门、目标增减改动，逐句对照。",
        (f"diff {WHOLE}", f"diff {WHOLE} --old 1 --new 3 --json"),
        (
            argument("slug", metavar="SLUG", help="文件"),
            argument("--old", help="旧版的编号（默认前一版）", **COUNT),
            argument("--new", help="新版的编号（默认现行版）", **COUNT),
            AS_JSON,
        ),
    ),
}
