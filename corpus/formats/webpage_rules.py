"""Web pages of Chinese governments: where the text of a document lies in them, and what stands around it.

The sites follow 《政府网站发展指引》 (国办发〔2017〕47号): head tags ArticleTitle, PubDate, ContentSource; a table of labels above
the text; share, print and related links around it. Editors leave their mark as the class of the element with the text.
"""

from __future__ import annotations

import re

from corpus.furniture import LineRule

BODY_IDS = (
    "UCAP-CONTENT",
    "ivs_content",
    "zoom",
    "Zoom",
    "con_con",
    "artibody",
    "content_body",
    "js_content",
    "zoomcon",
)
"""www.gov.cn, sh.gov.cn, ministries, and editors in wide use: ids of the element that holds the text."""
BODY_CLASSES = (
    "TRS_Editor", "TRS_UEDITOR", "Custom_UnionStyle", "pages_content", "Article_content", "article_content", "article-content",
    "article_con", "articleContent", "trout-region-content", "xxgk-content", "xxgk_content", "zwxl-article", "news_content",
    "content_detail", "detail-content", "b12c", "wz_content", "ccontent", "gp-content", "txt_txt", "conTxt", "view",
)  # fmt: skip
"""Classes of it: TRS and its successors, 大汉, 开普, and single ministries."""

AROUND = re.compile(
    r"(?:^|[\s_-])(?:nav(?:bar|igation)?|menu|breadcrumbs?|crumbs?|location|position|dqwz|weizhi|dangqian|share|bdsharebuttonbox|fenxiang|"
    r"jiathis|related|xiangguan|relate|recommend|footer|foot|bottom|copyright|header|top(?:bar)?|banner|sidebar|aside|toolbar|tools?|"
    r"print|search|pager|pagination|login|qrcode|ewm|erweima|float|fontsize|editor-info|prev(?:ious)?|next|hotwords?|skip|a11y|wza)(?:$|[\s_-])",
    re.IGNORECASE,
)
"""Words in the class or id of what stands around a text."""
AROUND_TAGS = frozenset(("nav", "header", "footer", "aside"))
UNSEEN_TAGS = frozenset(
    ("script", "style", "noscript", "template", "head", "iframe", "object", "embed", "svg", "canvas", "button", "select", "input", "textarea",
     "audio", "video", "map", "link", "meta", "rp", "rt")
)  # fmt: skip
"""Elements whose text no reader sees, or that are controls."""
UNSEEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)

TITLE_TAGS = ("ArticleTitle", "articletitle", "title", "og:title", "twitter:title")
SITE_NAME = re.compile(r"\s*(?:[_|｜]|\s[-—–]\s?|--+|[-—–](?=[^\d—–-]{2,24}(?:网|网站|政府|局|委|厅|部|会)$)).*$")
"""What follows the title in a page's title: _中国政府网."""
HEADLINE = re.compile(
    r"[^。；！]{2,110}(?:通知|通告|公告|意见|方案|规划|计划|办法|要点|措施|细则|规定|纲要|决定|批复|函|清单|分工表)(?:[（(][^（）()]{1,16}[）)])?"
)
"""A line above the text that is the title of a document (7.3.1: it ends with the genre)."""

LABELS = re.compile(
    r"(?:索\s*引\s*号|主\s*题\s*分\s*类|主题词|发\s*文\s*机\s*关|发文单位|发布机构|制发机关|成\s*文\s*日\s*期|发\s*布\s*日\s*期|发文日期|生成日期|公开日期|"
    r"标\s*题|名\s*称|发\s*文\s*字\s*号|文\s*号|有效性|公开方式|公开形式|公开范围|信息来源|体裁分类|组配分类|服务对象|生效日期|废止日期)\s*[：:]?"
)
"""Labels of the table that sites print above a document."""

FURNITURE = (
    LineRule(
        "tools of the page",
        re.compile(
            r"[【\[（(]?\s*(?:字\s*[号体]\s*[：:]?\s*[【\[]?\s*[大中小\s|｜/]{3,9}[】\]]?|(?:我要)?打\s*印(?:本页|此页)?|(?:我要)?纠错|关闭(?:窗口|本页)?|收藏|返回(?:顶部|首页)?|"
            r"(?:上|下)一(?:篇|条)\s*[：:]?.{0,60}|分享(?:到|至)?\s*[：:].{0,20}|分享(?:到|至)?|(?:微信|微博|QQ|空间|扫一扫|手机版|无障碍|语音播报|\s|[|｜、/【】\[\]])+|"
            r"(?:用微信)?扫一扫.{0,24}|(?:【\s*)?(?:打印|关闭|大|中|小|返回|收藏|纠错)(?:\s*】\s*【?\s*(?:打印|关闭|大|中|小|返回|收藏|纠错))*)\s*[】\]）)]?"
        ),
        "government sites print tools for reading aloud, printing and sharing around a text",
        ("字号：【大 中 小】", "【打印】【关闭】", "打印本页", "分享到：", "扫一扫在手机打开当前页", "上一篇：关于某事的通知", "微信 微博"),
        ("打印机等设备要节能。", "关闭高耗能企业", "小型企业", "分享经验，互学互鉴。"),
    ),
    LineRule(
        "source line",
        re.compile(
            r"(?:(?:发布|更新|发稿)?(?:时间|日期)\s*[：:]\s*)?(?:20\d\d[-年./]\d{1,2}[-月./]\d{1,2}日?\s*(?:\d{1,2}[:：]\d{2}(?:[:：]\d{2})?)?)?\s*"
            r"(?:(?:信息)?来源\s*[：:]\s*\S{0,30}|(?:浏览|点击|阅读|访问)(?:次数|量|数)?\s*[：:]\s*[\[【（(]?\s*\d*\s*[\]】）)]?\s*次?|[【\[]?\s*字[体号]\s*[：:]?\s*(?:[【\[]?\s*(?:大|中|小|默认|超大)\s*[】\]]?\s*)+[】\]]?|访问量\s*[：:]?\s*\d*|[【\[（(]?\s*责任编辑\s*[：:]\s*[^\s】\]）)]{0,12}\s*[】\]）)]?|编辑\s*[：:]\s*\S{0,12}|\s|[|｜])+"
        ),
        "the line below a title that says where the page comes from and how often it was read",
        ("2022-07-14 来源：上海市经济和信息化委员会", "发布时间：2023-06-28 10:00 来源：管委会 浏览次数：35", "责任编辑：张三", "【责任编辑：王五】", "发布日期：2023-11-08　　来源：市工信局　　浏览次数：[ 1024 ]　　字体：[大][中][小]", "时间：2023年11月08日 10:22 来源：某局 【字体：大 中 小】"),
        ("2023年6月28日", "来源地清单", "成文日期：2022年7月14日"),
    ),
)  # fmt: skip

AFTERWARDS = re.compile(
    r"(?:相关(?:链接|文章|文件|解读|阅读|稿件|报道|新闻|信息|附件下载)|政策解读|图解|解读链接|延伸阅读|网站地图|主办单位\s*[：:].*|版权所有.*|[^。]{0,30}ICP备.*|网站标识码.*)\s*[：:]?"
)
"""Lines from which on nothing belongs to the document."""
