"""How official texts print who answers for a task."""

from __future__ import annotations

import functools
import re

from extract.rules.rule import rule

_LEAD = "牵头|主办|总牵头"
_SUPPORT = "会同|配合|协办|协同|协助|支持|参与|参加"
_RESPONSIBLE = "责任|负责|承办|实施|落实|主管|主责|执行|承担"
_GUIDE = "指导|督导|督办"
_NOUN = "单位|部门|处室|科室|股室|主体|机构|领导|市领导|区领导|人|方"

LABEL = rule(
    "label",
    rf"【?(?P<role>(?:第一|主要|共同|具体|直接)?(?:{_RESPONSIBLE}|{_LEAD}|{_SUPPORT}|{_GUIDE})(?:{_NOUN})(?:（人）)?|(?:{_LEAD}|{_SUPPORT}|{_GUIDE}))(?:\s*[：:]|(?<=单位|部门|处室|主体)】[：:]?)\s*",
    "a role and a colon, then the names: （责任部门：A、B）（牵头单位：A；配合单位：B、C）, or at a paragraph's end without brackets",
    {
        "责任部门：经发处、环保办": {"role": "责任部门"},
        "牵头单位：市发展改革委": {"role": "牵头单位"},
        "配合：各区政府": {"role": "配合"},
        "【牵头部门】市水务局": {"role": "牵头部门"},
    },
    ("强化责任落实：", "总体负责，"),
)
DEADLINE_LABEL = rule(
    "deadline label",
    r"(?:计划|要求)?(?:完成|办结|落实|实施|推进|整改)?(?:时限|期限|日期|时间(?:节点|要求|安排)?|时间进度)(?:要求)?\s*[：:]\s*(?P<deadline>[^；;，。）)】\]\n]{2,30}(?:，并?(?:长期|持续|常态)[^；;，。）)】\]\n]{0,8})?)",
    "完成时限 beside the names in the same bracket or cell, or on a line of its own",
    {
        "完成时限：2024年9月底": {"deadline": "2024年9月底"},
        "计划完成时间：三季度": {"deadline": "三季度"},
        "整改时限：2024年底，并长期坚持": {"deadline": "2024年底，并长期坚持"},
    },
    ("限时完成：",),
)
SHARED_ENDING = rule(
    "names that share an ending",
    r"各(?:省|设区市|市|州|县|区|旗|乡|镇|街道)(?:（[^（）]{1,16}）)?"
    r"(?:、(?:自治区|直辖市|自治州|计划单列市|市|州|县|区|旗|盟|乡|镇|街道)(?:（[^（）]{1,16}）)?){1,4}"
    r"(?:和?新疆生产建设兵团|(?:人民)?政府|办事处|党委|(?<=直辖市))",
    "各省、自治区、直辖市人民政府 is one name: the 、 part the words that its ending belongs to",
    {"财政部，各省、自治区、直辖市人民政府": {}, "各市、县（区）人民政府": {}},
    ("各镇、街道", "各区政府、市财政局"),
)
ROLE_PHRASE = rule(
    "role phrase",
    r"(?P<role>按(?:照)?(?:各自)?(?:职责|职能|任务|权限)?(?:分工|职责)?(?:分别|共同|协同)?负责|分别负责|共同负责|负责(?:落实|实施|组织实施|推进|抓好落实)?|"
    r"牵头(?:负责|组织|实施|推进)?|主办|协办|(?:积极|共同)?(?:配合|参与|参加|协助|支持)|"
    r"按(?:照)?(?:各自)?职责(?:分工)?(?:分别|共同)?(?:牵头|推进|做好|抓好)(?:落实)?|(?:共同|协同|组织|联合)?推进(?:落实)?(?=$|[）)；;])|"
    r"(?:负责)?(?:指导|督导)|结合实际(?:抓好)?落实|按(?:照)?职责(?:分工)?(?:抓好)?落实)",
    "names and then what they do: （A、B按职责分工负责）（A牵头，B、C配合）",
    {
        "按职责分工负责": {"role": "按职责分工负责"},
        "牵头": {"role": "牵头"},
        "按职责分工落实": {"role": "按职责分工落实"},
        "按职责分别牵头": {"role": "按职责分别牵头"},
        "推进）": {"role": "推进"},
    },
)
OPEN_END = rule(
    "open list",
    r"等(?:有关|相关|各有关|各相关|市级|省级|区级|县级|省直|市直|区直|县直|中央|职能|\d+个|[一二三四五六七八九十]+个?)*(?:市|省|区)?(?:部门|单位|部门和单位|委办局|处室|职能部门)?$",
    "a list that is left open: 等, 等有关部门, 等部门",
    {"等有关部门": {}, "等部门": {}, "等": {}, "等单位": {}},
    ("平等互利", "等级评定"),
)
CLOSING_NAMES = rule(
    "names alone that close a text",
    r"(?:^|(?<=[。；\n]))[^\S\n]*[（(](?P<names>[^（）()。；：\n]{2,80}(?:（[^（）\n]{1,16}）[^（）()。；：\n]{0,80}){0,4})[）)](?=\s*(?:\n|$))",
    "behind the last sentence a bracket lists who answers, offices first and with them companies and institutions; "
    "no role is printed, and the records say 负责",
    {
        "强化应用。（市水务局、泓钢集团）": {"names": "市水务局、泓钢集团"},
        "强化应用。（市水务局，各县（市、区）政府）\n二、": {"names": "市水务局，各县（市、区）政府"},
    },
    ("支持骨干企业（泓钢集团、江磷集团）开展试点。", "做好登记（市水务局、泓钢集团）。"),
)
FOR_ALL = rule(
    "holds for all later items",
    r"[。；;，,]?\s*(?:以下|下同)(?:各项|任务|举措)?(?:均需|均由|都由|均|都)[^。）)]*",
    "a rule printed once for all later brackets, of which no name is repeated: 以下均需地方各级人民政府落实，不再列出",
    {"。以下均需地方各级人民政府负责落实，不再列出": {}},
    ("以下单位：",),
)
BARE_DEADLINE = rule(
    "deadline without a label",
    r"[，,；;、]\s*(?P<deadline>(?:20\d\d\s*年\s*)?(?:(?:1[0-2]|[1-9])\s*月\s*(?:底|末|\d{1,2}日)?|[一二三四]季度末?|[上下]半年|年)(?:底|末)?前?|20\d\d\s*年(?:底|末)?前?|"
    r"每年(?:1[0-2]|[1-9])月(?:底|末)?前?|长期坚持|持续推进|常态化推进|全年)(?:完成)?\s*$",
    "the last member of a bracket of names: （市水务局负责；2025年底前完成）",
    {
        "经发局负责，2025年底前完成": {"deadline": "2025年底前"},
        "各区政府配合；长期坚持": {"deadline": "长期坚持"},
    },
    ("责任单位：市水务局、市财政局",),
)
FIRST_LEADS = rule(
    "first leads",
    r"(?:排|列)(?:在)?(?:第一(?:位)?|首位|最前)(?:的)?(?:单位|部门|处室)?(?:的)?(?:为|是)?(?:牵头|责任|主办)(?:单位|部门|处室)?|"
    r"第一个(?:单位|部门)(?:为|是)牵头(?:单位|部门)?|首个(?:单位|部门)为牵头(?:单位|部门)?",
    "a rule printed once for all later brackets: （排在第一位的为牵头部门，下同）",
    {"排在第一位的为牵头部门": {}, "列第一位的为牵头单位": {}, "排第一位的为牵头单位": {}},
    ("位列第一方阵",),
)
IN_CHARGE = re.compile("(?:具体|主要|统一|依法)?(?:负责|承担|牵头|履行|落实|配合|协助|指导|统筹|督促|会同|做好)")
"""How the text below the name of a body opens in a list of duties (职责分工): 负责统筹协调."""
PERSON = re.compile(r"领导|责任人|负责人")
"""Labels of people: they answer within their department and are no body."""
UNIVERSAL = re.compile(
    r"(?:各|全市|全省|全区|市各|省各)?(?:有关|相关|市级|省级|区级|责任|市直|省直)*(?:单位|部门|处室|地区|地方|方面|企业|机构)(?:和单位|、单位)?"
)
"""Names that name nobody: 有关部门, 各相关单位."""

ORGANISATION_END = [
    "委员会",
    "管委会",
    "党组",
    "党委",
    "党工委",
    "市委",
    "省委",
    "区委",
    "县委",
    "委",
    "局",
    "厅",
    "部",
    "办",
    "办公室",
    "处",
    "科",
    "院",
    "所",
    "署",
    "行",
    "会",
    "政府",
    "法院",
    "检察院",
    "公司",
    "集团",
    "中心",
    "总站",
    "站",
    "支队",
    "总队",
    "大队",
    "协会",
    "学会",
    "联合会",
    "工会",
    "团委",
    "妇联",
    "残联",
    "科协",
    "工商联",
    "学校",
    "大学",
    "学院",
    "医院",
    "银行",
    "分行",
    "海关",
    "税务",
    "街道",
    "乡镇",
    "镇",
    "乡",
    "社区",
    "村",
    "园区",
    "开发区",
    "新区",
    "高新区",
    "经开区",
    "区",
    "县",
    "市",
    "州",
    "盟",
    "旗",
    "主体",
    "单位",
    "部门",
    "机构",
    "组",
    "专班",
    "办事处",
    "事务所",
    "研究院",
    "基地",
    "平台",
    "企业",
    "市人民政府",
    "园",
    "领导小组",
    "指挥部",
    "电网",
    "电力",
    "供电",
    "水务",
    "燃气",
    "港",
    "机场",
    "港务",
    "铁路",
    "属地",
    "运营商",
    "服务商",
    "金控",
    "城投",
    "建投",
    "产投",
    "交投",
    "国资",
    "农发行",
    "市编办",
    "宝武",
    "村委",
    "居委",
    "联席会议",
    "总社",
    "联社",
    "社",
]
"""How the names of organisations end."""

_ENDS = re.compile(
    f"(?:{'|'.join(sorted(map(re.escape, ORGANISATION_END), key=len, reverse=True))})(?:（[^（）]{{1,24}}）)?$"
)
_NOT_NAMES = re.compile(
    r"^(?:有(?!色|机)|应(?!急)|须|可(?!再生)|是|在|对(?!外|口)|将)|[，。；：！？“”\"\d%]|(?:推进|推动|加强|强化|建立|完善|实施|开展|提高|提升|进行|通过|按照|根据|应当|必须|不得|需要|实现|形成|促进|鼓励|支持|引导|以及其他|"
    r"具有|可以|能够|包括|涉及|对于|关于|情况|问题|工作$|力度|水平|能力|机制|制度|措施|项目$|任务$|责任$)"
)
_BARE = frozenset(
    [
        "企业",
        "单位",
        "部门",
        "机构",
        "主体",
        "平台",
        "基地",
        "园区",
        "社区",
        "区",
        "县",
        "市",
        "州",
        "村",
        "镇",
        "乡",
        "组",
        "部",
        "处",
        "委",
        "局",
        "办",
        "会",
        "院",
        "科",
        "站",
        "所",
        "港",
        "园",
        "政府",
        "公司",
        "集团",
        "本市",
        "全市",
        "城市",
        "省市",
        "行",
        "我市",
    ]
)


@functools.lru_cache(maxsize=4096)
def looks_like_organisation(name: str) -> bool:
    """Whether a printed name can be that of a body: its ending, its length, and nothing of a sentence in it.

    >>> looks_like_organisation("市发展改革委"), looks_like_organisation("企业")
    (True, False)
    """
    plain = re.sub(r"\s+", "", name)
    if not 2 <= len(plain) <= 40 or plain in _BARE or _NOT_NAMES.search(re.sub("（[^（）]*）", "", plain)):
        return False
    return bool(_ENDS.search(plain))


def may_be_organisation(name: str) -> bool:
    """Whether nothing speaks against a name: beside offices, companies are listed without their legal form.

    >>> may_be_organisation("海晟氯碱"), may_be_organisation("推进示范"), may_be_organisation("第2批")
    (True, False, False)
    """
    plain = re.sub(r"\s+", "", name)
    return looks_like_organisation(plain) or bool(
        3 <= len(plain) <= 12 and plain not in _BARE and not _NOT_NAMES.search(re.sub("（[^（）]*）", "", plain))
    )


def role_of(phrase: str) -> str:
    """The role word that the records carry for a printed phrase (README of the labels: 牵头 also for 牵头单位).

    >>> role_of("按职责分工负责"), role_of("牵头单位"), role_of("负责部门"), role_of("责任单位")
    ('负责', '牵头', '负责', '责任单位')
    """
    for word in ("牵头", "主办", "协办", "配合", "参与", "参加", "协助", "支持", "指导", "督导"):
        if word in phrase:
            return word
    if phrase.endswith("落实"):
        return "落实"
    return "负责" if "负责" in phrase or phrase.endswith(("推进", "做好", "抓好")) else phrase


def effective_role(role: str) -> str:
    """What a role amounts to: ``lead``, ``support``, ``guide`` or ``responsible``."""
    if re.search(_LEAD, role):
        return "lead"
    if re.search(_GUIDE, role):
        return "guide"
    return "support" if re.search(_SUPPORT, role) else "responsible"
