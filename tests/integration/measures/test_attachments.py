"""Evidence: what is kept by its content, who may fetch it, and until when it may be taken away."""

import io
import zipfile
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core.attachments import checked_name, kind_of
from core.models import Attachment
from measures.models import SavingsEntry
from measures.services.attachments import attach
from programme.models import RoleGrant
from tests.factories.accounts import make_person
from tests.golden import Golden

PDF = b"%PDF-1.7\n1 0 obj\n"
CARD = "/p/esimerkki/measures/E1/"


def office(*names: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in ("[Content_Types].xml", *names):
            archive.writestr(name, "x")
    return packed.getvalue()


def client_of(golden: Golden, role: str, username: str = "") -> Client:
    person = make_person(username or role)
    RoleGrant.objects.create(programme=golden.programme, user=person, role=role)
    client = Client()
    client.force_login(person)
    return client


def send(client: Client, url: str, name: str, content: bytes, **fields: Any) -> Any:
    return client.post(url, {"file": SimpleUploadedFile(name, content)} | fields)


@pytest.mark.parametrize(
    ("content", "ending"),
    [
        (PDF, "pdf"), (b"\x89PNG\r\n\x1a\n0", "png"), (b"\xff\xd8\xff\xe0", "jpg"), ("Säästö;1\n".encode(), "csv"),
        ("Säästö".encode("cp1252"), "txt"), (office("xl/workbook.xml"), "xlsx"), (office("word/document.xml"), "docx"),
    ],
)  # fmt: skip
def test_a_file_is_known_by_its_content(content: bytes, ending: str) -> None:
    assert ending in kind_of(content).endings


@pytest.mark.parametrize(
    "content",
    [
        b"<!DOCTYPE html><p>", b"  <svg onload=x>", b"text <script>x</script>", b"MZ\x90\x00", b"\x7fELF",
        b"#!/bin/sh\n",
        b"<?xml version='1.0'?>", b"GIF89a\x00", b"\x00\x01\x02", b"PK\x03\x04broken", office("other.bin"),
        office("xl/workbook.xml", "xl/vbaProject.bin"),
    ],
)  # fmt: skip
def test_what_runs_or_is_unknown_is_refused(content: bytes) -> None:
    with pytest.raises(ValidationError):
        kind_of(content)


def test_a_name_loses_its_path_and_what_could_steer_a_header() -> None:
    assert checked_name('../../etc/pass"wd\r\n.pdf') == "passwd.pdf"
    assert checked_name("C:\\temp\\tosite \u202egnp.pdf") == "tosite gnp.pdf"
    assert len(checked_name("a" * 300 + ".pdf")) <= 201


def test_a_file_is_added_to_a_claim_and_fetched_as_a_download(golden: Golden) -> None:
    client = client_of(golden, "pmo")
    claim = SavingsEntry.objects.filter(line=golden.lines["E1/OST"], series="claimed").latest("month")

    answer = send(client, f"{CARD}files/add/?claim={claim.pk}", "lasku.pdf", PDF, note="Lasku 7/2024")

    row = Attachment.objects.get()
    assert answer["Location"].endswith(f"/confirmation/{claim.pk}/")
    assert (row.about, row.name, row.size, len(row.sha256)) == (claim, "lasku.pdf", len(PDF), 64)
    assert "lasku" not in row.file.name
    download = client.get(f"/p/esimerkki/files/{row.pk}/")
    assert download["Content-Disposition"] == 'attachment; filename="lasku.pdf"'
    assert (download["X-Content-Type-Options"], download["Cache-Control"]) == ("nosniff", "no-store")
    assert b"".join(download) == PDF
    assert client.get(f"{CARD}parts/files/").status_code in (200, 404)
    assert client_of(golden, "council").get(f"/p/esimerkki/files/{row.pk}/").status_code == 403


@pytest.mark.parametrize(
    ("name", "content", "note"),
    [
        ("sivu.html", b"<html>", ""), ("kuva.png", PDF, ""), ("tyhja.txt", b"", ""),
        ("iso.txt", b"a" * (10 * 1024 * 1024 + 1), ""), ("lista.csv", b"nimi;131052-308T\n", ""),
        ("lasku.pdf", PDF, "Hetu 131052-308T"),
    ],
)  # fmt: skip
def test_what_is_not_kept_is_told_at_the_field(golden: Golden, name: str, content: bytes, note: str) -> None:
    answer = send(client_of(golden, "pmo"), f"{CARD}files/add/", name, content, note=note)

    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert not Attachment.objects.exists()


def test_only_who_added_it_removes_it_and_not_after_the_decision(golden: Golden) -> None:
    mine, other = client_of(golden, "pmo"), client_of(golden, "pmo", "pmo2")
    claims = SavingsEntry.objects.filter(line=golden.lines["E1/OST"], series="claimed").order_by("month")
    decided, waiting = claims.first(), claims.last()
    for claim in (decided, waiting):
        assert send(mine, f"{CARD}files/add/?claim={claim.pk}", "a.txt", b"Sopimus").status_code == 302
    urls = [f"/p/esimerkki/files/{row.pk}/remove/" for row in Attachment.objects.order_by("pk")]

    assert other.post(urls[1]).status_code == 403
    assert [mine.post(url).status_code for url in urls] == [422, 302]
    assert [row.about for row in Attachment.objects.all()] == [decided]


def test_files_hang_on_measures_lines_and_claims_only(golden: Golden) -> None:
    with pytest.raises(ValidationError):
        attach(about=golden.sector, upload=SimpleUploadedFile("a.txt", b"a"), by=None)
