"""The demands of docs/requirements.md that a reader can check on the pages, on both programmes as they were loaded."""

import datetime as dt
import re

import pytest
from django.test import Client

from accounts.models import User
from measures.models import Measure, SavingsLine
from programme.models import CostType, Goal, Programme, RoleGrant, Sector, Target
from programme.models.governance import Body
from tests.integration.demands.conftest import EKARJALA, KYMI, text_of

MILLION = 100_000_000  # cents


def in_order(text, *words):
    """Whether the words stand in the text one after another."""
    place = 0
    for word in words:
        place = text.find(word, place)
        if place == -1:
            return False
        place += len(word)
    return True


@pytest.fixture
def measures(programmes, db):
    """120 measures of two goals; every third has a line in the rescue services."""
    programme = programmes[KYMI]
    goals = list(Goal.objects.filter(programme=programme, parent=None).order_by("number")[:2])
    sectors = {sector.key: sector for sector in Sector.objects.filter(programme=programme)}
    rescue = next(sector for key, sector in sectors.items() if "pela" in key)
    health = next(sector for key, sector in sectors.items() if key == "tespa")
    cost_type = CostType.objects.filter(programme=programme, parent=None).first()
    made = Measure.objects.bulk_create(
        Measure(
            programme=programme,
            code=f"T-{number:03d}",
            name_fi=f"Toimenpide {number}",
            goal=goals[number % 2],
        )
        for number in range(1, 121)
    )
    SavingsLine.objects.bulk_create(
        SavingsLine(
            programme=programme, measure=measure, sector=health if place % 3 else rescue, cost_type=cost_type,
            goal=measure.goal,
        )
        for place, measure in enumerate(made)
    )  # fmt: skip
    return made


# --- A. programme, themes, goals, measures ---------------------------------------------------------


def test_programmes_of_their_own_period(read):
    assert "Tuottavuusohjelma 2023–2025" in read("about/")
    assert "2023–2025 · visio vuoteen 2030" in read("about/", EKARJALA)


def test_strategy_documents_are_listed(read):
    assert in_order(
        read("about/"),
        "strategia",
        "palvelustrategia",
        "järjestämissuunnitelma",
        "pelastustoimen palvelutasopäätös",
    )


def test_four_themes_say_that_an_owner_is_missing(read):
    text = read("themes/")

    assert in_order(text, "Teema 1", "Teema 2", "Teema 3", "Teema 4")
    assert text.count("◇ ei nimetty") == 4


def test_goals_and_sub_goals_of_themes(read, programmes):
    text = read("goals/")
    by_theme = [
        Goal.objects.filter(programme=programmes[KYMI], theme__number=number, parent=None).count()
        for number in (1, 2, 3, 4)
    ]

    assert by_theme == [3, 1, 1, 1]
    assert all(
        words in text for words in ("6 tavoitetta", "19 alatavoitetta", "4 tavoitteella on tavoiteluku")
    )
    assert text.count("Tavoiteluku") == 4


def test_measures_are_filtered_and_paged(read, measures):
    first, last = read("measures/"), read("measures/?page=3")

    assert "120" in first and "T-001" in first and "T-051" not in first
    assert "T-120" in last and "T-001" not in last
    assert "T-077" in read("measures/?q=T-077") and "T-001" not in read("measures/?q=T-077")
    goal = measures[0].goal
    assert "T-001" in read(f"measures/?goal={goal.key}") and "T-002" not in read(f"measures/?goal={goal.key}")


def test_a_sector_shows_its_measures(read, measures):
    key = measures[0].lines.get().sector.key

    text = read(f"measures/?sector={key}")

    assert "T-001" in text and "T-002" not in text
    assert Sector.objects.get(programme=measures[0].programme, key=key).name_fi in read(f"sectors/{key}/")


def test_linked_projects_are_listed(read, programmes):
    text = read("projects/") + read("about/")

    assert all(name in text for name in ("ICT", "Tulsote", "RRP"))


def test_a_changed_target_keeps_the_old_one(read, programmes):
    stated = Target.objects.get(programme=programmes[KYMI], kind="stated", column="total")
    changed = stated.valid_from + dt.timedelta(days=200)
    Target.objects.filter(pk=stated.pk).update(valid_to=changed)
    Target.objects.create(
        programme=programmes[KYMI],
        kind="stated",
        value_eur_cents=-80 * MILLION,
        valid_from=changed,
        reason="uusi rahoituslaki",
    )

    rows = Target.objects.filter(programme=programmes[KYMI], kind="stated", column="total").order_by(
        "valid_from"
    )

    assert [row.value_eur_cents for row in rows] == [-78 * MILLION, -80 * MILLION]
    assert "−80" in read("savings/")


def test_principles_and_preparation_are_shown(read):
    text = read("about/")

    assert in_order(
        text, "tavoitteen maali liikkuu", "jatkuvuus ja perustehtävä turvataan", "Mikä muuttuu asukkaille"
    )
    assert in_order(text, "Miten ohjelma valmisteltiin")


def test_spearheads_are_the_first_level_of_south_karelia(read):
    text = read("themes/", EKARJALA)

    assert text.count("Strategiakärki ") >= 3
    assert "Prosessit ja sujuvuus" in text


def test_decision_references_are_shown(read):
    text = read("about/", EKARJALA)

    assert "Aluevaltuusto 14.12.2022 § 92" in text
    assert "Aluevaltuusto 14.6.2023 § 35" in text


# --- B. money ---------------------------------------------------------------------------------------


def test_composition_is_not_claimed_to_equal_the_target(read):
    assert in_order(read("about/"), "−78 M€", "Mistä tavoite koostuu", "−50", "−12", "−15", "Yhteensä −77")
    assert "ero 1 M€" in read("savings/")


def test_the_target_of_2023_is_stated_and_other_years_are_not(read):
    assert in_order(
        read("about/"), "Yksittäisten vuosien tavoitteet", "2023 −27 M€", "2024-2025 ei annettu lähteessä"
    )


def test_ranges_stay_ranges(read):
    assert "−28…−89" in read("savings/")


def test_signs_are_printed_and_said(read):
    text = read("savings/")

    assert "+12…+16 panostus" in text
    assert "−28…−89 säästö" in text


def test_ranges_are_summed_end_by_end(read):
    text = read("savings/")

    assert "−17…−78" in text
    assert "−13…−82" not in text


def test_matrix_has_three_columns_and_an_empty_cell(read):
    text = read("savings/")

    assert in_order(text, "2023TA sisältämä säästö", "Tuottavuustavoitteet 2024-2025", "YHTEENSÄ 2023-2025")
    assert "Tilavuokrat – lähteessä tyhjä −1…−5" in text
    assert "Yhteensä −15 säästö −2…−63 säästö −17…−78 säästö" in text


def test_small_figures_keep_their_decimals(read):
    text = read("savings/")

    assert re.search(r"Pelastustoimi −0,20?…−0,40? säästö", text)
    assert "Yhteensä −29,2…−78,4 säästö" in text


def test_what_the_base_holds_stands_apart(read):
    text = read("savings/")

    assert "vertailupohja: vuoden 2023 alkuperäinen talousarvio" in text
    assert in_order(text, "Sisältyy jo vertailupohjaan", "−15 säästö", "Kohdentamaton")


def test_funding_shares_sum_to_90_and_110(read):
    text = read("funding/")

    assert re.search(r"10,90\s*M€", text)
    assert "90…110 %" in text
    assert "niiden on oltava 100 %" in text
    assert text.count("30…40 %") == 1


def test_doubtful_figures_carry_a_note(read):
    assert "Varmuus: high for 27; medium for the hint" in read("about/")
    assert "Varmuus: medium" in read("about/")


def test_balancing_principles_in_order(programmes, read):
    assert "tasapaino" in (read("about/", EKARJALA) + read("objectives/", EKARJALA)).lower()


def test_the_summary_tells_the_differences_of_the_source(reader):
    found = reader.get(f"/api/v1/programmes/{KYMI}/summary/").json()

    assert found["differences"] == [
        {"between": ["by_cost_type", "by_sector"], "cautious_eur": "12200000.00", "full_eur": "400000.00"},
        {"between": ["composition", "stated"], "cautious_eur": None, "full_eur": "1000000.00"},
        {"between": ["annual", "in_base"], "cautious_eur": None, "full_eur": "-12000000.00"},
    ]
    assert found["target"] == {
        "stated_eur": "-78000000.00", "cautious_eur": "-17000000.00", "full_eur": "-78000000.00",
        "in_base_eur": "-15000000.00",
    }  # fmt: skip
    assert found["in_base"] == {"plan_eur": "-15000000.00", "claimed_eur": None, "confirmed_eur": None}
    assert {row["key"]: (row["cautious_eur"], row["full_eur"]) for row in found["by_sector"]} == {
        "tespa": ("-27000000.00", "-52000000.00"), "sospa": ("0.00", "-21000000.00"),
        "pela": ("-200000.00", "-400000.00"), "muut": ("-2000000.00", "-5000000.00"),
    }  # fmt: skip


# --- C and D. metrics -------------------------------------------------------------------------------


def test_indicators_are_grouped_by_level(read):
    assert in_order(
        read("kpis/"), "Taso 1", "kokonaisalijäämä katettu", "Taso 2", "palveluista digitalisoitu"
    )


def test_indicators_show_their_rule(read):
    text = read("kpis/")

    assert all(
        rule in text for rule in ("Vähintään 30 % vuonna 2025", "3 parhaan joukossa", "Laskee noin 20 M€")
    )


def test_a_metric_may_still_be_unspecified(read):
    assert "the metric must still be specified" in read("kpis/?view=table")


def test_baseline_facts_are_shown(read):
    text = read("about/")

    assert in_order(
        text, "Toimintakulut 2023", "Yhteensä 937", "Palvelujen ostot toimialoittain", "Yhteensä 391"
    )
    assert "4 660 5 592" in text


def test_peer_counties_are_compared(read):
    text = read("about/")

    assert in_order(text, "Kymenlaakso oma alue 1 964 1,11", "Päijät-Häme", "Etelä-Karjala", "Itä-Uusimaa")


def test_indicators_name_their_sotkanet_ids(read):
    text = read("kpis/?view=table", EKARJALA)

    assert len(set(re.findall(r"Sotkanet (\d+)", text))) == 14


def test_baselines_by_year_are_shown(read):
    assert in_order(read("kpis/?view=table", EKARJALA), "16,8 % 2021", "15,4")
    assert in_order(read("kpis/", EKARJALA), "16,8", "2021", "koko maa 15,4")


def test_the_vision_reaches_beyond_the_term(programmes, read):
    programme = programmes[EKARJALA]

    assert (programme.end_year, programme.horizon_year) == (2025, 2030)
    assert "Visio 2030" in read("strategy/", EKARJALA)


def test_vision_themes_and_sub_themes(read):
    text = read("strategy/", EKARJALA)

    assert in_order(text, "Visioteema 1", "Visioteema 2", "Visioteema 3")
    assert "Kukaan ei jää syrjään" in text


# --- E to I. projects, governance, risks, impacts, objectives ---------------------------------------


def test_phases_and_their_questions_are_shown(read):
    text = read("projects/")

    assert in_order(text, "Tavoitteiden, hyötyjen ja mittareiden asettaminen", "Miksi ja mitä tavoitellaan?")
    assert "Saavuttavatko projektit ja ohjelma tavoitteensa?" in text


def test_roadmap_shows_its_activities(read):
    text = read("roadmap/")

    assert in_order(
        text,
        "Tehtävät",
        "big room -työpajat",
        "poliittinen hyväksyntä 20.6.2023",
        "toimeenpanon käynnistys 8/2023",
    )


def test_one_body_may_carry_two_roles(read, programmes):
    assert Body.objects.filter(programme=programmes[KYMI]).count() >= 3
    assert in_order(
        read("governance/"),
        "Hyvinvointialueen johtoryhmä ohjausryhmä",
        "Toimii myös: tuottavuusohjelman johtoryhmä",
    )


def test_four_perspectives_with_tasks(read):
    text = read("governance/")

    assert in_order(
        text, "Kokonaismuutoksen strategia ja linjaukset", "Kokonaismuutoksen johtaminen", "Sisällöllinen johtaminen",
        "Organisaation muutosvalmius",
    )  # fmt: skip
    assert text.count("Omistaja: ei nimetty") == 4


def test_six_risks_with_their_parts(read):
    text = read("risks/")

    assert "6 riskiä" in text
    assert in_order(
        text,
        "1. Johtamisen",
        "2. Aikatauluriski",
        "3. Taloudellinen",
        "4.",
        "5. Sidosryhmä",
        "6. Lainsäädäntö",
    )
    assert text.count("◇ ei arvioitu") >= 6


def test_a_mitigation_serves_several_risks(read):
    assert "riskien 2, 3 ja 5 toimenpiteet riski 2 riski 3 riski 5" in read("risks/")


def test_impact_areas_are_listed(read):
    text = read("impact/")

    assert text.count("◇ ei vielä vastattu") == 7
    assert "kieliryhmät" in text


def test_six_promises_are_listed(read):
    assert len(re.findall(r"\bEmme\b", read("promises/"))) == 6


def test_eleven_objectives_by_year(read):
    text = read("objectives/", EKARJALA)

    assert all(words in text for words in ("11 ", "29 mittaria", "51 vastausta antamatta", "15 vuosina"))
    assert in_order(text, "2023", "2024", "2025", "1. Organisaatiokulttuurin", "11.")


def test_a_year_without_a_metric_is_empty(read):
    assert "ei mittaria" in read("objectives/", EKARJALA)


# --- L. across the portal -----------------------------------------------------------------------------


def test_staff_read_the_strategy(programmes, db):
    user = User.objects.create_user("somebody")
    RoleGrant.objects.create(programme=programmes[EKARJALA], user=user, role="staff")
    client = Client()
    client.force_login(user)

    assert "Visio 2030" in text_of(client.get(f"/p/{EKARJALA}/strategy/"))
    assert client.get(f"/p/{EKARJALA}/measures/").status_code == 403


@pytest.mark.parametrize(
    ("language", "words"), [("", "Mistä säästöt syntyvät?"), ("sv", "besparing"), ("en", "saving")]
)
def test_pages_speak_three_languages(read, language, words):
    assert words in read("savings/", language=language)


def test_content_that_nobody_has_translated_is_shown_and_marked(read):
    text = read("themes/", language="sv")

    assert "Digipalvelut ja asiakasohjaus" in text
    assert "FI" in text


def test_both_programmes_are_there(programmes):
    assert set(programmes) >= {KYMI, EKARJALA}
    assert Programme.objects.get(slug=KYMI).organisation != Programme.objects.get(slug=EKARJALA).organisation
