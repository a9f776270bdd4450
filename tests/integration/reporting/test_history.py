"""History pages: who, when and why of each change in words, parts folded, rights, two days, versions brought back."""

import datetime as dt
import html
import re
from typing import Any

import pghistory
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.bulk import bulk_write
from core.changes import all_kinds
from measures.models import Measure, MeasureSegment, SavingsEntry, Series
from measures.services import Cell, delete_draft, record_entries
from programme.models import Goal, Project, Segment, Theme
from tests.factories.counties import County, make_county, person
from tests.factories.loaded import client_of as client_at
from tests.factories.loaded import load

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> County:
    return make_county("own")


def client_of(county: County, role: str = "pmo", **scope: Any) -> tuple[Client, Any]:
    user = person(county, role, **scope)
    client = Client()
    client.force_login(user)
    return client, user


def text_of(answer: Any) -> str:
    main = re.search(r"<main.*</main>", answer.content.decode(), re.DOTALL)
    assert main is not None
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main[0])).split()).replace("\u00a0", " ")


def row_url(row: Any, tail: str = "", language: str = "en") -> str:
    return f"/{language}/p/{row.programme.slug}/history/{row._meta.label_lower}/{row.pk}/{tail}"


def moved(row: Any, at: dt.datetime, **values: Any) -> None:
    """An event of the row dated `at`, as if it had been changed then: history itself cannot be changed."""
    table = all_kinds()[row._meta.label_lower].table
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT * FROM "{table}" WHERE pgh_obj_id = %s ORDER BY pgh_id DESC LIMIT 1', [row.pk]
        )
        columns = [one.name for one in cursor.description]
        kept = dict(zip(columns, cursor.fetchone(), strict=True)) | values | {"pgh_created_at": at}
        kept.pop("pgh_id")
        names = ", ".join(f'"{name}"' for name in kept)
        cursor.execute(
            f'INSERT INTO "{table}" ({names}) VALUES ({", ".join(["%s"] * len(kept))})', list(kept.values())
        )


# ---------------------------------------------------------------------------- one row
def test_a_change_says_who_when_why_and_what(county: County) -> None:
    client, user = client_of(county)
    user.first_name, user.last_name = "Maija", "Muuttaja"
    user.save()
    measure = county.measure(code="T-1", name_fi="Etävastaanotto")
    with pghistory.context(user=user.pk, reason="sovittu johtoryhmässä", url="measures:measure_edit"):
        Measure.objects.filter(pk=measure.pk).update(stage="decided", starts_on=dt.date(2024, 2, 1))

    said = text_of(client.get(row_url(measure)))

    assert "Maija Muuttaja" in said
    assert "Reason: sovittu johtoryhmässä" in said
    assert "the pages of measures" in said
    assert "planned → after decided" in said
    assert "1 February 2024" in said


def test_links_and_people_are_told_by_name(county: County) -> None:
    client, user = client_of(county)
    owner = person(county, "measure")
    owner.first_name, owner.last_name = "Olli", "Omistaja"
    owner.save()
    measure = county.measure()
    segment = Segment.objects.create(programme=county.programme, key="lapset", name_fi="Lapset ja nuoret")
    MeasureSegment.objects.create(programme=county.programme, measure=measure, segment=segment)
    Measure.objects.filter(pk=measure.pk).update(owner=owner)

    said = text_of(client.get(row_url(measure)))

    assert "Client segment Lapset ja nuoret added" in said
    assert "Olli Omistaja" in said


def test_months_of_one_save_are_folded_and_listed(county: County) -> None:
    client, user = client_of(county)
    measure = county.measure()
    line = measure.lines.get()
    cells = [Cell(line, Series.FORECAST, dt.date(2024, month, 1), -100_000 * month) for month in range(1, 13)]
    record_entries(cells=cells, by=user, reason="uusi arvio")

    answer = client.get(row_url(measure))
    said = text_of(answer)

    assert "Forecast, Terveys · Ostot : 12 months 1/2024–12/2024" in said
    assert "−78,000 €" in said  # 1 000 + 2 000 + ... + 12 000 euros
    assert said.count("Reason: uusi arvio") == 1


def test_a_cleared_month_belongs_to_the_measure_still(county: County) -> None:
    client, user = client_of(county)
    measure = county.measure()
    line = measure.lines.get()
    record_entries(cells=[Cell(line, Series.FORECAST, dt.date(2024, 1, 1), -5_000_00)], by=user)
    record_entries(cells=[Cell(line, Series.FORECAST, dt.date(2024, 1, 1), None)], by=user, reason="ei pidä")

    said = text_of(client.get(row_url(measure)))

    assert "−5,000 € → –" in said


def test_texts_are_marked_and_what_people_wrote_does_not_run(county: County) -> None:
    client, _user = client_of(county)
    measure = county.measure(name_fi="Vanha nimi")
    evil = "Uusi <script>alert(1)</script> nimi\"'><img src=x onerror=alert(2)>"
    Measure.objects.filter(pk=measure.pk).update(name_fi=evil)
    Measure.objects.filter(pk=measure.pk).update(description_fi=evil)

    shown = client.get(row_url(measure)).content.decode()
    feed = client.get("/en/p/own/history/").content.decode()

    for page in (shown, feed):
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "&lt;script&gt;" in page or "&lt;</span>" in page or "&lt;" in page
    assert "<del>" in shown and "<ins>" in shown


def test_a_change_made_by_psql_names_the_database_user(county: County) -> None:
    client, _user = client_of(county)
    measure = county.measure()
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_user")
        (name,) = cursor.fetchone()
        cursor.execute("UPDATE measures_measure SET municipality = 'Kotka' WHERE id = %s", [measure.pk])

    said = text_of(client.get(row_url(measure)))

    assert f"database user {name}" in said
    assert "the database, past the portal" in said


def test_a_person_who_is_gone_stays_a_number(county: County) -> None:
    client, _user = client_of(county)
    measure = county.measure()
    with pghistory.context(user=987654, reason="x"):
        Measure.objects.filter(pk=measure.pk).update(municipality="Kotka")

    assert "person 987654" in text_of(client.get(row_url(measure)))


def test_a_deleted_row_still_has_its_page(county: County) -> None:
    client, user = client_of(county)
    measure = county.measure(code="T-9", stage="identified")
    url = row_url(measure)
    delete_draft(measure=measure, by=user, reason="turha")

    answer = client.get(url)

    assert answer.status_code == 200
    said = text_of(answer)
    assert "deleted" in said and "Reason: turha" in said and "T-9" in said


def test_rows_of_another_county_and_unknown_ones_are_not_found(county: County) -> None:
    client, _user = client_of(county)
    foreign = make_county("foreign").measure()

    assert client.get(f"/p/own/history/measures.measure/{foreign.pk}/").status_code == 404
    assert client.get("/p/own/history/measures.measure/99999999/").status_code == 404
    assert client.get("/p/own/history/nothing.here/1/").status_code == 404
    assert client.get("/p/own/history/accounts.user/1/").status_code == 404


def test_who_may_not_see_a_kind_sees_nothing_of_it(county: County) -> None:
    """Roles of people are for the programme office; a measure's owner reads the rest."""
    client, owner = client_of(county, "measure")
    grant = owner.grants.get()
    office, _user = client_of(county)

    assert client.get(row_url(grant)).status_code == 404
    assert "Role of a person" not in text_of(client.get("/en/p/own/history/"))
    assert office.get(row_url(grant)).status_code == 200
    assert client_of(county, "council")[0].get("/p/own/history/").status_code == 403


def test_statements_of_a_row_page_stay_put_when_its_history_doubles(county: County) -> None:
    client, user = client_of(county)
    measure = county.measure()
    url = row_url(measure)

    def live(times: int) -> int:
        line = measure.lines.get()
        for turn in range(times):
            cells = [
                Cell(line, Series.PLAN, dt.date(2024, month, 1), -month * 100 - turn) for month in range(1, 7)
            ]
            record_entries(cells=cells, by=user, reason=f"kierros {turn}")
            Measure.objects.filter(pk=measure.pk).update(municipality=f"Kunta {turn}")
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert client.get(url).status_code == 200
        return len(found)

    first, second = live(3), live(6)

    assert second == first
    assert first <= 15


# ---------------------------------------------------------------------------- two days
def test_two_days_show_only_what_differs(county: County) -> None:
    client, _user = client_of(county)
    measure = county.measure(name_fi="Nimi nyt")
    moved(measure, dt.datetime(2024, 1, 10, 12, tzinfo=dt.UTC), name_fi="Nimi silloin", stage="identified")
    moved(measure, dt.datetime(2024, 2, 10, 12, tzinfo=dt.UTC), name_fi="Nimi silloin", stage="decided")

    answer = client.get(row_url(measure, "?first=31.1.2024&second=29.2.2024"))
    page = answer.content.decode()
    compared = page[page.index("<tbody>") : page.index("</tbody>")]

    assert 'data-field="stage"' in compared
    assert "identified" in compared and "decided" in compared
    assert 'data-field="name_fi"' not in compared


def test_the_end_of_a_local_day_counts(county: County) -> None:
    """23.30 in Helsinki belongs to the day, half past midnight to the next one."""
    client, _user = client_of(county)
    measure = county.measure()
    moved(measure, dt.datetime(2024, 1, 31, 21, 30, tzinfo=dt.UTC), stage="identified")
    moved(measure, dt.datetime(2024, 1, 31, 22, 30, tzinfo=dt.UTC), stage="decided")

    same = client.get(row_url(measure, "?first=31.1.2024&second=31.1.2024"))
    differs = client.get(row_url(measure, "?first=31.1.2024&second=1.2.2024"))

    assert b"data-same" in same.content
    assert b'data-field="stage"' in differs.content


def test_before_its_first_day_the_row_was_not_there(county: County) -> None:
    client, _user = client_of(county)
    measure = county.measure()

    said = text_of(client.get(row_url(measure, "?first=1.1.2020&second=2.1.2020")))

    assert "The row was there on neither day." in said
    assert client.get(row_url(measure, "?first=huomenna&second=2.1.2020")).status_code == 200


# ---------------------------------------------------------------------------- bringing back
def first_event(row: Any) -> int:
    return type(row).events.rel.related_model.objects.filter(pgh_obj_id=row.pk).earliest("pgh_id").pgh_id


def test_an_earlier_version_comes_back_as_a_new_one(county: County) -> None:
    client, user = client_of(county)
    theme = county.theme
    Theme.objects.filter(pk=theme.pk).update(slogan_fi="Uusi", name_fi="Toinen nimi")
    url = row_url(theme, f"restore/{first_event(theme)}/")
    form = client.get(url)
    version = form.context["form"].initial["version"]

    no_reason = client.post(url, {"version": version, "reason": " "})
    answer = client.post(url, {"version": version, "reason": "vahinko", "token": "t1"})
    again = client.post(url, {"version": version, "reason": "vahinko", "token": "t1"})

    theme.refresh_from_db()
    assert no_reason.status_code == 422
    assert (answer.status_code, again.status_code) == (302, 302)
    assert (theme.name_fi, theme.slogan_fi, theme.version) == ("Digi", "", version + 1)
    assert "Reason: vahinko" in text_of(client.get(row_url(theme)))


def test_a_version_is_not_brought_back_over_somebody_faster(county: County) -> None:
    client, _user = client_of(county)
    theme = county.theme
    Theme.objects.filter(pk=theme.pk).update(name_fi="Toinen nimi")
    url = row_url(theme, f"restore/{first_event(theme)}/")
    version = client.get(url).context["form"].initial["version"]
    Theme.objects.filter(pk=theme.pk).update(slogan_fi="Nopeampi")

    answer = client.post(url, {"version": version, "reason": "vahinko"})

    theme.refresh_from_db()
    assert answer.status_code == 409
    assert theme.name_fi == "Toinen nimi"


def test_a_rule_of_today_refuses_with_its_reason(county: County) -> None:
    client, _user = client_of(county)
    programme = county.programme
    project = Project.objects.create(
        programme=programme, slug="hanke", name_fi="Hanke", starts_on=dt.date(2024, 5, 1)
    )
    Project.objects.filter(pk=project.pk).update(starts_on=None)
    Project.objects.filter(pk=project.pk).update(ends_on=dt.date(2024, 1, 1))
    moved(
        project,
        dt.datetime(2020, 1, 1, tzinfo=dt.UTC),
        starts_on=dt.date(2024, 5, 1),
        ends_on=dt.date(2024, 1, 1),
    )
    event = (
        type(project).events.rel.related_model.objects.filter(pgh_obj_id=project.pk).latest("pgh_id").pgh_id
    )
    url = row_url(project, f"restore/{event}/")

    answer = client.post(url, {"version": client.get(url).context["form"].initial["version"], "reason": "x"})

    assert answer.status_code == 422
    assert "must not end before it starts" in text_of(answer)


def test_targets_are_never_put_back(golden: Any) -> None:
    programme = golden.programme
    client = Client()
    client.force_login(person(County(programme, None, None, None, None), "pmo"))  # type: ignore[arg-type]
    target = programme.__class__.objects.get(pk=programme.pk)
    from programme.models import Target

    target = Target.objects.filter(programme=programme).first()

    assert client.get(row_url(target, f"restore/{first_event(target)}/")).status_code == 403


def test_only_who_may_edit_the_row_brings_it_back(county: County) -> None:
    measure = county.measure()
    Measure.objects.filter(pk=measure.pk).update(municipality="Kotka")
    url = row_url(measure, f"restore/{first_event(measure)}/")
    stranger, _one = client_of(county, "measure")
    auditor, _two = client_of(county, "auditor")
    owner, me = client_of(county, "measure")
    Measure.objects.filter(pk=measure.pk).update(owner=me)

    assert (stranger.get(url).status_code, auditor.get(url).status_code) == (403, 403)
    assert (stranger.post(url, {"reason": "x"}).status_code, owner.get(url).status_code) == (403, 200)
    assert "Bring this version back" not in text_of(auditor.get(row_url(measure)))
    assert "Bring this version back" in text_of(owner.get(row_url(measure)))


def bring_back(client: Client, row: Any, reason: str = "vahinko") -> Any:
    url = row_url(row, f"restore/{first_event(row)}/")
    page = client.get(url)
    assert page.status_code == 200
    return client.post(url, {"version": page.context["form"].initial["version"], "reason": reason})


def test_only_fields_that_the_person_could_change_come_back(county: County) -> None:
    lead, _one = client_of(county, "theme", theme=county.theme)
    measure = county.measure(confidence_of_pmo="high")
    Measure.objects.filter(pk=measure.pk).update(municipality="Kotka", confidence_of_pmo="low")
    Theme.objects.filter(pk=county.theme.pk).update(number=7, slogan_fi="Uusi")

    answers = bring_back(lead, measure), bring_back(lead, county.theme)

    measure.refresh_from_db()
    county.theme.refresh_from_db()
    assert [answer.status_code for answer in answers] == [302, 302]
    assert (measure.municipality, measure.confidence_of_pmo) == ("", "low")
    assert (county.theme.slogan_fi, county.theme.number) == ("", 7)


def test_a_measure_comes_back_to_another_theme_only_by_who_leads_that_too(county: County) -> None:
    other = Theme.objects.create(programme=county.programme, key="muu", number=2, name_fi="Muu")
    goal = Goal.objects.create(programme=county.programme, theme=other, key="m1", number=1, name_fi="Muu")
    measure = Measure.objects.create(programme=county.programme, code="T-1", name_fi="Siirto", goal=goal)
    Measure.objects.filter(pk=measure.pk).update(goal=county.goal)
    lead, _one = client_of(county, "theme", theme=county.theme)
    pmo, _two = client_of(county)

    refused = bring_back(lead, measure)
    measure.refresh_from_db()
    assert (refused.status_code, measure.goal) == (422, county.goal)

    assert bring_back(pmo, measure).status_code == 302
    measure.refresh_from_db()
    assert measure.goal == goal


def test_a_deleted_draft_comes_back_with_its_id_and_lines(county: County) -> None:
    client, user = client_of(county)
    measure = county.measure(code="T-5", stage="identified")
    pk, url = measure.pk, row_url(measure)
    delete_draft(measure=measure, by=user, reason="turha")
    measure.pk = pk
    events = Measure.events.rel.related_model.objects.filter(pgh_obj_id=pk)
    event = events.latest("pgh_id")
    back = f"{url}restore/{event.pgh_id}/"

    assert client.get(back).status_code == 200
    answer = client.post(back, {"version": 0, "reason": "tarpeen sittenkin"})

    found = Measure.objects.get(pk=pk)
    assert answer.status_code == 302
    assert (found.code, found.lines.count(), found.version) == ("T-5", 1, event.version + 1)


def test_a_deleted_row_is_brought_back_by_who_might_change_it_as_it_was_last(county: County) -> None:
    other = Theme.objects.create(programme=county.programme, key="muu", number=2, name_fi="Muu")
    goal = Goal.objects.create(
        programme=county.programme, theme=county.theme, key="m9", number=9, name_fi="Siirtyvä"
    )
    earlier = row_url(goal, f"restore/{first_event(goal)}/")
    Goal.objects.filter(pk=goal.pk).update(theme=other)
    pk = goal.pk
    goal.delete()
    goal.pk = pk
    events = Goal.events.rel.related_model.objects.filter(pgh_obj_id=pk)  # type: ignore[attr-defined]
    latest = row_url(goal, f"restore/{events.latest('pgh_id').pgh_id}/")
    before, _one = client_of(county, "theme", theme=county.theme)
    after, _two = client_of(county, "theme", theme=other)
    sent = {"version": 0, "reason": "vahinko"}

    assert (before.get(earlier).status_code, before.post(earlier, sent).status_code) == (403, 403)
    assert after.post(earlier, sent).status_code == 422  # it would lie in a theme of somebody else
    assert not Goal.objects.filter(pk=pk).exists()

    assert after.post(latest, sent).status_code == 302
    assert Goal.objects.get(pk=pk).theme == other


# ---------------------------------------------------------------------------- the feed
def test_a_bulk_write_is_one_line(county: County) -> None:
    client, user = client_of(county)
    measure = county.measure()
    line = measure.lines.get()
    with bulk_write(user, "tuonti", file="talous.xlsx") as writer:
        writer.copy_rows(
            SavingsEntry,
            ["programme", "line", "month", "series", "amount_eur_cents", "version"],
            [
                (county.programme.pk, line.pk, dt.date(2000 + n // 12, n % 12 + 1, 1), "plan", -n, 1)
                for n in range(1_248)
            ],
        )

    answer = client.get("/en/p/own/history/")

    assert answer.content.count(b'data-count="1248"') == 1
    said = text_of(answer)
    assert "Months : 1,248 added" in said
    assert "the file talous.xlsx" in said
    assert measure.code in said


def test_the_feed_of_a_loaded_programme_is_told(db: None) -> None:
    """Every kind of row at once, links that point nowhere included."""
    programme = load("kymenlaakso")
    client = client_at(programme)
    kinds = {"kpis.indicator", "programme.target", "risks.risk", "programme.programme"}

    assert client.get("/en/p/kymenlaakso/history/").status_code == 200
    for label in kinds:
        kind = all_kinds()[label]
        for row in kind.model._base_manager.all()[:3]:
            assert client.get(f"/en/p/kymenlaakso/history/{label}/{row.pk}/").status_code == 200


def test_the_feed_is_filtered_by_kind_person_day_and_search(county: County) -> None:
    client, user = client_of(county)
    other = person(county, "pmo")
    one, two = county.measure(code="T-1", name_fi="Ensimmäinen"), county.measure(code="T-2", name_fi="Toinen")
    with pghistory.context(user=user.pk, reason="minun"):
        Measure.objects.filter(pk=one.pk).update(municipality="Kotka")
    with pghistory.context(user=other.pk, reason="toisen"):
        Measure.objects.filter(pk=two.pk).update(municipality="Kouvola")
    with pghistory.context(user=user.pk, reason="teeman"):
        Theme.objects.filter(pk=county.theme.pk).update(slogan_fi="Iskulause")

    def said(query: str) -> str:
        return text_of(client.get(f"/en/p/own/history/?{query}"))

    assert "minun" in said(f"person={user.pk}") and "toisen" not in said(f"person={user.pk}")
    assert "teeman" in said("kind=programme.theme") and "minun" not in said("kind=programme.theme")
    assert "minun" in said("q=t-1") and "toisen" not in said("q=t-1")
    assert "toisen" in said("q=Toinen") and "teeman" not in said("q=Toinen")
    assert "minun" not in said("until=1.1.2020")
    assert "Nothing was changed that fits" in said("q=eisellaistaole")
    assert client.get("/en/p/own/history/?since=eipäivä").status_code == 200


def test_the_feed_goes_on_below_the_last_act(county: County) -> None:
    client, user = client_of(county)
    measure = county.measure()
    for turn in range(90):
        with pghistory.context(user=user.pk, reason=f"kierros-{turn}-"):
            Measure.objects.filter(pk=measure.pk).update(municipality=f"Kunta {turn}")
    url, seen, pages = "/en/p/own/history/", [], 0
    while url and pages < 10:
        answer = client.get(url)
        seen += re.findall(r"kierros-\d+-", text_of(answer))
        following = re.search(r'href="(\?[^"]*before=[^"]*)" rel="next"', answer.content.decode())
        url = f"/en/p/own/history/{html.unescape(following[1])}" if following else ""
        pages += 1

    assert sorted(seen) == sorted(f"kierros-{turn}-" for turn in range(90))
    assert pages >= 3


def test_the_feed_keeps_counties_apart(county: County) -> None:
    client, _user = client_of(county)
    foreign = make_county("foreign")
    with pghistory.context(reason="vieraan-syy"):
        foreign.measure(code="V-1")

    assert "vieraan-syy" not in text_of(client.get("/en/p/own/history/"))


def test_statements_of_the_feed_stay_put_when_rows_double(county: County) -> None:
    client, user = client_of(county)

    def live(times: int) -> int:
        for turn in range(times):
            with pghistory.context(user=user.pk, reason=f"kierros {turn}"):
                measure = county.measure()
                Measure.objects.filter(pk=measure.pk).update(municipality=f"Kunta {turn}")
                Theme.objects.filter(pk=county.theme.pk).update(slogan_fi=f"Iskulause {measure.pk}")
        with CaptureQueriesContext(connection) as found:
            assert client.get("/en/p/own/history/").status_code == 200
        return len(found)

    first, second = live(4), live(8)

    assert second == first
    assert first <= 16


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_pages_speak_the_readers_language(county: County, language: str) -> None:
    client, _user = client_of(county)
    measure = county.measure()
    prefix = "" if language == "fi" else f"/{language}"

    for path in ("/p/own/history/", f"/p/own/history/measures.measure/{measure.pk}/"):
        answer = client.get(f"{prefix}{path}")
        assert answer.status_code == 200
        assert f'lang="{language}"'.encode() in answer.content


def test_reading_history_writes_nothing(county: County) -> None:
    client, _user = client_of(county)
    measure = county.measure()
    urls = ["/p/own/history/", row_url(measure), row_url(measure, "?first=1.1.2024&second=2.1.2024")]

    with CaptureQueriesContext(connection) as found:
        for url in urls:
            client.get(url)

    assert not [one["sql"] for one in found if re.match(r"\s*(INSERT|UPDATE|DELETE)", one["sql"])]
