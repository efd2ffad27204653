"""What stands before and after the text itself: GB/T 9704—2012, 7.2 (版头) and 7.3–7.4 (主体, 版记)."""

from __future__ import annotations

import re

from extract.rules.rule import rule

GENRES = [
    "方案",
    "规划",
    "计划",
    "意见",
    "办法",
    "通知",
    "规定",
    "要点",
    "纲要",
    "条例",
    "细则",
    "决定",
    "指南",
    "清单",
    "报告",
    "措施",
    "指引",
    "标准",
    "制度",
    "机制",
    "公告",
    "通告",
    "通报",
    "批复",
    "函",
    "预案",
    "行动",
    "政策",
    "倡议",
    "分工",
    "导则",
    "规范",
    "规程",
    "章程",
    "目录",
    "名录",
    "指标体系",
    "准则",
    "守则",
    "若干措施",
    "路线图",
    "白皮书",
    "分解表",
    "分工表",
    "任务表",
    "责任表",
    "进度表",
    "计划表",
]
"""文种: the words that a title ends in."""

_GENRE = "|".join(sorted(GENRES, key=len, reverse=True))

DOC_NUMBER = rule(
    "document number",
    r"(?P<code>[\u4e00-\u9fff]{1,12}(?:[（(][\u4e00-\u9fff]{1,4}[）)])?[\u4e00-\u9fff]{0,4})\s*[〔\[【（(﹝［]\s*(?P<year>(?:19|20)\d{2})\s*[〕\]】）)﹞］]\s*第?\s*(?P<number>\d{1,5})\s*号",
    "发文字号: 机关代字〔年份〕顺序号 (7.2.5)",
    {
        "沪化管〔2023〕73 号": {"code": "沪化管", "year": "2023", "number": "73"},
        "东政发［2022］19号": {"code": "东政发", "year": "2022", "number": "19"},
        "工信部联节[2022]88号": {"code": "工信部联节", "year": "2022", "number": "88"},
    },
    ("（2022）年第3号台风",),
)
NOTICE_TITLE = rule(
    "title of a notice that carries a document",
    r"(?P<issuer>[\u4e00-\u9fff（）()\s、]{0,80}?)(?:关于\s*|(?=印发\s*《))(?:印发|发布|转发|公布|下发|颁布|批转)\s*(?:[^《》〈〉]{0,40}(?:制订|制定|编制|拟订|拟定|修订)的?\s*)?(?:[《〈](?P<marked>.+)[》〉]|(?P<bare>.+?))\s*的\s*(?:通知|公告|函|决定|意见|批复|通告)$",
    "印发、转发 notices name the document that they carry (7.3.1)",
    {
        "某市人民政府关于印发《某市节水行动方案》的通知": {
            "issuer": "某市人民政府",
            "marked": "某市节水行动方案",
            "bare": None,
        },
        "某区政府办公室关于转发区经委等三部门制订的《某区节水方案》的通知": {
            "issuer": "某区政府办公室",
            "marked": "某区节水方案",
            "bare": None,
        },
    },
    ("关于做好节水工作的通知",),
)
CARRIES = rule(
    "body of a notice that carries a document",
    r"(?:现\s*(?:将|予|就)?.{0,100}?(?:印发|发布|公布|转发|下发)|印发给你们|请(?:认真|遵照|结合|抓好|贯彻|各).{0,24}(?:执行|落实|实施|贯彻))",
    "现将《…》印发给你们，请认真贯彻执行",
    {"现将《节水方案》印发给你们，请认真贯彻执行。": {}, "现印发给你们，请遵照执行。": {}},
    ("请企业按时申报。",),
)
GENRE_END = rule(
    "genre",
    rf".*(?:{_GENRE})(?:[（(][^（）()]{{1,24}}[）)])*$",
    "a title ends in its 文种, with the version in brackets after it (7.3.1)",
    {"上海市碳达峰实施方案": {}, "节水条例（试行）": {}, "数字建设2025年工作要点": {}},
    ("各区人民政府",),
)
DATE = rule(
    "date",
    r"(?P<year>(?:19|20)\d{2}|[二一][〇○零一二三四五六七八九Ｏ０]{3})\s*年\s*(?P<month>\d{1,2}|[一二三四五六七八九十]{1,2})\s*月(?:\s*(?P<day>\d{1,2}|[一二三四五六七八九十]{1,3})\s*日)?",
    "成文日期 (7.3.5), in digits or, in older documents, in Han numerals",
    {
        "2023 年 6 月 28 日": {"year": "2023", "month": "6", "day": "28"},
        "二〇二一年十二月": {"year": "二〇二一", "month": "十二", "day": None},
    },
)
PAGE_METADATA = re.compile(
    r"(?:索\s*引\s*号|主题分类|主题词|主\s*题\s*词|发文机关|发文单位|发布机构|制发机关|成文日期|发布日期|发文日期|生成日期|公开日期|标\s*题|名\s*称|发文字号|文\s*号|"
    r"有效性|公开方式|公开形式|公开范围|信息来源|体裁分类|组配分类|服务对象|关键词|生效日期|废止日期)\s*[：:]\s*(?P<value>.{0,80})"
)
"""The block of labels and values that government sites print above a document."""
SITE_LABELS = frozenset(("索引号", "主题分类", "公开方式", "公开形式", "公开范围", "体裁分类", "组配分类", "服务对象"))
"""Labels that only sites print: one is enough to know the block."""
LOST_DATE = re.compile(r"\s*年\s+月\s+日\s*")
IN_FORCE = re.compile(
    r"本(?:办法|规定|细则|条例|方案|规划|意见|措施|通知|计划|制度|规则|政策|实施[\u4e00-\u9fff]{2})(?:有效期)?(?:自|从)[^。；]{2,24}(?:施行|实施|执行|生效)[^\n]*"
)
"""The closing paragraph of a document that says from when it is in force; no item of its text."""
PRINTED = re.compile(r".{0,40}(?:印发|印制|印)$")
ADDRESSEES = rule(
    "addressees",
    r"(?P<names>[^。；？！《》]{2,300})[：:]$",
    "主送机关: a line of names closed by a colon (7.3.2)",
    {"各区人民政府，各相关单位：": {"names": "各区人民政府，各相关单位"}},
    ("主要目标如下。",),
)
BASIS_TRIGGER = re.compile(r"根据|依据|依照|按照|遵照|落实|贯彻|参照|对照|结合|细化|围绕|为执行|全面执行")
OWN_MAKING = re.compile(r"(?:制定了?|编制了?|研究制定了?|起草了?|形成了?|修订了?|出台了?|将)\s*$")
MADE_UNDER = re.compile(r"(?:特?制定|编制|提出|印发|出台)(?:本|如下|以下|此|\d{4}年|我[市省区县])|制定本|特制[定订]")
ATTACHMENT = re.compile(
    r"附\s*件\s*(?:\d{1,2}(?:[-—－.]\d{1,2})?|[一二三四五六七八九十]{1,2})?\s*[:：]?\s*(?P<title>[^。；]{0,60})"
)
COPIED = re.compile(
    r"(?:抄送|抄报|分送|发送|出席(?:人员)?|列席(?:人员)?|参会(?:人员|单位)?|请假|记录(?:人)?|主题词|联系人|联系电话|公开(?:方式|属性|类别))\s*[：:]|[（(]?此件(?:公开|主动|依申请|不予)"
)
RED_HEAD = re.compile(r"文\s*件$")
ORGANISATION_LINE = re.compile(
    r"[\u4e00-\u9fff（）()、]{2,30}(?:委员会|管委会|人民政府|政府|办公厅|办公室|委|局|厅|部|院|署|行|公司|集团|中心|协会|党委|党组|工委|领导小组|指挥部|专班|联席会议|办事处|总队|支队|大队|"
    r"(?:委员会|管委会|局|厅|公司)[\u4e00-\u9fff]{2,8}处|办|(?<=中共)中央)$"
)
DRAFT = re.compile(r"征求意见稿|草案|送审稿|讨论稿|审议稿")
PARK = re.compile(
    r"开发区|工业区|产业园|工业园|园区|高新区|经开区|保税区|化工区|自贸(?:试验)?区|新片区|科技城|示范区管委会|新区管委会|高新技术产业|管理委员会|管委会"
)
DISTRICT = re.compile(
    r"(?:^|市)[\u4e00-\u9fff]{1,6}?(?<!地)(?:区|县|旗)(?!域|别|块)(?:人民政府|政府|委|办|[\u4e00-\u9fff]{2,12}局)?"
)
PROVINCE = re.compile(
    r"(?:河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆)"
)
CAPITALS = re.compile("北京|上海|天津|重庆")
NATION = re.compile(
    r"国务院|中共中央|国家|全国|中华人民共和国|(?:工业和信息化|工信|生态环境|财政|科学技术|科技|商务|教育|交通运输|农业农村|自然资源|水利|"
    r"住房和?城乡建设|应急管理|人力资源和?社会保障|公安|民政|司法|环境保护)部|总局|证监会|银保监会|人民银行"
)
