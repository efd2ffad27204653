"""LibreOffice, without a window: files of old Word, WPS and Excel → the formats of today, which have readers of their own.

Each conversion has a private profile in a folder that goes afterwards, so several run at once and none sees the user's
settings. Macros are off, links to outside are not followed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from schemas import UnreadableSource

SECONDS = 100
"""For one file; a plan of 300 pages takes about 10 seconds."""
_RESTART = 81
"""Exit code of a first start, which asks to be started again."""
_PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.exe",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.exe",
)
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Content/Update"><prop oor:name="Link"><value>2</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetProxyType"><value>2</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetHTTPProxyName"><value>127.0.0.1</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetHTTPProxyPort"><value>9</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetHTTPSProxyName"><value>127.0.0.1</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetHTTPSProxyPort"><value>9</value></prop></item>
<item oor:path="/org.openoffice.Setup/Product"><prop oor:name="ooSetupLastVersion"><value>99.9</value></prop></item>
</oor:items>
"""
"""Macros off; linked pictures and documents not fetched, and were they asked for, the proxy is a closed port."""


def program() -> str | None:
    """The program of LibreOffice, or None where it is not installed."""
    found = (
        shutil.which("soffice") or shutil.which("libreoffice") or next((p for p in _PLACES if Path(p).exists()), None)
    )
    if found is None:
        return None
    bare = Path(found).resolve().with_name("soffice.bin")  # the script around it would leave it running when killed
    return str(bare) if bare.exists() else found


def convert(data: bytes, suffix: str, target: str, file: str) -> bytes:
    """The file in the format ``target`` (an ending without its dot); ``suffix`` is the ending that its content has.

    Raises ``UnreadableSource``: no LibreOffice here, not done in time, or nothing came out.
    """
    soffice = program()
    if soffice is None:
        hint = (
            "请安装 LibreOffice（Debian、Ubuntu：apt install libreoffice-writer libreoffice-calc；Windows、macOS 见其官网），"
            f"或用 Word、WPS 打开后另存为 .{target}，再添加。"
        )
        raise UnreadableSource(file, f"读取这种文件（{suffix}）需要 LibreOffice，这台电脑上没有找到", hint)
    with tempfile.TemporaryDirectory(prefix="policytrace-office-", ignore_cleanup_errors=True) as folder:
        return _converted(soffice, Path(folder), data, suffix, target, file)


def _converted(soffice: str, folder: Path, data: bytes, suffix: str, target: str, file: str) -> bytes:
    source, profile, out = folder / f"source{suffix}", folder / "profile", folder / "out"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_SETTINGS, "utf-8")
    source.write_bytes(data)
    command = [
        soffice, "--headless", "--norestore", "--nolockcheck", "--nodefault", "--nofirststartwizard",
        f"-env:UserInstallation={profile.as_uri()}", "--convert-to", target, "--outdir", str(out), str(source),
    ]  # fmt: skip
    problem = "LibreOffice 没有读出这个文件，它可能已损坏或有密码"
    for _ in range(3):
        try:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=SECONDS,
                env=_environment(folder),
                check=False,
            )
        except subprocess.TimeoutExpired:
            problem = f"LibreOffice 在 {SECONDS} 秒内没有读完这个文件"
            break
        except OSError as error:
            problem = f"LibreOffice 启动失败：{error.strerror}"
            break
        if done.returncode != _RESTART:
            break
    made = out / f"source.{target}"
    if not made.is_file() or not made.stat().st_size:
        raise UnreadableSource(file, problem, f"请用 Word 或 WPS 打开后另存为 .{target}，再添加。")
    return made.read_bytes()


def _environment(folder: Path) -> dict[str, str]:
    """No display, and no place to leave anything but the folder."""
    kept = {key: value for key, value in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY")}
    return {**kept, "HOME": str(folder), "TMPDIR": str(folder), "SAL_USE_VCLPLUGIN": "svp"}
