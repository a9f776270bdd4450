"""A broken file is refused with file, line and reason, and stores nothing."""

import pytest
from django.core.management import call_command

from programme.models import LoadedRow, Organisation, Programme
from tests.factories.programme import file_of, load

KYMENLAAKSO = file_of("kymenlaakso").read_text()
KARJALA = file_of("etela-karjala").read_text()

#: name: (file, text in it, what stands there instead, part of the reason, text on the line that is named when it is
#: not the changed one)
CASES = {
    "bad YAML": (KYMENLAAKSO, "slug: kymenlaakso", "slug: [kymenlaakso", "not YAML"),
    "tab as indent": (KYMENLAAKSO, "  predecessor: Kymsote", "\tpredecessor: Kymsote", "not YAML"),
    "control character": (
        KYMENLAAKSO,
        "predecessor: Kymsote",
        "predecessor: Kym\x07sote",
        "may not stand in a text",
    ),
    "tag that builds an object": (
        KYMENLAAKSO,
        "predecessor: Kymsote",
        "predecessor: !!python/object:os.system x",
        "is not allowed",
    ),
    "key written twice": (
        KYMENLAAKSO,
        "  predecessor: Kymsote",
        "  predecessor: Kymsote\n  predecessor: Muu",
        "written twice",
    ),
    "unknown key": (KYMENLAAKSO, "  predecessor: Kymsote", "  edeltaja: Kymsote", "unknown key 'edeltaja'"),
    "unknown section": (KYMENLAAKSO, "umbrella_goal:", "sateenvarjo:", "unknown key 'sateenvarjo'"),
    "missing key": (KYMENLAAKSO, "{key: rep1, from", "{from", "key 'key' is missing"),
    "no name": (
        KYMENLAAKSO,
        "      fi: Henkilöstökulut\n      en: Staff costs\n",
        "",
        "at least one language",
        "- key: henkilostokulut\n",
    ),
    "text for a number": (KYMENLAAKSO, "inhabitants: 159500", "inhabitants: paljon", "whole number"),
    "number for a text": (KYMENLAAKSO, "predecessor: Kymsote", "predecessor: 12", "write text here, not 12"),
    "list for a mapping": (
        KYMENLAAKSO,
        "period: {start: 2023, end: 2025}",
        "period: [2023, 2025]",
        "write a mapping",
    ),
    "period the wrong way": (
        KYMENLAAKSO,
        "period: {start: 2023, end: 2025}",
        "period: {start: 2025, end: 2023}",
        "ends before it starts",
    ),
    "infinity": (KYMENLAAKSO, "    value: 78\n", "    value: .inf\n", "not a plain decimal number"),
    "finer than a cent": (KYMENLAAKSO, "    total: 10.9\n", "    total: 10.900000001\n", "finer than a cent"),
    "not a date": (
        KYMENLAAKSO,
        "planned_date: '2023-06-20'",
        "planned_date: '20.6.2023'",
        "write the day as",
    ),
    "not a month": (
        KYMENLAAKSO,
        "from: '2023-03', to: '2023-05', fi: big",
        "from: '2023-13', to: '2023-05', fi: big",
        "write a month",
    ),
    "choice that is none": (KYMENLAAKSO, "kind: escalation", "kind: huuto", "write 'report'"),
    "unknown theme": (
        KYMENLAAKSO,
        "    theme: ostopalvelut\n    fi: Teemme",
        "    theme: ostot\n    fi: Teemme",
        "'ostot'",
    ),
    "unknown goal of a theme": (
        KYMENLAAKSO,
        "goals: [g1, g2, g3]\n    owner",
        "goals: [g1, g2, g9]\n    owner",
        "'g9'",
    ),
    "unknown risk": (
        KYMENLAAKSO,
        "refers_to: [r2, r3, r5]",
        "refers_to: [r2, r3, r9]",
        "there is no risk 'r9'",
    ),
    "unknown sector": (
        KYMENLAAKSO,
        "savings_sector: 3}",
        "savings_sector: 9}",
        "there is no sector number 9",
    ),
    "unknown body": (KYMENLAAKSO, "from: omistaja", "from: omistajat", "there is no body 'omistajat'"),
    "unknown vision theme": (
        KARJALA,
        "  - key: tyottomat\n    vision: v1",
        "  - key: tyottomat\n    vision: v9",
        "'v9'",
    ),
    "unknown objective": (
        KARJALA,
        "same_as_annual_objective: 3",
        "same_as_annual_objective: 33",
        "no annual objective number 33",
    ),
    "unknown recipient": (
        KYMENLAAKSO,
        "to: 'johtoryhma, aluevaltuusto, aluehallitus'",
        "to: 'johtoryhma, valtuusto'",
        "there is no body 'valtuusto'",
    ),
    "escaped control character": (
        KYMENLAAKSO,
        "predecessor: Kymsote",
        'predecessor: "Kym\\0sote"',
        "holds a control character",
    ),
    "half of a character": (
        KYMENLAAKSO,
        "predecessor: Kymsote",
        'predecessor: "Kym\\ud800sote"',
        "holds a control character",
    ),
    "figure that no column holds": (
        KYMENLAAKSO,
        "value: 6015,",
        "value: 123456789012345678901234567890,",
        "Ensure that there are no more than",
    ),
    "name too long for its column": (
        KYMENLAAKSO,
        "en: Population ages",
        f"en: {'x' * 501}",
        "at most 500 characters",
    ),
    "key used twice": (
        KYMENLAAKSO,
        "  - key: r2\n    number: 2",
        "  - key: r1\n    number: 2",
        "key 'r1' is used twice",
    ),
    "number used twice": (
        KYMENLAAKSO,
        "  - key: r2\n    number: 2",
        "  - key: r2\n    number: 1",
        "number 1 is used twice",
    ),
    "row that does not foot across": (
        KYMENLAAKSO,
        "total: {cautious: -28, full: -89}",
        "total: {cautious: -28, full: -88}",
        "the total says -88",
    ),
    "total that does not foot": (
        KYMENLAAKSO,
        "    budget_2023: -15\n",
        "    budget_2023: -14\n",
        "the rows sum to -15, the total says -14",
    ),
    "scenario ends swapped": (
        KYMENLAAKSO,
        "    total: {cautious: -17, full: -78}",
        "    total: {cautious: -78, full: -17}",
        "cautious",
    ),
    "composition out of range": (
        KYMENLAAKSO,
        "value: 12, fi: muut säästöt",
        "value: 22, fi: muut säästöt",
        "parts sum to 87",
        "    composition:",
    ),
    "euros that are not the share": (
        KYMENLAAKSO,
        "eur_m_low: 3.27",
        "eur_m_low: 3.28",
        "is 3.27, the file says 3.28",
    ),
    "starting figures that do not sum": (
        KYMENLAAKSO,
        "en: Grants, value: 24",
        "en: Grants, value: 25",
        "sum to 938",
        "  operating_costs_2023:",
    ),
    "control total": (KYMENLAAKSO, "  sub_goals: 19", "  sub_goals: 20", "has 19 sub_goals"),
    "unknown control total": (KYMENLAAKSO, "  sub_goals: 19", "  ala_goals: 19", "unknown control total"),
    "rule without its threshold": (
        KARJALA,
        "target: {type: compare, compare: below, value: 0.9, unit: '%'}",
        "target: {type: compare, value: 0.9}",
        "needs compare",
    ),
    "seasons that make no year": (KARJALA, "length_months: 4", "length_months: 5", "do not make a year"),
    "text too long": (KYMENLAAKSO, "predecessor: Kymsote", f"predecessor: {'x' * 301}", "longer than 300"),
}


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def refusal(path, capsys) -> list[tuple[int, str]]:
    """Lines and reasons that the command prints; it must end with 1."""
    with pytest.raises(SystemExit) as stop:
        call_command("load_programme", str(path))
    assert stop.value.code == 1
    lines = capsys.readouterr().err.strip().splitlines()
    assert all(line.startswith(f"{path}:") for line in lines)
    pairs = [line.removeprefix(f"{path}:").partition(": ") for line in lines]
    return [(int(number), reason) for number, _, reason in pairs]


@pytest.mark.django_db
@pytest.mark.parametrize("name", CASES)
def test_broken_file_is_refused_with_line_and_reason(name, tmp_path, capsys):
    text, part, instead, reason, *anchor = CASES[name]
    path = tmp_path / "rikki.yaml"
    path.write_text(text.replace(part, instead, 1))

    found = refusal(path, capsys)

    first = line_of(text, anchor[0] if anchor else part)
    named = {line for line, said in found if reason in said}
    assert named and named <= set(range(first, first + part.count("\n") + 2)), (first, found)
    assert (
        not Programme.objects.exists()
        and not Organisation.objects.exists()
        and not LoadedRow.objects.exists()
    )


@pytest.mark.django_db
def test_all_problems_come_at_once_and_in_order(tmp_path, capsys):
    text = KYMENLAAKSO.replace("inhabitants: 159500", "inhabitants: paljon").replace(
        "kind: escalation", "kind: huuto"
    )
    path = tmp_path / "rikki.yaml"
    path.write_text(text)

    found = refusal(path, capsys)

    assert [line for line, _ in found] == [line_of(text, "inhabitants: paljon"), line_of(text, "kind: huuto")]


@pytest.mark.django_db
def test_empty_and_foreign_files_are_refused(tmp_path, capsys):
    path = tmp_path / "rikki.yaml"
    for content in (b"", b"- a\n- b\n", b"\xff\xfe\x00", b"a: &a [*a]\n", b"a: 1\n---\nb: 2\n", b"[" * 5000):
        path.write_bytes(content)
        assert refusal(path, capsys)[0][0] == 1 or content.startswith(b"a: 1")


@pytest.mark.django_db
def test_a_file_that_is_not_there_is_refused(tmp_path, capsys):
    assert refusal(tmp_path / "puuttuu.yaml", capsys) == [(1, "No such file or directory")]


@pytest.mark.django_db
def test_a_broken_file_leaves_what_was_loaded_before(tmp_path, capsys):
    programme = load("kymenlaakso").programme
    path = tmp_path / "rikki.yaml"
    path.write_text(
        KYMENLAAKSO.replace("fi: Tuottavuusohjelma", "fi: Muu").replace("  sub_goals: 19", "  sub_goals: 20")
    )

    refusal(path, capsys)

    programme.refresh_from_db()
    assert programme.name_fi == "Tuottavuusohjelma"


@pytest.mark.django_db
def test_another_programme_may_not_take_a_slug(tmp_path, capsys):
    load("kymenlaakso")
    path = tmp_path / "rikki.yaml"
    path.write_text(KYMENLAAKSO.replace("key: kymenlaakso-tuottavuusohjelma-2023-2025", "key: toinen"))

    found = refusal(path, capsys)

    assert found == [(line_of(KYMENLAAKSO, "slug:"), found[0][1])] and "already has the slug" in found[0][1]
