"""Real small files of every kind that search reads, and the ones that would do harm."""

import io
import zipfile
from collections.abc import Mapping

from pypdf import PdfReader, PdfWriter

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
P = 'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
O = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'  # noqa: E741
T = 'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'


def zipped(parts: Mapping[str, str | bytes], *, packed: bool = True) -> bytes:
    buffer = io.BytesIO()
    way = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    with zipfile.ZipFile(buffer, "w", way) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def docx(text: str, more: str = "") -> bytes:
    body = f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p><w:p><w:r><w:t>Fin</w:t></w:r></w:p>"
    return zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "word/document.xml": f"{more}<w:document {W}><w:body>{body}</w:body></w:document>",
            "word/header1.xml": f"<w:hdr {W}><w:p><w:r><w:t>En-tête</w:t></w:r></w:p></w:hdr>",
        }
    )


def xlsx(text: str, number: int = 4711) -> bytes:
    rows = f'<row><c t="s"><v>0</v></c><c><v>{number}</v></c>'
    rows += '<c t="inlineStr"><is><t>sur place</t></is></c></row>'
    return zipped(
        {
            "xl/sharedStrings.xml": f"<sst {S}><si><t>{text}</t></si></sst>",
            "xl/worksheets/sheet1.xml": f"<worksheet {S}><sheetData>{rows}</sheetData></worksheet>",
        }
    )


def pptx(*slides: str) -> bytes:
    return zipped(
        {
            f"ppt/slides/slide{number}.xml":
                f"<p:sld {P} {A}><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:sld>"
            for number, text in enumerate(slides, 1)
        }
    )  # fmt: skip


def open_document(text: str) -> bytes:
    body = f"<office:body><text:p>{text}<text:line-break/>suite</text:p></office:body>"
    content = f"<office:document-content {O} {T}>{body}</office:document-content>"
    return zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content})


def pdf(text: str) -> bytes:
    """One page, with its table of objects, as any program writes it."""
    stream = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode("cp1252")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    made, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(made)
    return made + b"xref\n0 6\n0000000000 65535 f \n" + table + end


def sealed_pdf(text: str, password: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(text))))
    writer.encrypt(user_password=password, owner_password="geheim", algorithm="AES-256")
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def entity_bomb() -> bytes:
    grown = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    return docx("&e9;", f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY e0 "boum">{grown}]>')


def outside_entity() -> bytes:
    return docx(
        "&x;", '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    )


def zip_bomb() -> bytes:
    return zipped({"word/document.xml": f"<w:document {W}>{'0' * 50_000_000}</w:document>"})


def endless_comment() -> bytes:
    return docx("<!--" + "0" * 9_000_000 + "-->")


def loop_pdf() -> bytes:
    """A tree of pages that bites its own tail."""
    return pdf("x").replace(b"/Kids [3 0 R]", b"/Kids [2 0 R]")
