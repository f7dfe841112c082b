"""Word documents as offices make them, written in their own XML: merged cells, tracked changes, controls, tables in tables."""

from io import BytesIO

from docx import Document
from docx.oxml import parse_xml

_SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*runs: str) -> str:
    return f"<w:p>{''.join(part if part.startswith('<w:') else run(part) for part in runs)}</w:p>"


def cell(*paragraphs: str, wide: int = 1, merge: str = "") -> str:
    """A cell over ``wide`` columns; ``merge`` is "restart" for the first of cells merged downwards, "continue" for the others."""
    merged = f'<w:vMerge w:val="{merge}"/>' if merge else ""
    inside = "".join(part if part.startswith("<w:p>") else paragraph(part) for part in paragraphs or ("",))
    return f'<w:tc><w:tcPr><w:gridSpan w:val="{wide}"/>{merged}</w:tcPr>{inside}</w:tc>'


def row(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(part if part.startswith('<w:tc>') else cell(part) for part in cells)}</w:tr>"


def grid(*rows: str) -> str:
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(rows)}</w:tbl>"


def word(*blocks: str) -> bytes:
    """A document of paragraphs and tables."""
    made = Document()
    end = made.element.body[-1]
    for block in blocks:
        text = block if block.startswith("<w:") else paragraph(block)
        end.addprevious(parse_xml(text.replace(">", f" {_SPACE}>", 1)))
    out = BytesIO()
    made.save(out)
    return out.getvalue()


NATIONAL = grid(
    row("UBND TỈNH BẮC NINH", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
    row("TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG", "Độc lập - Tự do - Hạnh phúc"),
    row("Số: 15/KH-TTPVHCC", "Bắc Ninh, ngày 05 tháng 01 năm 2026"),
)
SIGNATURES = grid(row(cell("Nơi nhận:", "- UBND tỉnh;", "- Lưu: VT, HCTH."), cell("GIÁM ĐỐC", "", "Nguyễn Văn An")))
HEADER = row("TT", "Nhiệm vụ", "Đơn vị chủ trì", "Đơn vị phối hợp", "Thời gian hoàn thành", "Sản phẩm", properties="<w:tblHeader/>")
