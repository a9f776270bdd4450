"""The measures list, the card, the CSV and the savings matrix."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import date
from random import Random

import pytest
from django.core.management import call_command
from django.test import Client

from accounts.models import User
from core.money import format_eur
from measures.exports import measures_csv
from measures.models import BudgetShare, Confirmation, Measure, Overlap, SavingsEntry, SavingsLine
from measures.selectors import measure_levels
from programme.models import Programme, RoleGrant, Segment
from tests.golden import Golden

NBSP = "\u00a0"


def sign_in(programme: Programme, role: str = "pmo") -> Client:
    user = User.objects.create_user(f"{role}-{programme.slug}")
    RoleGrant.objects.create(programme=programme, user=user, role=role)
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def pmo(golden: Golden) -> Client:
    return sign_in(golden.programme)


def text_of(html: bytes) -> str:
    bare = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", html.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", bare).replace(NBSP, " "))


def codes_of(html: bytes) -> list[str]:
    return re.findall(r'<span class="measure-code">([^<]+)</span>', html.decode())


# --- list ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("", ["E1", "E2", "E3", "E4", "E5"]),
        ("q=e3", ["E3"]),
        ("q=toimenpide+e2", ["E2"]),
        ("q=ei-tällaista", []),
        ("theme=y", ["E2", "E4"]),
        ("goal=g1", ["E1", "E3", "E5"]),
        ("sector=n", ["E1", "E2", "E3", "E4", "E5"]),
        ("cost_type=vuo", ["E4"]),
        ("cost_type=hen", ["E1"]),
        ("stage=withdrawn", ["E4"]),
        ("active=1", ["E1", "E2", "E3", "E5"]),
        ("in_base=1", ["E5"]),
        ("in_base=0", ["E1", "E2", "E3", "E4"]),
        ("level=claimed", ["E1", "E2", "E3", "E5"]),
        ("level=confirmed", ["E1", "E2", "E3", "E5"]),
        ("level=undecided", ["E1", "E3", "E5"]),
        ("level=forecast", ["E1", "E3", "E5"]),
        ("level=refused", ["E1", "E2", "E5"]),
        ("owner=none", ["E1", "E2", "E3", "E4", "E5"]),
        ("illustrative=1", []),
        ("sort=-code", ["E5", "E4", "E3", "E2", "E1"]),
        ("theme=x&sort=-code&q=toimenpide", ["E5", "E3", "E1"]),
        ("theme=tuntematon", []),
        ("page=99", ["E1", "E2", "E3", "E4", "E5"]),
    ],
)
def test_filters_stand_in_the_address(golden: Golden, pmo: Client, query: str, codes: list[str]) -> None:
    answer = pmo.get(f"/p/esimerkki/measures/?{query}")

    assert answer.status_code == 200
    assert codes_of(answer.content) == codes


@pytest.mark.parametrize("key", ["name", "goal", "stage", "owner", "starts", "-updated"])
def test_every_order_answers(golden: Golden, pmo: Client, key: str) -> None:
    assert sorted(codes_of(pmo.get(f"/p/esimerkki/measures/?sort={key}").content)) == [
        "E1",
        "E2",
        "E3",
        "E4",
        "E5",
    ]


def test_segments_and_owners_narrow_too(golden: Golden, pmo: Client) -> None:
    segment = Segment.objects.create(programme=golden.programme, key="ikaihmiset", name_fi="Ikäihmiset")
    golden.measures["E1"].segments.add(segment, through_defaults={"programme": golden.programme})
    owner = User.objects.create_user("liisa", first_name="Liisa", last_name="Virtanen")
    Measure.objects.filter(code="E2").update(owner=owner)

    assert codes_of(pmo.get("/p/esimerkki/measures/?segment=ikaihmiset").content) == ["E1"]
    page = pmo.get(f"/p/esimerkki/measures/?owner={owner.pk}")
    assert codes_of(page.content) == ["E2"]
    assert "Liisa Virtanen" in text_of(page.content)


def test_the_list_shows_the_golden_example_to_the_cent(golden: Golden, pmo: Client) -> None:
    text = text_of(pmo.get("/en/p/esimerkki/measures/?unit=eur").content)

    assert "−180,000.00 saving −192,000.00 saving −75,000.00 saving −52,000.00 saving" in text  # E1
    assert "−72,000.00 saving −96,000.00 saving −12,000.00 saving −6,000.00 saving" in text  # E3
    assert "– no entries – no entries −60,000.00 saving −45,000.00 saving" in text  # E2, one-off


def test_fifty_rows_a_page(golden: Golden, pmo: Client) -> None:
    Measure.objects.bulk_create(
        Measure(programme=golden.programme, code=f"T-{number:03d}", name_fi="Uusi", goal=golden.goals["X"])
        for number in range(120)
    )

    assert len(codes_of(pmo.get("/p/esimerkki/measures/").content)) == 50
    assert len(codes_of(pmo.get("/p/esimerkki/measures/?page=3").content)) == 25
    assert "page=2" in pmo.get("/p/esimerkki/measures/?q=uusi").content.decode()


def test_chosen_filters_are_told_and_can_be_taken_away(golden: Golden, pmo: Client) -> None:
    page = pmo.get("/en/p/esimerkki/measures/?theme=x&stage=in_delivery").content

    assert 'href="?stage=in_delivery"' in page.decode()
    assert "Theme: X" in text_of(page)


def test_empty_states_teach(golden: Golden, pmo: Client) -> None:
    assert "No measure fits these filters" in text_of(pmo.get("/en/p/esimerkki/measures/?q=zzz").content)
    Overlap.objects.all().delete()
    Confirmation.objects.all().delete()
    Measure.objects.all().delete()
    assert "No measures yet" in text_of(pmo.get("/en/p/esimerkki/measures/").content)


# --- card ------------------------------------------------------------------------------------------------


def test_the_card_shows_figures_months_and_overlaps(golden: Golden, pmo: Client) -> None:
    text = text_of(pmo.get("/en/p/esimerkki/measures/E3/").content)

    assert "E3" in text
    assert "−96,000.00 saving" in text  # forecast level 2025, net of the overlap
    assert "−72,000.00 saving" in text
    assert "Yields to E1 Toimenpide E1" in text
    assert "Months to 7/2024 are closed." in text
    assert "Given back by overlaps" in text


def test_the_grid_shows_the_year_asked_for(golden: Golden, pmo: Client) -> None:
    page = text_of(pmo.get("/en/p/esimerkki/measures/E1/?year=2025").content)

    assert "12/2025" in page
    assert "−21,000" in page
    assert pmo.get("/en/p/esimerkki/measures/E1/?year=abc").status_code == 200


def test_a_withdrawn_measure_says_from_when_it_does_not_count(golden: Golden, pmo: Client) -> None:
    text = text_of(pmo.get("/en/p/esimerkki/measures/E4/").content)

    assert "from 8/2024 on; its target is released" in text


def test_the_part_in_the_base_stands_apart(golden: Golden, pmo: Client) -> None:
    text = text_of(pmo.get("/en/p/esimerkki/measures/E5/").content)

    assert "Already in the comparison base" in text
    assert "−48,000.00 saving" in text


def test_unknown_codes_and_the_import_page_are_not_cards(golden: Golden, pmo: Client) -> None:
    assert pmo.get("/p/esimerkki/measures/X9/").status_code == 404
    assert "eyebrow" not in pmo.get("/p/esimerkki/measures/import/").content.decode()


# --- CSV -------------------------------------------------------------------------------------------------


def csv_of(client: Client, path: str) -> list[list[str]]:
    answer = client.get(path)
    body = b"".join(answer.streaming_content)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert body.startswith("\ufeff".encode())
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig")), delimiter=";"))


LEVELS = ("plan", "plan_approved", "forecast", "claimed", "confirmed", "undecided", "refused")


def _cents(text: str) -> int | None:
    return int(text.replace(",", "")) if text else None


def _check_csv(programme: Programme, rows: list[list[str]]) -> None:
    """Each amount of the file is the amount of the list."""
    measures = {measure.code: measure.pk for measure in Measure.objects.filter(programme=programme)}
    levels = measure_levels(list(measures.values()), programme)
    assert [row[0] for row in rows] == sorted(measures)
    for row in rows:
        expected = [getattr(levels[measures[row[0]]], level) for level in LEVELS]
        assert [_cents(text) for text in row[9:]] == expected, row[0]


def test_csv_has_semicolons_decimal_commas_and_the_figures_of_the_list(golden: Golden, pmo: Client) -> None:
    head, *rows = csv_of(pmo, "/en/p/esimerkki/measures/?format=csv")

    assert head[:2] == ["code", "name"]
    assert rows[0][9] == "-180000,00"
    _check_csv(golden.programme, rows)


def test_csv_tells_what_each_budget_has_taken_in(golden: Golden, pmo: Client) -> None:
    for name, year, euros in (("E1/OST", 2024, -150_000), ("E5/OST", 2024, -9_000), ("E1/HEN", 2025, 60_000)):
        line = golden.lines[name]
        BudgetShare.objects.create(
            programme=golden.programme,
            measure=line.measure,
            line=line,
            year=year,
            amount_eur_cents=euros * 100,
        )

    head, *rows = csv_of(pmo, "/en/p/esimerkki/measures/?format=csv")

    assert head[-2:] == ["taken into the budget 2024, €", "taken into the budget 2025, €"]
    taken = {row[0]: row[-2:] for row in rows}
    # E5 lies in the base: it is no part of what the programme brings.
    assert (taken["E1"], taken["E5"]) == (["-150000,00", "60000,00"], ["", ""])


def test_csv_holds_no_formula(golden: Golden, pmo: Client) -> None:
    for code, name in (("E1", '=HYPERLINK("x")'), ("E2", "+1"), ("E3", "-1"), ("E4", "@A1"), ("E5", "1=1")):
        Measure.objects.filter(code=code).update(name_fi=name, name_sv="", name_en="")

    _head, *rows = csv_of(pmo, "/p/esimerkki/measures/?format=csv")

    names = {row[0]: row[1] for row in rows}
    assert [names[f"E{number}"] for number in range(1, 6) if f"E{number}" in names][:4] == [
        "'=HYPERLINK(\"x\")", "'+1", "'-1", "'@A1",
    ]  # fmt: skip


def test_csv_quotes_what_would_break_a_row_and_follows_every_change(golden: Golden) -> None:
    def row_of(code: str) -> bytes:
        """The file's own bytes from the code to the theme."""
        rows = Measure.objects.filter(programme=golden.programme)
        content = b"".join(measures_csv(golden.programme, rows, language="fi"))
        return content.split(f"\r\n{code};".encode())[1].split(b";Y;")[0]

    for name, written in (
        ('a;"b"', b'"a;""b"""'), ("rivi\ntoinen", b'"rivi\ntoinen"'), ("åäö €", "åäö €".encode()), ("-1;", b'"\'-1;"'),
    ):  # fmt: skip
        Measure.objects.filter(code="E2").update(name_fi=name, name_sv="", name_en="")

        assert row_of("E2") == written


def test_csv_keeps_the_filters(golden: Golden, pmo: Client) -> None:
    _head, *rows = csv_of(pmo, "/p/esimerkki/measures/?format=csv&theme=y&q=toimenpide")
    assert [row[0] for row in rows] == ["E2", "E4"]


def test_csv_equals_the_list_in_the_final_year_too(golden: Golden, pmo: Client) -> None:
    """Random months of two years with closed months in the final one: the SQL and the rules agree."""
    random = Random(7)
    Confirmation.objects.all().delete()
    SavingsEntry.objects.all().delete()
    for line in SavingsLine.objects.filter(programme=golden.programme):
        SavingsEntry.objects.bulk_create(
            SavingsEntry(
                programme=golden.programme, line=line, series=series, month=date(year, month, 1),
                amount_eur_cents=random.randint(-500_000, 100_000),
            )
            for series in ("plan", "plan_approved", "forecast", "claimed")
            for year in (2024, 2025)
            for month in range(1, 13)
            if random.random() < 0.8 and not (series == "claimed" and (year, month) > (2025, 5))
        )  # fmt: skip
    for claim in SavingsEntry.objects.filter(series="claimed"):
        if random.random() < 0.6:
            part = round(claim.amount_eur_cents * random.random())
            Confirmation.objects.create(
                programme=golden.programme, entry=claim, part_eur_cents=part, decided_on=date(2025, 6, 1)
            )
    for month in range(1, 5):
        golden.programme.status_date = date(2025, 6, 30)
        golden.programme.save()
        from measures.models import BooksClosed

        BooksClosed.objects.create(
            programme=golden.programme, month=date(2025, month, 1), closed_on=date(2025, 6, 1)
        )

    _head, *rows = csv_of(pmo, "/p/esimerkki/measures/?format=csv")

    _check_csv(golden.programme, rows)


# --- savings matrix --------------------------------------------------------------------------------------


@pytest.fixture
def kymenlaakso(db: None) -> Iterator[Programme]:
    call_command("load_programme", "programme/data/kymenlaakso.yaml", verbosity=0)
    yield Programme.objects.get(slug="kymenlaakso")


def _rows(page: bytes, section: str) -> dict[str, list[str]]:
    """Numbers of a table's rows by the row's name; an empty cell is ""."""
    found = re.search(rf'<section class="card" id="{section}".*?</section>', page.decode(), flags=re.DOTALL)
    assert found
    rows = {}
    table = re.sub(r'<span class="term__text".*?</span>', "", found[0], flags=re.DOTALL)
    for row in re.findall(r"<tr.*?>(.*?)</tr>", table, flags=re.DOTALL)[1:]:
        name = re.search(r'<th scope="row">(.*?)(?:<span class="sub">.*?)?</th>', row, flags=re.DOTALL)
        cells = re.findall(r'<td class="num"[^>]*>(.*?)</td>', row, flags=re.DOTALL)
        bare = [re.sub(r'<span class="sub">.*?</span>', "", cell, flags=re.DOTALL) for cell in cells]
        assert name
        rows[re.sub(r"<[^>]+>", "", name[1]).strip()] = [
            re.sub(r"<[^>]+>", "", cell).strip() for cell in bare
        ]
    return rows


def test_the_matrix_is_as_the_programme_prints_it(kymenlaakso: Programme) -> None:
    page = sign_in(kymenlaakso).get("/p/kymenlaakso/savings/").content

    rows = _rows(page, "cost-types")

    assert {name: cells[:3] for name, cells in rows.items()} == {
        "Henkilöstökulut": ["−2", "+14…+18", "+12…+16"],
        "Palvelujen ostot": ["−13", "−15…−76", "−28…−89"],
        "Tilavuokrat": ["–", "−1…−5", "−1…−5"],
        "Yhteensä": ["−15", "−2…−63", "−17…−78"],
        "Sisältyy jo vertailupohjaan": ["−15", "", ""],
        "Kohdentamaton": ["", "", "−63"],
    }


def test_the_sectors_are_as_the_programme_prints_them(kymenlaakso: Programme) -> None:
    page = sign_in(kymenlaakso).get("/p/kymenlaakso/savings/").content

    rows = _rows(page, "sectors")

    assert {name: cells[0] for name, cells in rows.items() if name != "Sisältyy jo vertailupohjaan"} == {
        "Terveyden ja sairaanhoidon palvelut": "−27…−52",
        "Sosiaalipalvelut": "0…−21",
        "Pelastustoimi": "−0,2…−0,4",
        "Muut toimialat ja kaikille yhteiset": "−2…−5",
        "Yhteensä": "−29,2…−78,4",
    }


def test_the_differences_of_the_source_are_shown_with_their_size(kymenlaakso: Programme) -> None:
    text = text_of(sign_in(kymenlaakso).get("/en/p/kymenlaakso/savings/").content)

    assert "difference 12.2 M€ in the cautious end, 0.4 M€ in the full end" in text
    assert "−77 M€ against −78 M€" in text
    assert "−27 M€ against −15 M€" in text
    assert "90–110 %" in text


def test_no_measures_are_dashes_never_zeros(kymenlaakso: Programme) -> None:
    rows = _rows(sign_in(kymenlaakso).get("/p/kymenlaakso/savings/").content, "cost-types")

    assert {cell for cells in list(rows.values())[:4] for cell in cells[3:]} == {"–"}


def euros(amount: int) -> str:
    return format_eur(amount * 100, language="fi")


def test_the_matrix_shows_the_golden_example_to_the_cent(golden: Golden, pmo: Client) -> None:
    rows = _rows(pmo.get("/p/esimerkki/savings/?unit=eur").content, "cost-types")

    assert rows["Palvelujen ostot"][-4:] == [
        euros(cents) for cents in (-312_000, -348_000, -312_000, -288_000)
    ]
    assert rows["Yhteensä"][-4:] == [euros(cents) for cents in (-252_000, -288_000, -252_000, -228_000)]
    assert rows["Sisältyy jo vertailupohjaan"][-4:] == [
        euros(cents) for cents in (-120_000, -108_000, -63_000, -48_000)
    ]


def test_a_programme_without_euro_targets_says_so(db: None) -> None:
    call_command("load_programme", "programme/data/etela-karjala.yaml", verbosity=0)
    client = sign_in(Programme.objects.get(slug="etela-karjala"))

    assert "No euro targets and no measures" in text_of(client.get("/en/p/etela-karjala/savings/").content)
    text = text_of(client.get("/en/p/etela-karjala/").content)
    assert "How are we doing?" in text
    assert "no targets in euros" in text
    assert "0.00" not in text
