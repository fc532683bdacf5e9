"""Names of every script in documents."""

from datetime import UTC, datetime
from pathlib import Path

import pypdfium2 as pdfium

from core.documents.fonts import missing_scripts, unprintable, use_machine_fonts
from core.documents.pdf import FONT, new_pdf, write
from tests.servers import do_without

OF_HEYET = ["Gülşen", "Γιώργος", "Đặng Дмитрий", "გიორგი", "Արմեն", "محمد", "שלום"]
OF_THE_MACHINE = ["王小明", "たろう", "김철수", "अनिल", "বাংলা", "አበበ", "தமிழ்", "สมชาย", "မြန်မာ", "សុខ"]


def names_on_a_page(names: list[str]) -> tuple[bytes, list[bytes]]:
    """The page, and the pixels of each name."""
    pdf = new_pdf(landscape=False, made_at=datetime(2026, 1, 1, tzinfo=UTC), title="Names", language="en")
    pdf.add_page()
    for line, name in enumerate(names):
        for weight, x in (("", 20), ("B", 110)):
            pdf.set_font(FONT, weight, 12)
            write(pdf, x, 20 + 10 * line, name, 80, "left")
    content = pdf.finished()
    pixels = pdfium.PdfDocument(content)[0].render(scale=72 / 25.4, grayscale=True).to_numpy()
    return content, [pixels[8 * (13 + 10 * line) : 8 * (23 + 10 * line)].tobytes() for line in range(len(names))]


def test_every_script_is_printed_with_fonts_of_the_machine_and_boxes_stand_where_there_is_none(tmp_path: Path) -> None:
    names = [*OF_HEYET, *OF_THE_MACHINE]
    # What is no font is passed over.
    (tmp_path / "NotoSansBroken-Regular.ttf").write_bytes(b"no font")
    try:
        use_machine_fonts([tmp_path, tmp_path / "none"])
        assert list(unprintable([*names, "a\u200db\ufe0f"])) == OF_THE_MACHINE
        assert len(missing_scripts()) > 10
        _, boxes = names_on_a_page(names)
        use_machine_fonts([Path("/usr/share/fonts")])
        if missing_scripts():
            do_without("A font for each script", "install the packages fonts-noto-core and fonts-noto-cjk")
        assert unprintable(names) == {}
        content, shown = names_on_a_page(names)
    finally:
        use_machine_fonts([])
    for name, drawn, before in zip(names, shown, boxes, strict=True):
        assert min(drawn) < 128, f"{name} is blank"
        assert (drawn == before) == (name in OF_HEYET)
    copied = pdfium.PdfDocument(content)[0].get_textpage().get_text_bounded()
    assert {"王小明", "たろう", "김철수", "አበበ"} <= set(copied.split())


def test_han_letters_are_drawn_as_the_language_beside_them_draws_them() -> None:
    use_machine_fonts([Path("/usr/share/fonts")])
    try:
        if missing_scripts():
            do_without("A font for each script", "install the packages fonts-noto-core and fonts-noto-cjk")
        content, _ = names_on_a_page(["直骨", "直骨 たろう", "直骨 김"])
    finally:
        use_machine_fonts([])
    assert all(f"NotoSansCJK{language}-Regular".encode() in content for language in ("sc", "jp", "kr"))
