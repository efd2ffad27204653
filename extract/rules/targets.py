"""How official texts print a commitment that can be checked."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from extract.rules.rule import rule

_UNITS: dict[str, list[str]] = tomllib.loads((Path(__file__).parent / "units.toml").read_text("utf-8"))
KIND_OF_UNIT = {unit: kind for kind, units in _UNITS.items() for unit in units}
_SCALE = "万亿|百万|千万|亿|万|千|百"


def _alternatives(*kinds: str) -> str:
    units = sorted((u for kind in kinds for u in _UNITS[kind]), key=len, reverse=True)
    return "|".join(map(re.escape, units))


_COUNT_UNIT = _alternatives("count")
_DURATION = _alternatives("duration")
_ANY_UNIT = _alternatives("ratio", "physical", "duration", "count")
_PER = (
    r"(?:/(?:万元|万千瓦时|平方公里|平方米|立方米|千瓦时|公斤|千克|公里|小时|年|月|日|天|人|户|吨|升|亩|台|辆|次|家|项|度)"
    r"(?:·[年月日天人])?)?"
)
"""What an amount is per: 元/公斤, 吨/平方公里·月."""
_NUMBER = r"\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"

FRACTION = rule(
    "share in Han characters",
    r"(?P<of>[百千])分之(?P<number>[一二三四五六七八九十]+)(?P<to>(?!))?(?P<unit>)",
    "百分之五, 千分之一: shares in running text",
    {"控制在千分之一以内": {"of": "千", "number": "一", "to": None, "unit": ""}},
    ("三分之二以上多数",),
)
PART = rule(
    "part of a whole",
    r"(?<![第百千万两一二三四五六七八九十])(?P<of>[二三四五六七八九十])分之(?P<number>[一二三四五六七八九])(?!以上(?:的?(?:代表|多数|委员|业主|成员)))|"
    r"(?<![\d./A-Za-z年月第])(?P<digit>[1-9])/(?P<whole>[2-9]|10)(?![\d/.A-Za-z年月日])|"
    r"(?<![\d一二三四五六七八九十])(?P<tenths>[一二三四五六七八九])成(?=以上|以下|以内|左右|[，。；、）]|$)|"
    r"(?P<half>一半|半数|(?<=[例比重率]过)半)(?=以上|以下|左右|[，。；、）]|$)",
    "三分之二, 1/3, 三成, 一半: parts of a whole in running text",
    {
        "降低三分之一": {"of": "三", "number": "一"},
        "占总量的1/4以上": {"digit": "1", "whole": "4"},
        "占比不低于三成": {"tenths": "三"},
        "覆盖一半以上": {"half": "一半"},
    },
    ("三分之二以上多数通过", "2024/3/5", "百分之五", "一气呵成", "第五分之一"),
)
DOUBLED = rule(
    "doubled",
    r"翻(?P<number>[一两三])?(?P<unit>番)",
    "翻一番, 翻两番: so many times doubled",
    {"较2023年翻一番": {"number": "一", "unit": "番"}, "实现产值翻番": {"number": None, "unit": "番"}},
    ("翻新改造",),
)
QUANTITY = rule(
    "quantity",
    rf"(?<![\d.A-Za-z第\-—+])(?P<number>{_NUMBER})\s*(?:(?:[~～—–\-至]|%[~～—–\-至])\s*(?P<to>{_NUMBER}))?\s*"
    rf"(?P<unit>(?:{_ANY_UNIT}|(?:{_SCALE})/?(?:{_ANY_UNIT})){_PER}|(?:{_SCALE})(?=以上|以下|左右|以内|[^\u4e00-\u9fff]|$))(?:\s*的?\s*(?=以上|以下|以内|左右))?",
    "digits and a unit (GB/T 15835—2011)",
    {
        "下降13.5%": {"number": "13.5", "to": None, "unit": "%"},
        "打造 30 个以上": {"number": "30", "to": None, "unit": "个"},
        "1~2所": {"number": "1", "to": "2", "unit": "所"},
        "2万立方米/日": {"number": "2", "to": None, "unit": "万立方米/日"},
        "35元/公斤以下": {"number": "35", "to": None, "unit": "元/公斤"},
        "4吨/平方公里·月": {"number": "4", "to": None, "unit": "吨/平方公里·月"},
    },
    ("5G基站", "PM2.5", "第3条"),
)
LOST_QUANTITY = rule(
    "quantity whose digits the source has lost",
    rf"(?P<number>(?<=[\u4e00-\u9fff])\s+|(?<=首批)|(?<=达到)|(?<=超过)|(?<=不少于)|(?<=不低于))(?P<to>(?!))?"
    rf"(?P<unit>(?:{_SCALE})?(?:{_ANY_UNIT})(?:二氧化碳当量|标准煤)?(?![次级性])|(?<=\s)(?=[，。；]|$))",
    "a blank where a number must stand before its unit",
    {"达到 户以上": {"number": " ", "to": None, "unit": "户"}},
    ("达到100户",),
)
HAN_QUANTITY = rule(
    "quantity in Han characters",
    rf"(?P<number>[一二三四五六七八九十]+(?=个百分点)|(?<=[长高加大])[一两二三四五]+(?=倍)|(?<=至少)[一二两三四五六七八九十百]+|(?<=至少[\u4e00-\u9fff]{{2}})[一二两三四五六七八九十百]+|(?<=不少于)[一二两三四五六七八九十百]+|(?<=不超过|得超过|应超过)[一二两三四五六七八九十]+|"
    rf"(?<![第之数几成十百千每])[百千万](?![分万亿千])|(?<![第之一二三四五六七八九十])[两三四五六七八九十]+)(?P<to>(?!))?(?P<unit>(?<=[一二三四五六七八九十])个百分点|(?<=[一两二三四五])倍|{_COUNT_UNIT}|(?<=过[一二三四五六七八九十])(?:{_DURATION})|(?<=于[一二三四五六七八九十])(?:{_DURATION}))(?![级类性型月季])",
    "small numbers and round ones are printed in Han characters",
    {
        "至少使用一种可再生能源": {"number": "一", "to": None, "unit": "种"},
        "贮存期限不得超过一年": {"number": "一", "to": None, "unit": "年"},
        "提高十个百分点以上": {"number": "十", "to": None, "unit": "个百分点"},
        "产值增长一倍": {"number": "一", "to": None, "unit": "倍"},
    },
    ("五大行动", "第二批", "十四五", "每千名老人"),
)
BASELINE = rule(
    "baseline",
    r"(?:较|比|与|相比于?|同比|以|在)\s*(?P<year>20\d\d)\s*年(?:末|底)?(?:水平|基础上)?(?:相比|为基(?:准|期|数))?",
    "较2020年下降, 比2020年, 相比2020年, 与2020年相比",
    {"较 2020 年下降": {"year": "2020"}, "相比2020年，": {"year": "2020"}},
    ("到2025年",),
)
YEAR = rule(
    "year",
    r"(?:(?P<from>20\d\d)\s*年?\s*[—–\-－~～至]+\s*)?(?P<year>20\d\d)\s*年(?!版|第|度)|“?十(?P<plan>[四五六七])五”?(?:末|期末|期间|时期|规划)?",
    "到2025年, 2025年底前, “十四五”末; a range takes its last year",
    {
        "到2025年": {"from": None, "year": "2025", "plan": None},
        "“十五五”末": {"from": None, "year": None, "plan": "五"},
    },
)
BY = rule(
    "by a date",
    rf"(?:到|至|在|于)?\s*(?:{YEAR.pattern.pattern.replace('?P<from>', '').replace('?P<year>', '').replace('?P<plan>', '')})"
    r"\s*(?:[上下]半年|[一二三四]季度|(?:1[0-2]|[1-9])\s*月(?:\s*\d+\s*日)?)?\s*(?:底|末|初)?(?:之?前)?",
    "a year with all that belongs to it, wherever it stands in the clause: 老旧装置2025年底前全部退出",
    {"装置2025年底前退出": {}, "企业2024年6月底前完成": {}, "项目2025年上半年投运": {}},
    ("底前", "6月底前"),
)
DUE = rule(
    "year behind a number",
    r"(?P<year>20\d\d)\s*年\s*(?:[上下]半年|[一二三四]季度|(?:1[0-2]|[1-9])\s*月)?\s*(?:(?:底|末)?(?:之?前)|(?:底|末)?(?=投产|投运|投用|投入|建成|完成|全部|全面|实现|达到|竣工|交付))",
    "the year by which what has been counted is done: 5家企业2024年6月底前完成更新",
    {"家企业2024年6月底前完成更新": {"year": "2024"}, "万吨试剂二期2025年投产": {"year": "2025"}},
    ("家企业2023年碳排放核查",),
)
YEAR_LIST = rule(
    "years in a list",
    r"(?P<years>(?:20\d\d\s*年\s*[、和及与]\s*)+20\d\d\s*年)[^。；]*?分别",
    "到2025年、2030年…分别达到A、B: the numbers belong to the years one by one",
    {"到2025年、2030年，装机容量分别达到3万千瓦、5万千瓦": {"years": "2025年、2030年"}},
    ("2021年和2022年完成改造",),
)
LEVEL_OF = re.compile(r"每(?:万|千|百)[\u4e00-\u9fff]{1,6}|保有量|拥有量")
"""A number of things that is a level (每万人口拥有…, 保有量), not so many done."""
DONE_TO = re.compile(
    r"^(?:(?:累计|全年|年内|每年|新|再)*(?:创建|培育|打造|建设|建成|建立|新建|新增|改建|扩建|实施|开展|组织|完成|引进|引育|举办|遴选|评选|认定|推广|推动|推进|形成|设立|布局|培养|选树|发布|制定|制修订|修订)(?:一批|各类)?)+(?=[\u4e00-\u9fff“A-Z]{2})"
)
"""The verb before what is counted: 建设零碳工厂5家 counts 零碳工厂."""
LISTED = re.compile(r"\s*(?:及?以上|及?以下|左右|以内)?\s*[）)]?\s*、")
"""Between two counts of a list: 绿色工厂3家以上、智能工厂5家."""
SHORTENED = re.compile(r"(?:压缩|缩短|压减|控制|减少|缩减|精简)(?:到|至|在|为)\s*$")
"""Before a time that is allowed: 审批时限压缩至7个工作日."""
DIMINISHED = re.compile(r"(?:排放|消耗|消费|使用|用|取水|填埋|产生|损耗|耗用|占用)量?(?:约|达|近)?\s*$")
"""What 减少 is said of where the number stands behind it: 减少二氧化碳排放5万吨."""
SIZED = rule(
    "thing with its size before it",
    r"^\s*级?(?:的\s*)?(?P<noun>(?!(?:的|扩建|改造|扩容|以[上下内]|左右|用于|由|并|和|及|与|投运|投产|投用|投入|建成|完成|全部|实现|达到|并网|目标|任务|指标|比例|幅度|规模|水平|要求|能力(?!建设)|总量|限值|标准煤))"
    r"[\u4e00-\u9fffA-Za-z“”+α-ω]{2}[^，；。（）(),]*)",
    "an amount that stands before what has it: 建设5万吨/年碳酸酯示范装置, 新建3公里管线",
    {
        "碳酸酯示范装置": {"noun": "碳酸酯示范装置"},
        "级甲醇装置": {"noun": "甲醇装置"},
        "的需求侧响应能力": {"noun": "需求侧响应能力"},
    },
    ("以上", "目标", "用于设施建设", "，完成", "的比例安装光伏", "扩建"),
)
CONDITION = rule(
    "condition",
    r"\s*(?:以上|以下|以内|内|之内)?\s*(?:的(?=由|约谈|按|予以|给予|责令|依法|一律|不予|限期|纳入|列入|自动|须|应|可)|(?:未|不|没有?)[^，。；的]{1,8}的(?=[\u4e00-\u9fff]))",
    "a number that says when something else is to be done: 超计划10%以内的约谈提醒",
    {"以内的约谈提醒": {}, "内未处置的自动升级": {}},
    ("以上的企业", "以内，实行"),
)
STAFFED = rule(
    "size of those who are meant",
    r"\s*及?以上\s*的?(?!骨干|专业|技能)[\u4e00-\u9fff]{0,6}(?:企业|单位|场所|项目|学校|机构|小区|村|工地|班组)",
    "the number of people tells which are meant, nothing is promised: 30人以上企业",
    {"以上企业除尘系统": {}, "以上粉尘作业场所减人": {}},
    ("以上。", "以上，企业"),
)
STATED_SHARE = rule(
    "share as it is",
    r"^[^，。；]{2,30}占[^，。；]{2,16}?的\s*\d+(?:\.\d+)?\s*%\s*$",
    "a share without a year, a bound or a verb that raises it reports how things are",
    {"园区循环冷却补水占新鲜水用量的54%": {}},
    ("新能源车占新增车辆的50%以上", "占比达到54%"),
)
CLASSED = rule(
    "amount that a standard allows",
    r"执行\s*$",
    "emissions follow a limit value: 总氮执行10毫克/升限值",
    {"总氮执行": {}},
    ("执行国家标准",),
)
PERIOD = re.compile(r"(20\d\d)\s*年?\s*[—–\-－~～至]+\s*(20\d\d)\s*年?|“?十([三四五六七])五”?|(20\d\d)\s*年(?!\s*前)")
"""The period that a title names; its last year is the default year of the targets."""

PLAN_END = {"三": 2020, "四": 2025, "五": 2030, "六": 2035, "七": 2040}

REDUCE = re.compile(r"下降|压缩|降低|减少|压减|压降|削减|节约|缩减|减排|节省|减量|下降率|降幅")
INCREASE = re.compile(r"提高|增长|增加|提升|新增|扩大|增幅|递增")
REACH = re.compile(
    r"达到|达|至|到|保持|稳定|维持|实现|完成|占|为|突破|超过|超|不低于|不少于|不高于|不超过|不大于|不小于|控制|具备|拥有|高于|低于|小于|大于|少于|至少|最高|最多|最低|安排|投入|给予|补助|"
    r"形成|建成|预留|储备|使用外资|利用外资|到位|到账|回收|并网|节电|节水|节煤|减碳|消纳|供应|供热|输送|储存|处理|腾出|腾退|盘活|抚育|复垦|收储|铺设|淘汰|改造|整治|治理|筹集|筹措|发放|奖励|支持|推广|更换|更新|替代|节能量|利用量|产值|规模|比例|比重|满意度|率|量|圈|推荐|一般|力争|每|年均|设立|打造|建设|新建|设置|增设|布局|补齐|节能$|年产"
)
DOING = re.compile(
    r"选拔|选取|选择|扩容|布设|拆除|摸排|探漏|集中|搬迁|督促|指导|帮助|评选|资助|创建|打造|培育|建设|建成|形成|实施|推进|完成|新增|引进|引育|招引|评定|认定|开展|组织|推动|培养|选树|遴选|推广|新建|改建|扩建|改造|设立|设置|布局|建立|发布|开发|开放|"
    r"制定|制修订|修订|举办|淘汰|关停|整治|提升|腾出|实现|支持|扶持|达到|达|增加|建有|拥有|累计|检测|抽检|检查|培训|安装|配备|更新|投放|推出|落地|集聚|孵化|转化|梳理|筹集|包括|使用|至少|"
    r"不少于|超过|突破|对|巡查|召开|保留|对接|服务|覆盖|攻克|突破|研发|发放|选派|申报|争取|力争|组建|编制|调整|治理|修复|种植|惠及|拟|盘活|抚育|复垦|收储|出让|造林|处置|清理|清退|腾退|回收|压减|新增"
)
AT_LEAST = re.compile(r"不[应得能可]?(?:低于|少于|小于)|至少|最低|[≥＞>]\s*$")
AT_MOST = re.compile(r"不[应得能可]?(?:超过|高于|大于|多于)|最高|最多|最长|控制在|限制在|至多|[≤＜<]\s*$")
MORE = re.compile(r"(?:(?<=[例比重率])过|超过|突破|高于|大于|多于|超)(?=[^，。]{0,3}$)")
LESS = re.compile(r"(?:低于|小于|少于)(?=[^，。]{0,3}$)")
ABOUT = re.compile(r"(?<!节)约(?:为|占|达|合)?\s*$|力争平均|近$")
AFTER = re.compile(r"\s*的?\s*(?P<post>及?以上|及?以下|以内|之内|左右|上下|内(?![\u4e00-\u9fff]{0,2}[区部涵]))")
PER_YEAR = re.compile(
    r"每年|(?<!\d)年均(?![\u4e00-\u9fff]{0,2}浓度|值|气温|质量)|平均每年|(?:^|[，；])\s*年(?:减少|接待|服务|培训|节约|回收|节能|节水|节电|新增|完成)|平均年|逐年|按年|每年度|年度(?=[\u4e00-\u9fff]{0,4}量)|年(?=节能量|减排量|利用量|处理量)"
)
REPORTED = re.compile(
    r"截[至止]|以来|“?十[一二三]五”?(?:期间|末|时期)|(?<![比较同与于])(?:去年|上年(?!度))|近年来|近[一二两三四五六七八九十\d]{1,3}年(?!内)|过去|(?:^|[，；：])\s*(?:目前|现有(?![^，。；]*(?:拆除|淘汰|改造|关停|退出|搬迁|整治))|现已|[\u4e00-\u9fff]{0,6}(?:园区|开发区|[高经]新区|经开区|工业区|化工区|新区|我[省市区县]|全[省市区县]|辖区|区内|市内)现有)|目前[，已]|已(?:经)?(?:集聚|拥有|累计|入驻|落户|培育|建成|完成|达|有|形成|开展|获|累计|实现|成)"
)
ORDINAL_NOUN = re.compile(
    r"(?:大|类|方面|层面|领域|环节|阶段|批|级|部门|维度|体系|要素|层次|中心城|重点任务|任务|区域|方向)"
)
SCHEME_NOUN = re.compile(r"(?:方面|层面|领域|环节|阶段|维度|体系|层次|机制|原则|方向|办法|结合|转变|统一|确保|坚持)")

UNITLESS = rule(
    "index without a unit",
    r"(?P<number>(?<=值)\s*\d+(?:\.\d+)?|(?:(?<=不高于)|(?<=不超过)|(?<=不应超过)|(?<=不得超过)|(?<=不应高于)|(?<=不得高于)|(?<=不大于)|(?<=应低于)|(?<=不低于)|(?<=优于)|(?<=降至)|(?<=降到)|(?<=达到)|(?<=控制在)|(?<=提高到)|(?<=提升到)|(?<=提高至)|(?<=提升至))\s*\d+\.\d+)"
    r"(?P<to>(?!))?(?P<unit>)(?=\s*(?:及?以上|及?以下|以内|左右)|[，。；、）]|$)",
    "ratios that have no unit: PUE值, 投入产出比",
    {
        "PUE值1.7以上": {"number": "1.7", "to": None, "unit": ""},
        "PUE不高于1.25": {"number": "1.25", "to": None, "unit": ""},
        "PUE不应超过1.3": {"number": "1.3", "to": None, "unit": ""},
        "灌溉水有效利用系数提高到0.62": {"number": "0.62", "to": None, "unit": ""},
    },
    ("增加值2025年",),
)
SELECTED = re.compile(
    r"(?:^|[，；])\s*(?:对于?|凡|针对)[^，；]{0,40}的(?:[\u4e00-\u9fff、]{0,8})(?:企业|单位|项目|家庭|用户|机组|锅炉|人员|车辆|建筑|产品|设备|工程|园区|地区|个人|团队|平台|机构)\s*$"
)
"""A clause that says for whom the next one is meant (对年度研发费用超过500万元的企业，…): its numbers select."""
SELECTS = re.compile(
    r"\s*的\s*(?:[\u4e00-\u9fff、]{0,8})(?:企业|单位|项目|家庭|用户|机组|锅炉|人员|公民|车辆|建筑|产品|设备|工程|园区|地区)"
)
"""Behind a number: it selects whom the sentence is about and promises nothing (占比超过3%的企业)."""
WHOLE = re.compile(
    r"(?:规范|达标|安全|全面|无害化|资源化|有效|及时|按时|完成|落实|覆盖|入园|纳管|收集|处置)[\u4e00-\u9fff]{0,6}(?=[，。；]|$)"
)
"""Behind 100%: all of it is done (工程渣土100%规范处置)."""
AWARD = re.compile(
    r"贷款|补助|补贴|奖励|奖补|奖金|资助|罚款|担任股东|贷款额度|给予[^，。；]{0,24}(?:支持|配套|经费|贴息|资助)|每[条件例次]奖|支持额度|扶持资金|单个(?:项目|企业|主体|平台)"
)
"""What is paid out under a policy is a rule of the policy, not a commitment that can be checked."""
CAPACITY = re.compile(r"[年日](?:处理|处置|产|供水|供热|加工|再生|利用)\s*$")
"""Before the amount that something is built for: 建设年处理60万吨的再利用项目."""
HANDLED = re.compile(r"(?:[为对给]|[将把](?:[^，。；]{1,10}的)?)(?:全[省市区县]|园区|区内|市内)?(?:剩余|现有)?(?:的)?$")
"""Before a number of those to whom something is done: 为50家企业开展诊断, 将7家企业迁入, 对62公里管道开展探漏."""
LENT = re.compile(r"(?:投放|发放|新增)[^，。；]{0,12}贷款|贷款(?:余额|投放|规模|总额)")
"""So much that is lent in all is a commitment; what one borrower gets is a rule of the policy."""
BUILDS = re.compile(
    r"建成|关停|淘汰|更新|清淤|疏浚|新建|改造|建设|整治|腾出|腾退|修复|扩建|铺设|增设|布局|补齐|改建|造林|种植|治理|盘活|抚育|复垦|收储|清理"
)
STOCK = re.compile(r"(?:存量|现有|既有|落后|老旧|低效)[^，。；]{0,16}?(?:改造|淘汰|整治|退出|关停|拆除|搬迁)")
"""Where a threshold selects what is to be brought below it: PUE值1.7以上存量数据中心提标改造."""
