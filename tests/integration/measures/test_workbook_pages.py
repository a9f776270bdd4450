"""Bringing and taking workbooks through the pages, by command and as CSV."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core.jobs import run_job
from core.models import Job
from core.tables import read_tables
from core.tables.csv_files import read_csv
from measures.models import (
    ImportKind,
    ImportMapping,
    ImportRun,
    Measure,
    MeasureTarget,
    SavingsEntry,
    SavingsLine,
)
from measures.totals import differing
from measures.workbooks.export import csv_rows, write_workbook
from measures.workbooks.running import read_run, take_in, take_in_path
from programme.models import Role
from tests.factories.accounts import make_member
from tests.factories.measures import Ground, make_entry, make_ground, make_line, make_measure

pytestmark = pytest.mark.django_db

#: Texts that a spreadsheet would run, link or rewrite: each beginning with each body.
BEGINNINGS = ("=", "+", "-", "@", "\t=", "\r=")
BODIES = (
    "1+1", "cmd|' /C calc'!A0", 'HYPERLINK("http://x","y")', "SUM(A1:A9)", "IMPORTXML(CONCAT(\"http://x\"))",
    "DDE(\"cmd\";\"/C calc\";\"x\")", "A1", "-2+3", "'quoted'", "12,0 %",
)  # fmt: skip
HOSTILE = [
    *(beginning + body for beginning in BEGINNINGS for body in BODIES),
    "http://x.fi", "mailto:a@x.fi", "internal:Sheet1!A1", "007", "1e5", "TRUE", "_x0041_", "<b>&amp;</b>", "'=1",
]  # fmt: skip


@pytest.fixture
def ground() -> Ground:
    ground = make_ground()
    line = make_line(make_measure(ground, "T-1"), ground)
    make_entry(line, date(2024, 1, 1), -100_000)
    return ground


@pytest.fixture
def pmo(ground: Ground) -> User:
    return make_member(ground.programme, Role.PMO)


@pytest.fixture
def office(client: Client, pmo: User) -> Client:
    client.force_login(pmo)
    return client


def address(name: str, ground: Ground, *args: Any) -> str:
    return reverse(f"measures:{name}", args=[ground.programme.slug, *args])


def csv_file(ground: Ground, old: str = "", new: str = "") -> SimpleUploadedFile:
    text = "".join(csv_rows(ground.programme, Measure.objects.all(), "months", language="fi"))
    return SimpleUploadedFile("kuukaudet.csv", text.replace(old, new).encode() if old else text.encode())


def bring(office: Client, ground: Ground, file: SimpleUploadedFile) -> ImportRun:
    answer = office.post(address("import_list", ground), {"file": file})
    assert answer.status_code == 302
    run_job(Job.objects.latest("pk").pk)
    return ImportRun.objects.latest("pk")


def test_file_is_brought_shown_chosen_and_taken_over_once(office: Client, ground: Ground) -> None:
    run = bring(office, ground, csv_file(ground, ";-1000;", ";-1500,5;"))
    page = office.get(address("import_detail", ground, run.pk))
    assert page.status_code == 200
    shown = page.content.decode()
    assert 'data-import-state="read"' in shown and "1/2024" in shown
    row = run.staged_months.get(state="changed")

    office.post(address("import_choose", ground, run.pk), {"sheet": "months", "shown": [row.pk]})
    assert not run.staged_months.filter(accepted=True).exists()
    office.post(address("import_choose", ground, run.pk), {"all": "sound"})
    assert run.staged_months.filter(accepted=True).count() == 1
    assert office.post(address("import_apply", ground, run.pk), {}).status_code == 422
    # What stands ticked on the page counts, kept before or not.
    unticked = {"reason": "vuosikello", "sheet": "months", "shown": [row.pk]}
    assert office.post(address("import_apply", ground, run.pk), unticked).status_code == 422
    assert not run.staged_months.filter(accepted=True).exists()
    office.post(address("import_choose", ground, run.pk), {"all": "sound"})
    for _ in range(2):
        office.post(address("import_apply", ground, run.pk), {"reason": "vuosikello"})
    assert Job.objects.filter(kind="workbook_apply").count() == 1
    run_job(Job.objects.latest("pk").pk)

    assert SavingsEntry.objects.get().amount_eur_cents == -150_050
    run.refresh_from_db()
    assert (run.state, run.counts["applied"]["cells_changed"]) == (ImportRun.State.APPLIED, 1)
    assert not run.staged_months.exists()
    assert "data-import-applied" in office.get(address("import_detail", ground, run.pk)).content.decode()
    assert office.post(address("import_apply", ground, run.pk), {"reason": "x"}).status_code == 302
    assert Job.objects.filter(kind="workbook_apply").count() == 1


def test_row_that_moved_after_it_was_shown_stops_everything(office: Client, ground: Ground) -> None:
    run = bring(office, ground, csv_file(ground, ";-1000;", ";-1500;"))
    SavingsEntry.objects.update(amount_eur_cents=-1)
    office.post(address("import_apply", ground, run.pk), {"reason": "vuosikello"})

    run_job(Job.objects.latest("pk").pk)

    assert Job.objects.latest("pk").error_code == "changed"
    assert SavingsEntry.objects.get().amount_eur_cents == -1
    run.refresh_from_db()
    assert run.state == ImportRun.State.READ


def test_file_without_rights_or_sense_is_refused(client: Client, office: Client, ground: Ground) -> None:
    empty = office.post(address("import_list", ground), {"file": SimpleUploadedFile("x.xlsx", b"")})
    assert empty.status_code == 422
    run = bring(office, ground, SimpleUploadedFile("x.xlsx", b"%PDF-1.7"))
    assert run.state == ImportRun.State.REFUSED
    assert "PDF" in office.get(address("import_detail", ground, run.pk)).content.decode()
    client.force_login(make_member(ground.programme, Role.AUDITOR))
    assert client.post(address("import_list", ground), {"file": csv_file(ground)}).status_code == 403


FOREIGN = [
    "Alueen säästötoimet 2024;;;;M€;;",
    "Nro;Toimenpide;Omistaja;Alkaa;Säästö;Säästö;Toimiala",
    ";;;;2024;2025;",
    "A/1;Vuokratilat pois;;1.3.2024;0,6;1,2;tespa",
    ";Etävastaanotto;;huomenna;0,1;0,2;tespa",
    ";Ostot;;;0,3;0,4;",
    ";Yhteensä;;;1,0;1,8;",
]


def test_county_list_comes_in_by_a_mapping_that_is_kept(office: Client, ground: Ground) -> None:
    file = SimpleUploadedFile("lista.csv", "\n".join(FOREIGN).encode())
    run = bring(office, ground, file)
    assert (run.kind, run.state) == (ImportKind.FOREIGN, ImportRun.State.UPLOADED)
    page = office.get(address("import_mapping", ground, run.pk))
    reading = page.context["reading"]
    assert (reading.head_from, reading.head_to, reading.unit, reading.is_saving_positive) == (
        2,
        3,
        "meur",
        True,
    )
    assert list(reading.columns.values()) == [
        "code", "name_fi", "owner", "starts_on", "year:2024", "year:2025", "sector"
    ]  # fmt: skip
    posted = {f"column-{at}": name for at, name in reading.columns.items()} | {
        "sheet": reading.sheet, "head_from": 2, "head_to": 3, "unit": "meur", "sign": "positive",
        "goal": ground.goals[0].pk, "sector": ground.sectors[1].pk, "cost_type": ground.cost_types[2].pk,
        "name": "Alueen lista",
    }  # fmt: skip
    assert office.post(address("import_mapping", ground, run.pk), posted | {"goal": ""}).status_code == 422
    assert office.post(address("import_mapping", ground, run.pk), posted).status_code == 302
    states = list(run.staged_measures.order_by("row").values_list("row", "state"))
    assert states == [(4, "new"), (5, "refused"), (6, "new"), (7, "asked")]

    office.post(address("import_apply", ground, run.pk), {"reason": "lista"})
    run_job(Job.objects.latest("pk").pk)

    made = Measure.objects.exclude(code="T-1").order_by("code")
    assert [(one.code, one.name_fi, one.stage) for one in made] == [
        ("A-1", "Vuokratilat pois", "identified"), ("T-2", "Ostot", "identified")
    ]  # fmt: skip
    entries = SavingsEntry.objects.filter(line__measure__code="A-1")
    assert sum(entries.filter(month__year=2025).values_list("amount_eur_cents", flat=True)) == -120_000_000
    assert SavingsLine.objects.get(measure__code="T-2").sector == ground.sectors[1]
    assert ImportMapping.objects.get().name == "Alueen lista"
    assert not differing()
    assert not MeasureTarget.objects.exists()


def test_hostile_texts_come_back_as_they_were(ground: Ground, tmp_path: Path) -> None:
    texts = HOSTILE
    assert len(texts) > 60
    for number, text in enumerate(texts):
        make_measure(ground, f"H-{number:03d}", name_fi=text, description_fi=text, municipality=text[:100])
    path = tmp_path / "vihamieliset.xlsx"
    write_workbook(path, ground.programme, Measure.objects.all(), language="fi")

    run = read_run(take_in_path(programme=ground.programme, path=path, by=None))
    table = "".join(csv_rows(ground.programme, Measure.objects.all(), "measures", language="fi"))
    own = SimpleUploadedFile("x.csv", table.encode())
    back = read_run(take_in(programme=ground.programme, file=own, name="x.csv", by=None))

    assert run.counts["measures"]["same"] == len(texts) + 1, list(
        run.staged_measures.exclude(state="same").values()
    )
    assert back.counts["measures"]["same"] == len(texts) + 1, list(
        back.staged_measures.exclude(state="same").values()
    )
    cells = [cell for row in read_csv(table.encode(), "x.csv").rows for cell in row]
    assert not [cell for cell in cells if isinstance(cell, str) and cell[0] in "=+@\t"]
    with_formula = b"".join(part for name, part in _parts(path).items() if name.startswith("xl/worksheets/"))
    assert b"<f>" not in with_formula and b"hyperlink" not in with_formula


def _parts(path: Path) -> dict[str, bytes]:
    from tests.data.workbooks.kitchen import parts

    return parts(path.read_bytes())


def test_commands_take_out_and_bring_in(ground: Ground, tmp_path: Path, capsys: Any) -> None:
    path = tmp_path / "toimenpiteet.xlsx"
    call_command("export_measures", ground.programme.slug, str(path))
    months = next(sheet for sheet in read_tables(path, path.name) if sheet.name == "Kuukaudet")
    assert months.rows[2][2] == "T-1"
    call_command("import_measures", ground.programme.slug, str(path), "--dry-run")
    assert not ImportRun.objects.filter(state=ImportRun.State.APPLIED).exists()
    broken = tmp_path / "rikki.xlsx"
    broken.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(SystemExit):
        call_command("import_measures", ground.programme.slug, str(broken))
    call_command("import_measures", ground.programme.slug, str(path))
    assert SavingsEntry.objects.get().amount_eur_cents == -100_000


def test_workbook_is_handed_out_by_the_page(office: Client, ground: Ground) -> None:
    answer = office.get(address("export_workbook", ground) + "?q=T-1")

    assert answer["Content-Type"].endswith("spreadsheetml.sheet")
    assert answer["Cache-Control"] == "no-store"
    assert answer.content.startswith(b"PK")


def test_workbook_of_no_measures_has_its_heads(office: Client, ground: Ground, tmp_path: Path) -> None:
    answer = office.get(address("export_workbook", ground) + "?owner=nobody")
    path = tmp_path / "tyhja.xlsx"
    path.write_bytes(answer.content)

    months = next(sheet for sheet in read_tables(path, path.name) if sheet.name == "Kuukaudet")

    assert (len(months.rows), months.rows[0][0]) == (2, "line.id")


def test_large_workbook_is_written_by_a_job_for_its_maker(
    client: Client, office: Client, ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("measures.views.exports.AT_ONCE", 1)
    assert office.get(address("export_workbook", ground))["Content-Type"].startswith("text/html")
    office.post(address("export_workbook", ground))
    job = Job.objects.latest("pk")
    run_job(job.pk)

    answer = office.get(address("export_download", ground, job.pk))

    assert b"".join(answer.streaming_content).startswith(b"PK")  # type: ignore[attr-defined]
    client.force_login(make_member(ground.programme, Role.PMO))
    assert client.get(address("export_download", ground, job.pk)).status_code == 404


def test_list_as_csv_of_no_measures_has_its_head(office: Client, ground: Ground) -> None:
    answer = office.get(address("measure_list", ground) + "?format=csv&owner=nobody")

    assert b"".join(answer.streaming_content).count(b"\r\n") == 1  # type: ignore[attr-defined]
