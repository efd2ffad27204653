"""Bytes and printed lines → logical text: encodings, line breaks, furniture, residue, damage."""

from pathlib import Path

import pytest

from corpus import read, read_bytes, read_text
from corpus.catalogue import load
from extract import extract
from schemas import UnreadableSource

TEXT = "某市节水行动方案\n一、总体要求\n为贯彻落实国家节水行动，推进本市节水工作，制定本方案。\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(encoding: str, newline: str) -> None:
    assert read_bytes(TEXT.replace("\n", newline).encode(encoding), "a.txt").text == TEXT.rstrip("\n")


def test_big5_is_not_taken_for_gb18030() -> None:
    text = "上海市經濟和資訊化委員會的工作方案，發展綠色工業，是大家的一個重要任務，在中國有大的影響。"
    assert read_bytes(text.encode("big5"), "a.txt").text == text


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "空的"),
        (b"  \n ", "空的"),
        (bytes(range(256)) * 50, "编码"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" * 20, "图片"),
        (b"only english text, nothing else", "汉字"),
        ("（".encode() * 1_000_000, "汉字"),
        ("节水".encode() * 10_000_000, "上限"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(data: bytes, says: str) -> None:
    with pytest.raises(UnreadableSource, match=says) as caught:
        read_bytes(data, "坏文件.txt")
    assert "坏文件.txt" in str(caught.value) and caught.value.hint


def test_a_bad_byte_is_named_by_its_line() -> None:
    with pytest.raises(UnreadableSource) as caught:
        read_bytes("第一行\n第二行".encode() + b"\n\xff\xff\x00\x01\x02\x03\xff", "a.txt")
    assert caught.value.line == 3


def test_missing_file_folder_and_format(tmp_path: Path) -> None:
    (tmp_path / "a.xyz").write_text("某市方案", "utf-8")
    for path, says in ((tmp_path / "no.txt", "不存在"), (tmp_path / "a.xyz", "格式"), (tmp_path, "文件夹")):
        with pytest.raises(UnreadableSource, match=says):
            read(path)


def test_hard_line_breaks_are_joined_and_every_character_knows_its_line() -> None:
    lines = [
        "为贯彻落实国家和本市节水工作部署，扎实推进重点领域节水，提高",
        "用水效率，根据有关规定，结合本市实际情况，制定本实施方案如下。",
        "一、总体要求",
        "坚持节水优先，把节水作为解决水资源短缺问题的重要举措，全面建",
        "设节水型社会，形成节水型生产生活方式，保障水资源可持续利用。",
        "（一）工业节水。推进高耗水行业节水改造，到2025年万元工业增加",
        "值用水量下降16%，建成一批节水标杆企业，推广先进节水工艺和设备",
        "应用示范，提高水资源重复利用率。",
    ] * 2
    source = read_text("\n\n".join(lines), "a.txt")
    paragraphs = source.text.split("\n")
    assert paragraphs[:4] == ["".join(lines[:2]), lines[2], "".join(lines[3:5]), "".join(lines[5:8])]
    assert source.line(source.text.index("值用水量下降")) == 13
    assert all("".join(lines)[0] for _ in paragraphs)


@pytest.mark.parametrize(
    ("printed", "read_as"),
    [
        ("到２０２５年下降１３．５％", "到2025年下降13．5%"),
        ("⼀次原料⻓期替代", "一次原料长期替代"),
        ("[bookmark: _Toc75963397]一、发展基础", "一、发展基础"),
        (r"浓度在 29 $\mu\text{g}/\text{m}^3$ 以下", "浓度在 29 μg/m³ 以下"),
        ("PM_{2.5} 年均浓度下降", "PM2.5 年均浓度下降"),
        ("## 二、重点任务", "二、重点任务"),
        ("**加强领导**，落实责任", "加强领导，落实责任"),
        ("节水&nbsp;优先", "节水 优先"),
        ("节\u200b水优先", "节水优先"),
    ],
)
def test_converter_residue(printed: str, read_as: str) -> None:
    assert read_text(printed).text == read_as


def test_page_numbers_between_the_halves_of_a_sentence_go_and_are_told() -> None:
    source = read_text(
        "推进清洁生产审核，建立健全园区清洁生产评价指标体系，\n- 10 -\n开展整体评价。\n第 3 页 共 9 页\n"
    )
    assert source.text == "推进清洁生产审核，建立健全园区清洁生产评价指标体系，开展整体评价。"
    assert [d.kind for d in source.defects] == ["other"] and "页码 2 处" in source.defects[0].note


def test_a_year_alone_on_its_line_is_no_page_number() -> None:
    assert read_text("光伏项目\n能源优化\n2024\n风电项目\n绿电\n2025").text.split("\n")[2] == "2024"


def test_contents_go() -> None:
    text = "某规划\n目录\n一、发展基础\t1\n二、主要任务\t3\n一、发展基础\n基础良好。\n二、主要任务\n推进节水。"
    assert read_text(text).text == "某规划\n一、发展基础\n基础良好。\n二、主要任务\n推进节水。"


def test_a_republishers_line_inside_a_sentence_is_cut_out_and_told() -> None:
    source = read_text(
        "各单位要落实责任，提高园区\n本文内容来自网络，由某网站搜集整理，如有任何异议请联系我们！\n\n企业环境责任意识。"
    )
    assert "搜集整理" not in source.text
    assert [(d.kind, d.origin.line) for d in source.defects if d.origin] == [("watermark", 2)]


def test_a_broken_font_is_restored_in_any_document() -> None:
    """The shift and the direction are found from the text: headings of our own, shifted by another constant."""
    shift = -0x1F37
    titles = ["一、总体要求", "二、主要任务", "三、加快绿色低碳发展", "四、强化科技创新", "五、保障措施"]
    garbled = ["".join(chr(ord(c) + shift) if c != "、" else "Ƚ" for c in t) + "\ufffd" for t in titles]
    body = "推进绿色低碳发展，强化科技创新，落实保障措施，完成主要任务，符合总体要求。"
    source = read_text("\n".join(line for pair in zip(garbled, [body] * 5, strict=True) for line in pair))
    assert source.text.split("\n")[::2] == titles
    assert [d.kind for d in source.defects] == ["garbled_heading"] * 5
    assert [d.printed for d in source.defects] == garbled


def test_a_line_reordered_for_display_is_put_back() -> None:
    entry = next(e for e in load().documents if e.slug == "shanghai-industry-carbon-peak-2022")
    source = read(entry.file)
    titles = [line for line in source.text.split("\n") if "、" in line[:3] and len(line) < 16]
    assert titles[5] == "六、促进供用能系统降碳" and titles[7] == "八、推行绿色制造体系" and titles[4].endswith("创新")


def test_traditional_chinese_is_left_alone() -> None:
    text = "上海市經濟和資訊化委員會發展綠色工業\n" * 60
    assert not [d for d in read_text(text).defects if d.kind == "garbled_heading"]


def test_a_garbled_heading_has_its_defect_at_the_heading() -> None:
    source = read(next(one.file for one in load().documents if one.slug == "shanghai-industry-carbon-peak-2022"))
    restored = [one for one in source.defects if one.kind == "garbled_heading" and "还原为" in one.note and one.origin]
    assert len(restored) == 12
    for one in restored:
        assert one.origin and f"“{source.text[one.origin.start : one.origin.end]}”" in one.note


def test_columns_parted_by_blanks_are_cells() -> None:
    table = "序号  项目名称  责任部门  建成年份\n1  蒸汽管网优化  发展公司  2026\n2  北区光伏　　经发处  2025"
    assert read_text(table).text.split("\n")[1:] == ["1\t蒸汽管网优化\t发展公司\t2026", "2\t北区光伏\t经发处\t2025"]
    assert "\t" not in read_text("联系人：刘强  电话：88881234\n甲市水务局  乙市水务局\n2024年4月28日").text


def test_wide_blanks_behind_numbers_and_in_tables_are_no_damage() -> None:
    rows = "序号  指标  单位  2020年  2025年\n1  回用率  %  40  45\n2  处置率  %  98  100\n3  覆盖率  %  17  19"
    text = f"第一章  总体思路\n第一节  主要目标\n回用率达到45%。\n表1  主要指标\n{rows}\n第二章  重点任务\n推进节水。"
    policy = extract(read_text(text))
    assert policy.defects == ()
    assert [(t.indicator, t.value, t.unit) for t in policy.targets][1:] == [
        ("回用率", 45, "%"),
        ("处置率", 100, "%"),
        ("覆盖率", 19, "%"),
    ]
