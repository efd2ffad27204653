"""The joint notice as government sites print it: www.gov.cn, sh.gov.cn, a ministry, and two sites of no known make."""

from __future__ import annotations

from html import escape

from tests.joint_notice import DIVISION, LETTER, NOTICE, PLAN, PROJECTS, SIGNED, TITLE

NAME = "关于印发《某市工业领域绿色低碳高质量发展三年行动方案（2023—2025年）》的通知"
NUMBER = "某工信〔2023〕56号"
TOP = "<div class='wapheader'><a href='/'>首页</a>|<a>繁</a>|<a>登录</a></div><div id='menu'><ul>" + "".join(
    f"<li><a href='#'>{one}</a></li>" for one in ("国务院", "总理", "新闻", "政策", "互动", "推进政务服务")
) + "</ul></div>"  # fmt: skip
SIDE = "<div><h3>热点关注</h3><ul>" + "".join(
    f"<li><a href='x'>{one}</a></li>"
    for one in ("市政府召开会议，研究推进工业节能", "到2025年绿色工厂达到120家", "关于开展清洁生产审核的通知", "（一）推进行业改造，负责人答记者问")
) + "</ul></div>"  # fmt: skip
RELATED = (
    "<div class='pages_content xgjd'><h3>相关解读</h3><ul><li><a href='a'>一图读懂三年行动方案</a></li></ul></div>"
)
FOOT = (
    "<div class='footer'><p>链接：<a>全国人大</a> | <a>全国政协</a></p><p>版权所有：某网 主办单位：某市人民政府办公室</p>"
    "<p>网站标识码bm01000001 京ICP备05070218号</p></div>"
)


def table(rows: list[list[str]]) -> str:
    """A table as Word leaves it in a page."""
    cell = "<td width=100 valign=top><p class=MsoNormal align=center><span>{}<o:p></o:p></span></p></td>"
    body = "".join("<tr>" + "".join(cell.format(escape(said)) for said in row) + "</tr>" for row in rows)
    return f"<div align=center><table class=MsoNormalTable border=1 cellspacing=0>{body}</table></div>"


def text(plain: str, centred: str, right: str, head: list[str]) -> str:
    """The document in these kinds of paragraphs; ``head`` are its lines above the letter."""
    parts = [centred.format(line) for line in head]
    parts += [plain.format(escape(line)) for line in LETTER]
    parts += [right.format(SIGNED[0]), right.format(SIGNED[1]), plain.format(SIGNED[2])]
    parts += [centred.format(line) for line in TITLE]
    for line in PLAN:
        title, stop, rest = line.partition("。") if line[0] == "（" else (line, "", "")
        parts.append(plain.format(f"<span style='font-family:楷体_GB2312'>{escape(title + stop)}</span>{escape(rest)}"))
    for number, name, rows in (("附件1", "重点任务分工表", DIVISION), ("附件2", "重点项目清单", PROJECTS)):
        parts += [plain.format(number), centred.format(name), table(rows)]
    return "".join(parts)


def page(title: str, body: str, head: str = "") -> bytes:
    """The page in UTF-8."""
    return f"<!DOCTYPE html><html><head><meta charset=utf-8>{head}<title>{title}</title></head><body>{TOP}{body}{FOOT}</body></html>".encode()


def gov_cn() -> bytes:
    """With the table of labels, the tools, and the interpretations below."""
    labels = (("标　　题：", NAME, "发文机关：", "某市工业和信息化局 某市发展和改革委员会"), ("发文字号：", NUMBER, "来　　源：", "某市工业和信息化局网站"),
              ("成文日期：", "2023年11月07日", "发布日期：", "2023年11月08日"))  # fmt: skip
    rows = "".join(f"<tr><td><b>{a}</b></td><td>{b}</td><td><b>{c}</b></td><td>{d}</td></tr>" for a, b, c, d in labels)
    plain = "<p style='text-indent:2em;text-align:justify'>{}</p>"
    inner = text(
        plain, "<p style='text-align:center'><strong>{}</strong></p>", "<p style='text-align:right'>{}</p>", []
    )
    return page(
        f"{NAME}_地方政务_中国政府网",
        f"<div class='BreadcrumbNav'><a>首页</a> &gt; <a>政策</a> &gt; 正文</div><table class=bd1>{rows}</table>"
        f"<div class='share-tool'><span>字号：</span><a>默认</a> <a>大</a> <a>超大</a> | <a>打印</a> | <a>分享</a></div>"
        f"<div class='pages_content' id='UCAP-CONTENT'><div class='trs_editor_view TRS_UEDITOR'>{inner}</div></div>"
        f"<div class='editor'>责任编辑：李四</div><div class='pages_print'>扫一扫在手机打开当前页</div>{RELATED}",
    )


def sh_gov_cn() -> bytes:
    """With the attachments to download and the related links below."""
    inner = text("<p>　　{}</p>", "<p align=center>{}</p>", "<p align=right>　　{}</p>", [*NOTICE, NUMBER])
    return page(
        f"{NAME}_通知公告_上海市人民政府",
        f"<div class='location'>您所在的位置： 首页 &gt; 政务公开</div><h2 id='ivs_title'>{NAME}</h2><small>2023-11-08</small>"
        f"<div id='ivs_content' class='Article_content'>{inner}</div><div class='fujian'>附件下载：<a href='1.pdf'>分工表.pdf</a></div>"
        f"<div class='tools'>分享到 <a>微信</a> <a>打印</a> <a>关闭</a></div><div>相关链接<ul><li>推进绿色发展，市经信委召开会议</li></ul></div>",
        f"<meta name='ArticleTitle' content='{NAME}'>",
    )


def ministry() -> bytes:
    """With the place, the time and the one who edited it."""
    inner = text("<p>　　{}</p>", "<p class='c'>{}</p>", "<p class='r'>{}</p>", [*NOTICE, NUMBER])
    return page(
        NAME,
        f"<div class='mnav'>您现在的位置：<a>首页</a></div><h1 id='con_title'>{NAME}</h1>"
        f"<div class='cinfo'><span>发布时间：2023-11-08 09:00</span> <span>来源：节能与综合利用司</span></div>"
        f"<div class='ccontent center' id='con_con'>{inner}<p class='zrbj'>【责任编辑：王五】</p></div>{RELATED}",
    )


def tables_in_gbk() -> bytes:
    """A page laid out in tables, in GBK: the title in a cell of its own, the source line, a column of news."""
    plain = "<p>&nbsp;&nbsp;&nbsp;&nbsp;{}</p>"
    inner = text(plain, "<p align=center><b>{}</b></p>", "<p align=right>{}</p>", [NUMBER])
    body = (
        f"<table align=center><tr><td width=220>{SIDE}</td><td><table><tr><td align=center><b>{NAME}</b></td></tr>"
        f"<tr><td align=center>发布日期：2023-11-08　　来源：市工信局　　浏览次数：[ 1024 ]　　字体：[大][中][小]</td></tr>"
        f"<tr><td>{inner}</td></tr><tr><td>[<a>打印本页</a>] [<a>关闭窗口</a>]</td></tr>"
        f"<tr><td>上一篇：关于某事的公示<br>下一篇：没有了</td></tr></table></td></tr></table>{SIDE}"
    )
    return page("三年行动方案-某市工业和信息化局", body).replace(b"utf-8", b"gbk", 1).decode().encode("gb18030")


def line_breaks() -> bytes:
    """A page whose paragraphs are parted by line breaks in one element."""
    inner = text("　　{}<br/>", "<center>{}</center>", "{}<br/>", [NUMBER])
    return page(
        "三年行动方案",
        f"<div class='dqwz'>当前位置：首页>>政策</div><h1 class='tit'>{NAME}</h1>"
        f"<div class='info'>时间：2023年11月08日 10:22 来源：某市工信局 【字体：<a>大</a> <a>中</a> <a>小</a>】</div>"
        f"<div class='article' id='fontzoom'>{inner}</div><p>扫一扫在手机打开当前页</p>{SIDE}",
    )
