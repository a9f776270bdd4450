"""20 files of other kinds with the name of a workbook."""

from __future__ import annotations

from tests.data.workbooks.kitchen import Recipe, added, packed

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504
CSV = "koodi;nimi\nT-1;Säästö\n"


def _same(data: bytes, code: str, name: str, file_name: str = "tiedosto.xlsx") -> Recipe:
    return Recipe(name, lambda base: data, code=code, file_name=file_name)


def _with(name: str, code: str) -> Recipe:
    return Recipe(f"a workbook with {name}", lambda base: added(base.book(), name, b"<x/>"), code=code)


def _zip(code: str, *names: str) -> Recipe:
    return Recipe(
        f"a zip file of {names[0]}", lambda base: packed([(name, b"<x/>") for name in names]), code=code
    )


RECIPES = [
    _same(b"", "empty", "nothing at all"),
    _same(b"P", "not_a_table", "one byte"),
    _same(b"\x00" * 300, "not_a_table", "zeros"),
    _same(b"<html><table><tr><td>1</td></tr></table></html>", "is_html", "a web page"),
    _same(b"\xef\xbb\xbf \n<!DOCTYPE html><html></html>", "is_html", "a web page with a mark"),
    _same(b"<?xml version='1.0'?><Workbook/>", "is_xml", "XML of 2003"),
    _same(CSV.encode("utf-16"), "is_utf16", "text in UTF-16"),
    _same(CSV.encode("utf-16"), "is_utf16", "CSV in UTF-16", "tiedosto.csv"),
    _same(CSV.encode("utf-16-le"), "is_utf16", "CSV in UTF-16 without a mark", "tiedosto.csv"),
    _same(CSV.encode(), "is_text", "CSV called xlsx"),
    _same(OLE + b"Workbook" + b"\x00" * 99, "is_xls", "an old workbook"),
    _same(OLE + "EncryptedPackage".encode("utf-16-le"), "is_encrypted", "a workbook with a password"),
    _same(b"%PDF-1.7\n%%EOF", "is_pdf", "a PDF"),
    _same(b"\x89PNG\r\n\x1a\n" + b"\x00" * 40, "is_picture", "a picture"),
    _zip("is_ods", "content.xml", "mimetype"), _zip("is_word", "word/document.xml", "[Content_Types].xml"),
    _zip("is_binary_workbook", "xl/workbook.bin", "[Content_Types].xml"),
    _with("xl/vbaProject.bin", "macros"), _with("xl/externalLinks/externalLink1.xml", "external"),
    _with("xl/embeddings/oleObject1.bin", "embedded"),
]  # fmt: skip
