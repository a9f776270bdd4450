"""Closing a service point: nothing decides it without a finished overall assessment (demand 92)."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from measures import gates
from measures.models import GateDefinition, Measure
from measures.services.gates import decide_gate
from risks.impact.closing import finish
from risks.models import ClosureAssessment
from tests.factories.accounts import make_member
from tests.factories.gates import DAY, Gated, make_gated

pytestmark = pytest.mark.django_db
CHECKS = "/p/koe/measures/M-1/checks/"
CLOSING = "/p/koe/measures/M-1/closing/"
PARTS = {
    "use": "Kaksi päivää viikossa", "channels": "Pääasema 18 km", "premises": "Ei esteetön", "conclusion": "Suljetaan",
}  # fmt: skip


@pytest.fixture
def closing() -> Gated:
    """A measure that lacks nothing but the assessment of its closing."""
    gated = make_gated()
    Measure.objects.update(service_point="Sivuvastaanotto", closes_service_point=True)
    gated.measure.refresh_from_db()
    return gated


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def decide(gated: Gated) -> Any:
    given = {"approve": True, "on": DAY, "values": gated.values, "reason": "Kiire"}
    return decide_gate(measure=gated.measure, by=gated.steering, **given)


def test_a_closing_is_decided_only_when_its_assessment_is_finished_on_its_page(closing: Gated) -> None:
    # a gate that was set without the check asks for it all the same
    GateDefinition.objects.update_or_create(
        programme=closing.ground.programme, to_stage="decided",
        defaults={"deciding_role": "steering", "checks": [], "needs_body": False},
    )  # fmt: skip
    with pytest.raises(ValidationError) as refused:
        decide(closing)
    assert refused.value.code == "hard"

    owner = signed_in(closing.owner)
    assert owner.post(CLOSING, PARTS | {"premises": ""}).status_code == 302
    owner.post(f"{CLOSING}finish/")
    assert not ClosureAssessment.objects.get().is_finished
    with pytest.raises(ValidationError):
        decide(closing)

    page = owner.get(CLOSING)
    form = page.context["form"]
    sent = PARTS | {"was": form.initial["was"], "token": form.initial["token"]}
    assert owner.post(CLOSING, sent).status_code == 302
    version = ClosureAssessment.objects.get().version
    owner.post(f"{CLOSING}finish/", {"version": version})
    row = ClosureAssessment.objects.get()
    assert (row.is_finished, row.assessed_by) == (True, closing.owner)
    assert 'data-closure="finished"' in owner.get("/p/koe/measures/M-1/more/checks/").content.decode()

    assert decide(closing).state == "approved"


def test_an_assessment_that_changes_has_to_be_finished_again(closing: Gated) -> None:
    own = {"programme": closing.ground.programme, "measure": closing.measure}
    ClosureAssessment.objects.create(**own, **PARTS)
    row = finish(measure=closing.measure, by=closing.owner, on=DAY)
    assert (
        finish(measure=closing.measure, by=closing.pmo, on=DAY).assessed_by == closing.owner
    )  # twice is once

    owner = signed_in(closing.owner)
    form = owner.get(CLOSING).context["form"]
    changed = PARTS | {
        "use": "Yksi päivä viikossa",
        "was": form.initial["was"],
        "token": form.initial["token"],
    }
    assert owner.post(CLOSING, changed).status_code == 302

    row.refresh_from_db()
    assert not row.is_finished
    with pytest.raises(ValidationError):
        decide(closing)


def test_what_closes_nothing_is_not_asked_and_a_named_point_gets_a_question(closing: Gated) -> None:
    Measure.objects.update(closes_service_point=False)
    closing.measure.refresh_from_db()
    programme = closing.ground.programme

    assert gates.unmet_names(programme, closing.measure, []) == []
    assert "Sivuvastaanotto" in signed_in(closing.pmo).get(CHECKS).content.decode()
    assert 'id="closure"' in signed_in(closing.pmo).get(CHECKS).content.decode()


def test_who_may_not_edit_the_measure_finishes_nothing(closing: Gated) -> None:
    other = signed_in(make_member(closing.ground.programme, "measure"))

    assert other.post(CLOSING, PARTS).status_code == 403
    assert other.post(f"{CLOSING}finish/").status_code == 403
