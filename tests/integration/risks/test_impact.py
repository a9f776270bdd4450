"""Impact areas, groups, watched indicators, hearings and analyses (demands 89, 90, 93)."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kpis.models import Indicator
from measures import gates
from measures.models import Measure
from risks.checking import PARTS, read_sent, rows_of, save_checks, sign_off
from risks.impact.groups import DEFAULTS, make_groups
from risks.impact.watching import watch
from risks.models import (
    AffectedGroup,
    GroupEffect,
    ImpactArea,
    ImpactAssessment,
    ImpactWatch,
    ProductionAnalysis,
    Promise,
    PromiseCheck,
    StaffHearing,
)
from strategy.models import AnnualObjective
from tests.factories.accounts import make_member, make_programme
from tests.factories.gates import DAY, Gated, make_gated
from tests.factories.impact import make_area, make_group

pytestmark = pytest.mark.django_db
CARD = "/p/koe/measures/M-1/"


@pytest.fixture
def gated() -> Gated:
    return make_gated()


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def missing(gated: Gated, *keys: str) -> list[str]:
    return gates.unmet_names(gated.ground.programme, gated.measure, keys)


def opened(client: Client, url: str) -> dict[str, str]:
    """What a form carries hidden."""
    form = client.get(url).context["form"]
    return {"was": form.initial["was"], "token": form.initial["token"]}


def test_an_area_takes_a_direction_with_its_reason_and_statements(gated: Gated) -> None:
    area = make_area(gated.ground.programme)
    pmo, url = signed_in(gated.pmo), "/p/koe/impact/areas/i1/"

    given = {"advances": "weakens", "name_fi": "Saatavuus"} | opened(pmo, f"{url}edit/")
    refused = pmo.post(f"{url}edit/", given | {"advances_reason": ""})
    assert refused.status_code == 422 and "advances_reason" in refused.context["form"].errors
    assert pmo.post(f"{url}edit/", given | {"advances_reason": "Matkat pitenevät"}).status_code == 302
    for name in ("Toinen", "Kolmas"):
        added = {"name_fi": name} | opened(pmo, f"{url}statements/add/")
        assert pmo.post(f"{url}statements/add/", added).status_code == 302

    area.refresh_from_db()
    assert (area.advances, area.advances_reason) == ("weakens", "Matkat pitenevät")
    page = pmo.get("/p/koe/impact/").content.decode()
    assert 'data-advances="weakens"' in page and "Kolmas" in page
    assert signed_in(gated.owner).get(f"{url}edit/").status_code == 403


def test_an_area_counts_measures_and_shows_what_is_watched(gated: Gated) -> None:
    programme = gated.ground.programme
    area = make_area(programme)
    indicator = Indicator.objects.get(programme=programme)
    pmo = signed_in(gated.pmo)
    url = "/p/koe/impact/areas/i1/watch/"
    assert pmo.post(url, {"indicator": indicator.pk, "note": ""} | opened(pmo, url)).status_code == 302
    row = ImpactAssessment.objects.create(
        programme=programme, measure=gated.measure, area=area, answer="negative", text="Matkat pitenevät"
    )

    page = pmo.get("/p/koe/impact/").content.decode()
    assert f'data-watched="{indicator.pk}"' in page
    assert 'data-answer="negative" data-count="1"' in page and 'data-answer="none" data-count="0"' in page
    assert row.text in pmo.get("/p/koe/impact/areas/i1/").content.decode()

    other = Indicator.objects.create(programme=make_programme("toinen"), key="x", name_fi="Muu")
    with pytest.raises(ValidationError):
        watch(area=area, indicator=other, note="", by=None)
    assert ImpactWatch.objects.count() == 1


def test_the_page_of_impacts_asks_as_often_for_many_areas(gated: Gated) -> None:
    pmo = signed_in(gated.pmo)

    def asked() -> int:
        pmo.get("/p/koe/impact/")
        with CaptureQueriesContext(connection) as queries:
            pmo.get("/p/koe/impact/")
        return len(queries)

    for number in range(6):
        area = make_area(gated.ground.programme, f"i{number}")
        watch(area=area, indicator=Indicator.objects.get(), note="", by=None)
        if number == 0:
            before = asked()
    assert asked() == before


def test_groups_are_written_once_and_asked_at_the_gate(gated: Gated) -> None:
    programme = gated.ground.programme
    assert make_groups(programme) == 0  # no areas: impacts are not assessed here
    make_area(programme)
    assert make_groups(programme) == len(DEFAULTS)
    AffectedGroup.objects.exclude(kind="digital").delete()
    assert make_groups(programme) == 0  # what people took away stays away
    group = AffectedGroup.objects.get()
    assert missing(gated, "groups") == ["groups"]

    owner, url = signed_in(gated.owner), f"{CARD}checks/groups/"
    sent = {
        f"answer-{group.pk}": "negative",
        f"text-{group.pk}": "Vain verkossa",
        f"mitigation-{group.pk}": "",
    }
    assert owner.post(url, sent).status_code == 422  # nobody is left out without a word of what is done
    assert owner.post(url, sent | {f"mitigation-{group.pk}": "Puhelin säilyy"}).status_code == 302

    assert GroupEffect.objects.get().mitigation == "Puhelin säilyy"
    assert missing(gated, "groups", "negatives") == []
    assert signed_in(gated.pmo).post(f"/p/koe/impact/groups/{group.pk}/remove/").status_code == 422


def test_staff_are_heard_before_the_decision_where_they_were_promised_it(gated: Gated) -> None:
    programme = gated.ground.programme
    assert missing(gated, "heard") == []
    Promise.objects.create(programme=programme, key="ps3", audience="staff", name_fi="Kuulemme")
    assert missing(gated, "heard") == ["heard"]

    owner, url = signed_in(gated.owner), f"{CARD}told/heard/add/"
    given = {"heard_on": "1.4.2024", "form": "Yksikön kokous", "changed": "Siirtymä pidempi"} | opened(
        owner, url
    )
    assert owner.post(url, given | {"heard_on": "1.4.2099"}).status_code == 422
    assert owner.post(url, given).status_code == 302

    row = StaffHearing.objects.get()
    assert (row.heard_on, row.form, row.changed) == (date(2024, 4, 1), "Yksikön kokous", "Siirtymä pidempi")
    assert missing(gated, "heard") == []
    assert "Siirtymä pidempi" in owner.get(f"{CARD}checks/").content.decode()


def test_a_production_analysis_stands_beside_the_measure(gated: Gated) -> None:
    owner, url = signed_in(gated.owner), f"{CARD}told/production/add/"
    given = {
        "own": "Kuusi työntekijää", "bought": "Kolme tarjousta", "answer": "own", "reason": "Edullisempi",
        "analysed_on": "1.3.2024",
    }  # fmt: skip
    assert owner.post(url, given | opened(owner, url)).status_code == 302

    row = ProductionAnalysis.objects.get()
    assert f'data-analysis="{row.pk}"' in owner.get(f"{CARD}checks/").content.decode()
    make_area(gated.ground.programme)
    assert f'data-analysis="{row.pk}"' in owner.get("/p/koe/impact/").content.decode()


# --- who signs ------------------------------------------------------------------------------------------------------


def test_a_negative_answer_is_signed_by_a_professional_who_did_not_write_it(gated: Gated) -> None:
    programme = gated.ground.programme
    theme = make_member(programme, "theme", theme=gated.measure.goal.theme)
    both = make_member(programme, "controller")
    both.grants.create(programme=programme, role="director")
    board = make_member(programme, "board")
    area = make_area(programme)
    (row,) = rows_of(gated.measure, PARTS["impacts"])
    sent = {f"answer-{area.pk}": "negative", f"text-{area.pk}": "Matkat", f"mitigation-{area.pk}": "Auto"}
    save_checks(measure=gated.measure, rows=read_sent(sent, [row]), by=theme)
    check = ImpactAssessment.objects.get()

    for by, code in ((both, "finance"), (gated.owner, "own"), (board, "role"), (theme, "wrote")):
        with pytest.raises(ValidationError) as refused:
            sign_off(measure=gated.measure, check=check, by=by, on=DAY)
        assert refused.value.code == code
    assert missing(gated, "negatives") == ["negatives"]
    sign_off(measure=gated.measure, check=check, by=gated.steering, on=DAY)
    assert missing(gated, "negatives") == []


def test_a_broken_promise_waits_for_mitigation_and_signature(gated: Gated) -> None:
    programme = gated.ground.programme
    promise = Promise.objects.create(
        programme=programme, key="pc2", audience="clients", name_fi="Emme vain verkossa"
    )
    owner, url = signed_in(gated.owner), f"{CARD}checks/promises/"
    broken = {f"answer-{promise.pk}": "broken"}

    assert owner.post(url, broken).status_code == 422  # marked and explained (demand 91)
    assert owner.post(url, broken | {f"text-{promise.pk}": "Vastaanotto päättyy"}).status_code == 302

    assert PromiseCheck.objects.get().answer == "broken"
    assert missing(gated, "negatives") == ["negatives"]


def test_promises_are_counted_with_the_unsigned_first_and_what_lacks_people(gated: Gated) -> None:
    programme = gated.ground.programme
    Measure.objects.update(resources=" ")
    promise = Promise.objects.create(
        programme=programme, key="pc2", audience="clients", name_fi="Emme vain verkossa"
    )
    PromiseCheck.objects.create(
        programme=programme,
        measure=gated.measure,
        promise=promise,
        answer="broken",
        text="=Vastaanotto päättyy",
    )
    pmo = signed_in(gated.pmo)

    page = pmo.get("/p/koe/promises/").content.decode()
    assert 'data-answer="broken" data-count="1"' in page and 'data-unsigned="1"' in page
    assert 'data-negative="M-1" data-settled="no"' in page and 'data-unresourced="M-1"' in page
    broken = pmo.get("/p/koe/promises/pc2/?answer=broken").content.decode()
    assert 'data-measure="M-1" data-answer="broken"' in broken
    assert 'data-measure="M-1"' not in pmo.get("/p/koe/promises/pc2/?answer=none").content.decode()
    assert pmo.get("/p/koe/promises/pc2/?answer=odd").status_code == 404
    table = pmo.get("/p/koe/promises/table.csv").content.decode()
    assert "M-1" in table and "'=Vastaanotto" in table


def test_two_groups_of_one_programme_have_different_keys(gated: Gated) -> None:
    make_group(gated.ground.programme)
    pmo, url = signed_in(gated.pmo), "/p/koe/impact/groups/add/"

    assert (
        pmo.post(url, {"name_fi": "Omaishoitajat", "kind": "residents"} | opened(pmo, url)).status_code == 302
    )
    assert AffectedGroup.objects.filter(name_fi="Omaishoitajat", kind="residents").count() == 1
    assert ImpactArea.objects.count() == 0


# --- demand 94 ------------------------------------------------------------------------------------------------------


def test_an_assessment_is_attached_to_an_annual_objective(gated: Gated) -> None:
    programme = gated.ground.programme
    objective = AnnualObjective.objects.create(
        programme=programme, key="verkko", number=2, name_fi="Verkosto"
    )
    pmo = signed_in(gated.pmo)
    url = reverse("core:file_add", args=["koe", "annualobjective", objective.pk])
    upload = SimpleUploadedFile("vaikutusarvio.txt", b"Vaikutusten arviointi")

    answer = pmo.post(url, {"file": upload, "note": "Verkostopäätös"})

    assert answer.status_code == 302
    talk = reverse("core:talk", args=["koe", "annualobjective", objective.pk])
    assert talk in pmo.get(reverse("strategy:objective_detail", args=["koe", objective.key])).content.decode()
    page = pmo.get(talk).content.decode()
    assert "vaikutusarvio.txt" in page and "Verkostopäätös" in page
