"""Pages, filters and conditional answers of the lists."""

import datetime as dt
from urllib.parse import quote

import pytest
from django.db import connection
from django.utils import timezone

from measures.models import Confirmation, Measure, Series
from tests.factories.counties import Api, make_county, person
from tests.factories.following import make_following

MARCH = dt.date(2024, 3, 1)


def walk(api, path):
    """The ids of every page, one after another."""
    pages, found = 0, []
    while path:
        answer = api.client.get(path).json()
        found += [row["id"] for row in answer["results"]]
        path, pages = answer["next"], pages + 1
        assert pages < 50
    return found, pages


def test_pages_hold_every_row_once(api, kymi):
    made = [kymi.measure().pk for _ in range(120)]

    found, pages = walk(api, "/api/v1/measures/")

    assert found == made
    assert pages == 3


def test_a_row_added_behind_the_cursor_moves_nothing(api, kymi):
    made = [kymi.measure().pk for _ in range(6)]
    first = api.get("measures/?page_size=3").json()
    Measure.objects.filter(pk=made[0]).delete()

    second = api.client.get(first["next"]).json()

    assert [row["id"] for row in second["results"]] == made[3:]


def test_page_size_has_a_ceiling_and_a_bad_cursor_is_not_found(api, kymi):
    kymi.measure()

    assert api.get("measures/?page_size=100000").status_code == 200
    assert api.get("measures/?cursor=%00%ff").status_code == 404


@pytest.mark.parametrize(
    ("path", "field"),
    [("measures/?stge=planned", "stge"), ("measures/?stage=done", "stage"), ("savings/?month_from=x", "month_from"),
     ("programmes/?programme=kymi", "programme"), ("measures/?updated_since=yesterday", "updated_since")],
)  # fmt: skip
def test_a_filter_that_is_not_understood_is_refused_by_name(api, path, field):
    answer = api.get(path)

    assert answer.status_code == 400
    assert list(answer.json()) == [field]


def test_measures_are_filtered_by_what_they_and_their_lines_belong_to(api, kymi):
    planned, closed = kymi.measure(), kymi.measure(stage="closed")

    def ids(query):
        return [row["id"] for row in api.rows(f"measures/?{query}")]

    assert ids("stage=closed") == [closed.pk]
    assert ids(f"code={planned.code}") == [planned.pk]
    assert ids("theme=digi&goal=g1&sector=tespa&cost_type=ostot") == [planned.pk, closed.pk]
    assert ids("sector=none") == ids("goal=g1-1") == []


def test_a_measure_says_where_its_money_stands(api, kymi):
    measure = kymi.measure()
    kymi.line(measure, permanence="one_off")

    (row,) = api.rows("measures/")

    assert (row["programme"], row["theme"], row["goal"]) == ("kymi", "digi", "g1")
    assert (row["sectors"], row["cost_types"]) == (["tespa"], ["ostot"])
    assert row["target_eur"] is None
    assert row["owner"] is None


@pytest.mark.django_db(transaction=True)
def test_updated_since_finds_what_changed():
    kymi = make_county("kymi")
    api = Api(person(kymi))
    old, new = kymi.measure(), kymi.measure()
    moment = timezone.now()
    Measure.objects.filter(pk=new.pk).update(name_fi="Uusi nimi")  # past the model's save, like SQL by hand

    rows = api.rows(f"measures/?updated_since={quote(moment.isoformat())}")

    assert [row["id"] for row in rows] == [new.pk]
    assert old.pk != new.pk


@pytest.mark.django_db(transaction=True)
def test_savings_updated_since_follow_entry_line_and_confirmation():
    kymi = make_county("kymi")
    api = Api(person(kymi))
    entries = [kymi.entry(kymi.measure(), MARCH, -100, Series.CLAIMED) for _ in range(4)]
    moment = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE measures_savingsentry SET amount_eur_cents = -200 WHERE id = %s", [entries[0].pk]
        )
        cursor.execute(
            "UPDATE measures_savingsline SET permanence = 'one_off' WHERE id = %s", [entries[1].line_id]
        )
    Confirmation.objects.create(
        programme=kymi.programme, entry=entries[2], part_eur_cents=-100, decided_on=dt.date(2024, 3, 20)
    )

    rows = api.rows(f"savings/?updated_since={quote(moment.isoformat())}")

    assert [row["id"] for row in rows] == [entry.pk for entry in entries[:3]]


def test_savings_are_one_row_for_each_line_month_and_series(api, kymi):
    measure = kymi.measure()
    plan = kymi.entry(measure, MARCH, -123_456)
    claim = kymi.entry(measure, MARCH, -100_000, Series.CLAIMED)
    waiting = kymi.entry(measure, MARCH.replace(month=4), -1, Series.CLAIMED)
    Confirmation.objects.create(
        programme=kymi.programme, entry=claim, part_eur_cents=-75_050, decided_on=dt.date(2024, 3, 20)
    )

    rows = {row["id"]: row for row in api.rows("savings/")}

    assert rows[plan.pk]["amount_eur"] == "-1234.56"
    assert rows[plan.pk]["month"] == "2024-03"
    assert rows[plan.pk]["measure"] == measure.code
    assert rows[plan.pk]["confirmed_eur"] is None
    assert rows[claim.pk]["confirmed_eur"] == "-750.50"
    assert rows[waiting.pk]["confirmed_eur"] is None


@pytest.mark.parametrize(
    ("query", "count"),
    [("month_from=2024-03-15", 2), ("month_to=2024-03-01", 2), ("series=claimed", 1), ("in_base=true", 0),
     ("in_base=false", 3), ("permanence=lasting", 3), ("sector=none", 0), ("theme=digi&cost_type=ostot", 3)],
)  # fmt: skip
def test_savings_are_filtered(api, kymi, query, count):
    measure = kymi.measure()
    kymi.entry(measure, MARCH.replace(month=2), -1)
    kymi.entry(measure, MARCH, -1)
    kymi.entry(measure, MARCH.replace(month=4), -1, Series.CLAIMED)

    assert len(api.rows(f"savings/?{query}")) == count


@pytest.mark.parametrize(
    "path",
    [
        "programmes",
        "themes",
        "goals",
        "sectors",
        "cost-types",
        "measures",
        "savings",
        "programmes/kymi/summary",
        "indicators",
        "observations",
        "target-rules",
        "objectives",
        "seasons",
        "risks",
        "decisions",
    ],
)
def test_statements_do_not_grow_with_the_rows(api, kymi, django_assert_max_num_queries, path):
    def fill(times):
        for number in range(times):
            kymi.entry(kymi.measure(), MARCH, -100, Series.CLAIMED)
            make_following(kymi.programme, times * 10 + number)

    def count():
        from django.core.cache import cache

        cache.clear()
        with django_assert_max_num_queries(24) as asked:
            assert api.get(f"{path}/").status_code == 200
        return len(asked)

    fill(3)
    api.get("programmes/")  # the token notes its first use of the day
    few = count()
    fill(30)

    assert count() == few


# --- conditional answers -------------------------------------------------------------------------


def test_an_answer_one_holds_is_not_sent_again(api, kymi):
    kymi.measure()
    first = api.get("measures/")

    again = api.get("measures/", **{"If-None-Match": first["ETag"]})

    assert again.status_code == 304
    assert again.content == b""
    assert again["ETag"] == first["ETag"]
    assert first["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("form", ["W/{}", '"other", {}', "*"])
def test_tags_that_proxies_have_changed_are_known(api, kymi, form):
    tag = api.get("measures/")["ETag"]

    assert not tag.startswith("W/")
    assert api.get("measures/", **{"If-None-Match": form.format(tag)}).status_code == 304
    assert api.get("measures/", **{"If-None-Match": tag[:-1] + '-gzip"'}).status_code == 304


def test_a_change_by_whatever_way_makes_a_new_tag(api, kymi):
    measure = kymi.measure()
    tags = [api.get("savings/")["ETag"]]

    kymi.entry(measure, MARCH, -100)
    tags.append(api.get("savings/")["ETag"])
    with connection.cursor() as cursor:
        cursor.execute("UPDATE measures_savingsentry SET amount_eur_cents = -200")
    tags.append(api.get("savings/")["ETag"])
    kymi.programme.status_date = dt.date(2024, 4, 30)
    kymi.programme.save()
    tags.append(api.get("savings/")["ETag"])

    assert len(set(tags)) == 4
    assert api.get("savings/", **{"If-None-Match": tags[0]}).status_code == 200


def test_two_counties_and_two_pages_have_tags_of_their_own(kymi, saimaa):
    here, there = Api(person(kymi)), Api(person(saimaa))

    tags = {
        here.get("measures/")["ETag"],
        there.get("measures/")["ETag"],
        here.get("measures/?page_size=1")["ETag"],
    }

    assert len(tags) == 3
