"""What may be fetched from an official website, and whether what came is the document that was asked for. Pure.

The catalogue of cited documents (``national/catalogue.yaml``) names the official address of a document where it was
checked. Its hosts are the only ones that are ever contacted.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath
from urllib.parse import SplitResult, urlsplit

from corpus.catalogue import Known, title_key
from schemas import Policy, PolicyError

BY_HAND = "也可以用浏览器打开 {url}，另存网页或下载附件，再用 policytrace add 加入。"
ENOUGH = 0.8
"""Share of the task titles of our outline that a full text must have. They are the document's own titles; a page that
lacks one in five was cut off, or is a summary."""
_KINDS = {
    "application/pdf": ".pdf",
    "application/msword": ".doc",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/ofd": ".ofd",
    "text/plain": ".txt",
}
_ENDINGS = frozenset((*_KINDS.values(), ".wps"))
_NO_WORDS = re.compile(r"[\W_]+")


def hosts(known: Iterable[Known]) -> frozenset[str]:
    """The hosts of all official addresses."""
    return frozenset(urlsplit(one.source_url).hostname or "" for one in known if one.source_url) - {""}


def allowed(url: str, hosts: frozenset[str]) -> SplitResult:
    """The address in its parts. Raises ``PolicyError`` unless it is https, on a host of the list, at the usual port."""
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname or ""
    except ValueError as error:
        raise PolicyError(f"网址写得不对：{url}", "") from error
    if parts.scheme != "https":
        raise PolicyError(f"不是加密的网址（https）：{url}", "为防止内容被篡改，程序不取这样的网页。")
    if host not in hosts or port not in (None, 443) or parts.username or parts.password:
        raise PolicyError(f"不是目录中的官方网站：{url}", f"程序只访问 {'、'.join(sorted(hosts))}。")
    return parts


def public(address: str) -> bool:
    """Whether an IP address is one of the open Internet: not of this machine, of a local network, or reserved."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return (mapped or found).is_global and not found.is_multicast


def ending(content_type: str, path: str) -> str:
    """The ending for a file of what came; a web page unless something else is said."""
    kind = content_type.partition(";")[0].strip().lower()
    suffix = PurePosixPath(path).suffix.lower()
    return _KINDS.get(kind) or (suffix if suffix in _ENDINGS and "html" not in kind else ".html")


def objection(policy: Policy, known: Known, outline: Policy | None) -> str | None:
    """Why `policy`, as read from the official address, is not the whole document `known`; None if it is.

    The title must be the catalogue's; a 文号 that is printed must be the catalogue's, and where none is printed the
    date must be. Of our outline's task titles nearly all must be there.
    """
    wanted = {title_key(title) for title in (known.title, *known.aliases)}
    if title_key(policy.title) not in wanted:
        return f"网页上是《{policy.title}》，不是《{known.title}》"
    text = _plain(policy.logical_text)
    number = _plain(known.doc_number or "")
    if number and policy.doc_number and _plain(policy.doc_number) != number:
        return f"网页上的文号是 {policy.doc_number}，应为 {known.doc_number}"
    if number and number not in text and known.date and policy.date != known.date:
        return f"网页上没有文号 {known.doc_number}，日期（{policy.date or '没有印出'}）也不是 {known.date}"
    if not policy.tasks:
        return "网页上没有正文：读不出一项任务"
    titles = _titles(outline)
    found = sum(title in text for title in titles)
    if found < ENOUGH * len(titles):
        return f"网页不完整：正文应有的 {len(titles)} 个任务标题只找到 {found} 个"
    return None


def _titles(outline: Policy | None) -> Sequence[str]:
    """The titles of an outline's tasks that were checked against the official text."""
    tasks = outline.tasks if outline else ()
    return [_plain(task.title) for task in tasks if task.verified and task.title]


def _plain(text: str) -> str:
    return _NO_WORDS.sub("", unicodedata.normalize("NFKC", text))
