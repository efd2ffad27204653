"""Verbs by which an official text tells someone to do something, and how strongly each binds."""

from __future__ import annotations

import functools
import re
from typing import Literal

Strength = Literal["prohibit", "require", "promote", "encourage", "explore"]

VERBS: dict[Strength, str] = {
    "prohibit": "严禁 不得 禁止 杜绝 严控 坚决遏制 坚决杜绝 坚决防止 原则上不得 原则上不再 不再 停止 不准 不予",
    "require": "必须 应当 应 须 要 确保 严格 全面实施 严格执行 严格落实 严格控制 严格管理 严把 坚决 强制 不断强化 切实 负责 落实 保证 务必 遵守 执行",
    "promote": (
        "推进 推动 加快 加强 强化 完善 健全 建立 建设 构建 实施 开展 提升 提高 优化 打造 培育 促进 深化 推广 发展 组织 制定 编制 "
        "修订 制修订 出台 印发 发布 完成 创建 形成 做好 抓好 加大 扩大 深入 持续 大力 着力 积极 全面 进一步 巩固 改善 规范 统筹 "
        "协调 督促 指导 监督 监测 评估 评价 考核 检查 排查 整治 治理 淘汰 压减 削减 降低 减少 控制 替代 改造 升级 更新 布局 引进 "
        "引入 整合 利用 充分利用 综合利用 运用 应用 采用 依托 依法 围绕 聚焦 对标 对照 参与 加入 宣传 宣贯 推行 普及 传播 营造 "
        "搭建 设立 组建 成立 明确 确定 梳理 总结 汇总 报送 上报 提交 审核 审批 备案 公布 公示 公开 通报 落地 保障 支撑 服务 "
        "培养 引育 培训 保护 修复 恢复 增加 新增 新建 扩建 改建 建成 拓展 拓宽 延伸 丰富 增强 夯实 壮大 做大 做强 做优 联合 会同 "
        "合理 科学 有序 稳妥 稳步 重点 优先 适度 逐步 及时 定期 分类 分步 全力 高质量 高标准 高水平 率先 多渠道 因地制宜 主动 "
        "充分 有效 系统 集中 集中攻关 攻关 突破 研发 开发 生产 回收 处置 收集 管理 调度 跟踪 反馈 调查 核算 统计 摸清 摸排 建好 用好 管好 "
        "实现 达到 保持 坚持 发挥 发力 争取 力争 推出 融合 结合 按照 根据 通过 配合 牵头 细化 分解 制订 补齐 打通 畅通 盘活 "
        "挖掘 深挖 锚定 瞄准 紧盯 把握 准确把握 抓住 提出 提供 给予 安排 拨付 选育 遴选 评选 评定 认定 推荐 激发 激励 带动 辐射 "
        "强基 固本 对接 衔接 协同 联动 倡导 弘扬 普查 试验 改进 改革 创新 加速 加密 加固 实行 推行 立足 谋划 规划 争创 创优 招引 举办 召开 开设 "
        "补充 储备 轮换 存储 储存 动用 报告 建档 登记 检测 检验 查处 打击 整改 整顿 关停 搬迁 清理 清退 清运 疏通 解决 化解 防范 防止 "
        "提倡 维护 运行 启动 签订 承担 履行 接受 派出 设置 配备 配置 配套 选用 使用 购买 采购 投入 筹集 争取到 落细 抓实 压实 "
        "扎实 切实做好 继续 不断 面向 放宽 简化 下放 减轻 减免 免除 扶持 资助 补助 奖励 补贴 解读 宣讲 交流 借鉴 复制 综合运用 综合考虑 综合施策 运营 引领 助推 融入 贯彻 "
        "纳入 逐年 全程 优选 坚守 守住 筑牢 织密 严守 严防 严查 研制 普遍 大幅 选择 基于 开拓 最大 最大限度 合力 带头 试行 签约 帮扶 聚力 办好 扩容 攻坚 抢抓 兜牢 守牢 从严 精准 巡查 抽检 核查 约谈 上线 投放 铺设 敷设 擦亮"
    ),
    "encourage": "鼓励 支持 引导 倡议 提倡 鼓励和引导 引导和支持",
    "explore": "探索 研究 试点 尝试 探讨 论证",
}
"""Verb → strength. Adverbs that only stand before verbs (加快, 大力 …) count as the verb's own start."""

STRENGTH_OF: dict[str, Strength] = {
    word: strength for strength, words in reversed(VERBS.items()) for word in words.split()
}

_ORDERED = sorted(STRENGTH_OF, key=len, reverse=True)
INSTRUCTS = re.compile(f"(?:{'|'.join(map(re.escape, _ORDERED))})")
"""A verb at the start of a clause."""

_BINDING = re.compile(
    r"必须|应当|不得|严禁|禁止|确保|(?<![无必])须(?!知)|(?<![相适响反供对效顺呼感])应(?!.尽)(?=[具建按依在对将于当符为及落严做加向把从不自]|[^用急对变收届付援力允])|"
    r"(?<=[委局厅部办处府会位门业区院队站组司])负责(?!人)|(?<=[委局厅部办处府会位门业区院人队级地站组司])(?:要(?!求|素|点|闻|件))"
)
_ADVERBS = frozenset(
    "加快 深入 持续 大力 着力 积极 全面 进一步 统筹 合理 科学 有序 稳妥 稳步 重点 优先 适度 逐步 及时 定期 分类 分步 全力 高质量 高标准 "
    "高水平 率先 多渠道 因地制宜 主动 充分 有效 系统 集中 加速 扎实 切实 继续 不断 逐年 全程 普遍 大幅 严格 坚决 依法 争取 力争 确保 合力 带头 加强 强化".split()
)
_PREPOSITIONS = frozenset("按照 根据 围绕 聚焦 依托 通过 面向 对标 对照 基于 结合 运用 采用 锚定 瞄准 立足".split())
_INNER = re.compile(
    "推进|推动|加快|加强|强化|完善|健全|建立|建设|构建|实施|开展|提升|提高|优化|打造|培育|促进|推广|发展|组织|制定|编制|规划|布局|"
    "进行|实行|纳入|支持|鼓励|引导|探索|研究|落实|统筹|实现|创建|做好|整治|改造|拓展|推行|下达|责令|综合评价"
)
_WILL = re.compile(
    "[\u4e00-\u9fff]{1,14}?[委局厅部办处府会]将(?P<verb>会同|组织|定期|适时|联合|按|对)[\u4e00-\u9fff]{3}"
)
"""How an office says what it does: 经发处将会同环保办进行抽查."""
_COMPOUND = re.compile(
    "(?:规划|试点|改造|建设|评估|考核|检查|培训|监测|实施|执行|整改|监督|服务|管理|研究|推荐|评选)"
    "(?:范围|期限|面积|时间|对象|周期|主体|年限|区域|期为|条件|资金|规模)"
)
"""A noun that begins like a verb: 规划范围东至…."""
_COUNTED = re.compile("[一二三四五六七八九十]是(?!否)")
_LABEL = re.compile(r"[\u4e00-\u9fff]{2,6}[：:]\s*")
_GOAL_LABELS = ("整改目标", "工作目标", "目标任务", "完成目标", "年度目标", "主要目标")
"""整改措施：实施管网改造 orders what stands behind the label; 整改目标：… orders nothing."""
_LEAD_IN = re.compile("[在对将把由以为从]")
_REQUEST = re.compile(
    "[^，。；]{0,6}?请(?!示|求|于批).{0,40}?(?P<verb>报送|上报|反馈|报告|提交|填报|组织|做好|开展|制定|落实|推荐|明确|确定|加强|完成|按照|按时|指导|督促|结合|认真|抓紧|及时|报)"
)
"""How a 函 or a 通知 orders: 请各市于…前将…报送."""


@functools.lru_cache(maxsize=8192)
def strength_of(clause: str) -> tuple[str, Strength] | None:
    """The verb by which a clause instructs and its strength, or None where it instructs nobody.

    A binding word anywhere in the clause (必须, 不得 …) decides before the opening verb. Adverbs (大力, 深入 …) are
    passed over; a clause that opens with a preposition (按照, 围绕 …) instructs only if a verb follows inside it.

    >>> strength_of("积极鼓励企业开展清洁生产")
    ('鼓励', 'encourage')
    """
    binding = _BINDING.search(clause)
    if binding:
        return binding.group(), STRENGTH_OF[binding.group()]
    clause = _COUNTED.sub("", clause.lstrip("“”‘’（("))
    label = _LABEL.match(clause)
    if label and label.group().startswith(_GOAL_LABELS):
        return None
    clause = clause[label.end() :] if label else clause
    if _COMPOUND.match(clause):
        return None
    match = INSTRUCTS.match(clause)
    will = _WILL.match(clause) if match is None else None
    if will:
        return will["verb"], "promote"
    request = _REQUEST.match(clause) if match is None and "请" in clause[:10] else None
    if request:
        return request["verb"], "promote"
    if match is None:
        match = _INNER.search(clause, 3) if _LEAD_IN.match(clause) else None
    elif match.group() in _PREPOSITIONS:
        match = _INNER.search(clause, match.end() + 2)
    return _passing_adverbs(clause, match) if match else None


def _passing_adverbs(clause: str, match: re.Match[str]) -> tuple[str, Strength]:
    """The first verb that is no adverb, with the strength that an adverb like 严格 lends it."""
    strongest = STRENGTH_OF.get(match.group(), "promote")
    while match.group() in _ADVERBS and (behind := INSTRUCTS.match(clause, match.end())):
        match = behind
    strength = STRENGTH_OF.get(match.group(), "promote")
    return match.group(), strongest if strength == "promote" else strength
