"""The table of permissions and the questions asked of it."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import User
from core.access import get_editable
from core.permissions import (
    ACTIONS,
    NARROW,
    OWN,
    PROGRAMME,
    ROLES,
    Grant,
    can,
    forget_grants,
    grants_of,
    may_somewhere,
    programme_ids,
    require,
    roles_in,
)
from measures.models import Measure, MeasureSegment
from programme.models import Milestone, Project, Role, RoleGrant, Sector, Segment, Theme
from tests.factories.accounts import make_member, make_person, make_programme
from tests.factories.counties import County, make_county, person

pytestmark = pytest.mark.django_db


# ---------------------------------------------------------------------------- the table
def test_table_and_model_know_the_same_roles() -> None:
    assert tuple(Role.values) == ROLES


def test_every_action_names_known_roles_and_scopes() -> None:
    for action, roles in ACTIONS.items():
        assert roles, action
        assert set(roles) <= set(ROLES), action
        assert set(roles.values()) <= {PROGRAMME, *NARROW, OWN}, action


def test_who_may_change_something_may_see_it() -> None:
    """An edit without the view that shows it would be a form nobody finds."""
    shown_by = {
        "theme": "theme.view", "sector": "sector.view", "segment": "sector.view", "funding": "funding.view",
        "measure": "measure.view", "savings": "measure.view", "update": "measure.view", "project": "project.view",
        "governance": "governance.view", "grant": "grant.view", "plan": "project.view",
    }  # fmt: skip
    for action, roles in ACTIONS.items():
        view = shown_by.get(action.partition(".")[0])
        if view and not action.endswith(".view"):
            assert set(roles) <= set(ACTIONS[view]), action


@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_what_the_table_says_in_its_own_programme_and_nothing_in_another(role: str) -> None:
    own, foreign = make_programme("own"), make_programme("foreign")
    member = make_member(own, role)

    assert {action for action in ACTIONS if may_somewhere(member, action, own)} == {
        action for action in ACTIONS if role in ACTIONS[action]
    }
    assert {action for action in ACTIONS if can(member, action, own)} == {
        action for action in ACTIONS if ACTIONS[action].get(role) == PROGRAMME
    }, "to the whole programme only what is not narrow"
    assert not any(
        may_somewhere(member, action, foreign) or can(member, action, foreign) for action in ACTIONS
    )


def test_council_reads_only_the_programme_its_strategy_and_decisions() -> None:
    allowed = {action for action, roles in ACTIONS.items() if "council" in roles}

    assert allowed == {"programme.view", "strategy.view", "decision.view", "api.view"}


def test_the_auditor_reads_and_changes_nothing() -> None:
    allowed = {action for action, roles in ACTIONS.items() if "auditor" in roles}

    assert {action for action in allowed if not action.endswith(".view")} == set()


def test_only_the_administrator_administers() -> None:
    assert set(ACTIONS["accounts.administer"]) == {"admin"}
    assert set(ACTIONS["grant.edit"]) == {"admin", "pmo"}


# ---------------------------------------------------------------------------- questions
def test_an_inactive_person_may_nothing() -> None:
    own = make_programme("own")
    member = make_member(own, "admin")
    member.is_active = False

    assert not any(can(member, action, own) for action in ACTIONS)


def test_require_refuses_with_permission_denied() -> None:
    own = make_programme("own")

    require(make_member(own, "pmo"), "bigroom.build", own)
    with pytest.raises(PermissionDenied):
        require(make_member(own, "auditor"), "bigroom.build", own)


def test_an_unknown_action_is_an_error_not_a_no() -> None:
    with pytest.raises(KeyError):
        can(make_person(), "measure.veiw", make_programme("own"))


def test_grants_are_read_once(django_assert_num_queries: Any) -> None:
    own = make_programme("own")
    member = make_member(own, "pmo")

    with django_assert_num_queries(1):
        for action in ACTIONS:
            can(member, action, own)
        assert roles_in(member, own) == ("pmo",)
    forget_grants(member)
    with django_assert_num_queries(1):
        grants_of(member)


def test_visible_to_asks_for_the_view_action_of_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    own, foreign = make_programme("own"), make_programme("foreign")
    for programme in (own, foreign):
        Theme.objects.create(programme=programme, key="digi", number=1, name_fi="Digi")
    monkeypatch.setattr(Theme, "view_action", "theme.view")

    assert [theme.programme for theme in Theme.objects.visible_to(make_member(own, "pmo"))] == [own]
    assert not Theme.objects.visible_to(make_member(own, "council")).exists()
    assert not Theme.objects.visible_to(make_person()).exists()


# ---------------------------------------------------------------------------- narrow scopes
def other_things(county: County) -> dict[str, Any]:
    """A theme, sector, segment and project beside the county's first ones."""
    programme = county.programme
    return {
        "theme": Theme.objects.create(programme=programme, key="muu", number=2, name_fi="Muu"),
        "sector": Sector.objects.create(programme=programme, key="muut", name_fi="Muut"),
        "segment": Segment.objects.create(programme=programme, key="muut", name_fi="Muut"),
        "project": Project.objects.create(programme=programme, slug="muu", name_fi="Muu"),
    }


def full_measure(county: County, owner: User | None = None) -> tuple[Measure, dict[str, Any]]:
    """A measure under one theme, sector, segment and project, and these."""
    programme = county.programme
    things = {
        "theme": county.theme,
        "sector": county.sector,
        "segment": Segment.objects.create(programme=programme, key="lapset", name_fi="Lapset"),
        "project": Project.objects.create(
            programme=programme, slug="hanke", name_fi="Hanke", theme=county.theme
        ),
    }
    measure = county.measure(project=things["project"], owner=owner)
    MeasureSegment.objects.create(programme=programme, measure=measure, segment=things["segment"])
    return measure, things


def test_a_narrow_scope_reaches_its_own_object_only() -> None:
    own = make_programme("own")
    digi, other = (
        Theme.objects.create(programme=own, key=key, number=n, name_fi=key)
        for n, key in enumerate(("digi", "other"))
    )
    owner = make_member(own, "theme", theme=digi)

    assert can(owner, "theme.edit", digi)
    assert not can(owner, "theme.edit", other)
    assert not can(owner, "theme.edit", own)
    assert not can(make_member(own, "theme"), "theme.edit", digi), "a grant without an object reaches none"
    assert can(make_member(own, "pmo"), "theme.edit", other)
    assert programme_ids(owner, "theme.edit") == {own.pk}


@pytest.mark.parametrize("role", ["theme", "sector", "segment", "project"])
def test_a_lead_edits_measures_under_what_it_leads_and_no_others(role: str) -> None:
    county = make_county("own")
    measure, things = full_measure(county)
    others = other_things(county)
    lead, beside = person(county, role, **{role: things[role]}), person(county, role, **{role: others[role]})

    for action in ("measure.edit", "savings.edit", "update.give"):
        assert can(lead, action, measure), action
        assert can(lead, action, measure.lines.get()), "a line is changed with its measure"
        assert not can(beside, action, measure), action
        assert not can(person(county, role), action, measure), "a lead without an object reaches nothing"


def test_an_owner_edits_what_it_owns_and_nothing_else() -> None:
    county = make_county("own")
    owner, other_owner = person(county, "measure"), person(county, "measure")
    measure, _things = full_measure(county, owner)

    assert can(owner, "measure.edit", measure)
    assert not can(other_owner, "measure.edit", measure)
    assert not can(owner, "measure.edit", county.measure()), "of nobody"
    assert not can(owner, "measure.edit", county.measure(owner=other_owner))
    assert not can(owner, "theme.edit", county.theme)


def test_owning_a_row_gives_no_right_without_the_role() -> None:
    county = make_county("own")
    reader = person(county, "staff")
    measure, _things = full_measure(county, reader)

    assert not can(reader, "measure.edit", measure)


def test_a_right_ends_when_the_row_moves_away() -> None:
    county = make_county("own")
    measure, things = full_measure(county)
    others = other_things(county)
    lead = person(county, "project", project=things["project"])
    assert can(lead, "measure.edit", measure)
    measure.project = others["project"]
    measure.save()

    assert not can(lead, "measure.edit", measure)


def test_a_sector_lead_reaches_a_measure_by_any_of_its_lines() -> None:
    county = make_county("own")
    measure, _things = full_measure(county)
    others = other_things(county)
    lead = person(county, "sector", sector=others["sector"])
    assert not can(lead, "measure.edit", measure)
    county.line(measure, sector=others["sector"])

    assert can(lead, "measure.edit", measure)


def test_milestones_are_reached_with_their_project() -> None:
    county = make_county("own")
    _measure, things = full_measure(county)
    milestone = Milestone.objects.create(
        programme=county.programme, project=things["project"], key="m", name_fi="M", baseline_on="2024-01-01"
    )
    others = other_things(county)

    assert can(person(county, "project", project=things["project"]), "project.edit", milestone)
    assert can(person(county, "theme", theme=county.theme), "project.edit", milestone)
    assert not can(person(county, "project", project=others["project"]), "project.edit", milestone)


def test_the_same_scope_in_another_county_reaches_nothing_here() -> None:
    own, foreign = make_county("own"), make_county("foreign")
    measure, _things = full_measure(own)
    lead = person(foreign, "theme", theme=foreign.theme)
    RoleGrant.objects.create(programme=own.programme, user=lead, role="staff")

    assert not can(lead, "measure.edit", measure)


def test_get_editable_hides_what_is_not_there_and_refuses_what_is_seen() -> None:
    own = make_programme("own")
    digi, other = (
        Theme.objects.create(programme=own, key=key, number=n, name_fi=key)
        for n, key in enumerate(("digi", "other"))
    )
    lead = make_member(own, "theme", theme=digi)
    rows = Theme.objects.filter(programme=own)

    assert get_editable(rows, lead, "theme.edit", key="digi") == digi
    with pytest.raises(PermissionDenied):
        get_editable(rows, lead, "theme.edit", key=other.key)
    with pytest.raises(Http404):
        get_editable(rows, lead, "theme.edit", key="nowhere")


# ---------------------------------------------------------------------------- properties
class Thing:
    """A row that lies under whatever it is told to."""

    def __init__(self, programme_id: int, under: dict[str, set[int]]) -> None:
        self.programme_id, self.under = programme_id, under

    def scope_ids(self, kind: str) -> set[int]:
        return self.under.get(kind, set())


class Somebody:
    """A person with the grants they are told to have."""

    is_authenticated = is_active = True

    def __init__(self, pk: int, grants: list[Grant]) -> None:
        self.pk, self._portal_grants = pk, tuple(grants)


ids = st.integers(1, 3)
grants = st.builds(
    lambda role, programme_id, scope, of: Grant(role, programme_id, **({f"{scope}_id": of} if scope else {})),
    st.sampled_from(ROLES), st.integers(1, 2), st.sampled_from([None, *NARROW]), ids,
)  # fmt: skip
things = st.builds(
    Thing, st.integers(1, 2), st.dictionaries(st.sampled_from([*NARROW, OWN]), st.sets(ids, max_size=2))
)


@settings(max_examples=300, deadline=None)
@given(
    held=st.lists(grants, max_size=4),
    more=grants,
    thing=things,
    action=st.sampled_from(sorted(ACTIONS)),
    pk=ids,
)
def test_one_more_grant_never_takes_a_right_away(
    held: list[Grant], more: Grant, thing: Thing, action: str, pk: int
) -> None:
    before = can(Somebody(pk, held), action, thing)
    after = can(Somebody(pk, [*held, more]), action, thing)

    assert after or not before
    assert may_somewhere(Somebody(pk, [*held, more]), action, thing) >= after


@settings(max_examples=300, deadline=None)
@given(held=st.lists(grants, max_size=4), thing=things, action=st.sampled_from(sorted(ACTIONS)), pk=ids)
def test_a_right_comes_from_a_grant_that_reaches_the_thing(
    held: list[Grant], thing: Thing, action: str, pk: int
) -> None:
    """The rule said again, plainly: some grant of this programme has the action, everywhere or right here."""

    def reaches(grant: Grant) -> bool:
        scope = ACTIONS[action].get(grant.role)
        if scope is None or grant.programme_id != thing.programme_id:
            return False
        if scope == PROGRAMME:
            return True
        wanted = pk if scope == OWN else getattr(grant, f"{scope}_id")
        return wanted is not None and wanted in thing.scope_ids(scope)

    assert can(Somebody(pk, held), action, thing) == any(reaches(grant) for grant in held)


@settings(max_examples=200, deadline=None)
@given(grant=grants, thing=things, action=st.sampled_from(sorted(ACTIONS)), pk=ids)
def test_no_grant_reaches_into_another_programme(grant: Grant, thing: Thing, action: str, pk: int) -> None:
    other = Thing(3 - grant.programme_id, thing.under)

    assert not can(Somebody(pk, [grant]), action, other)


# ---------------------------------------------------------------------------- grants and the page of permissions
def test_a_grant_of_another_programmes_theme_is_refused() -> None:
    own, foreign = make_programme("own"), make_programme("foreign")
    sector = Sector.objects.create(programme=foreign, key="tespa", name_fi="Terveys")
    grant = RoleGrant(programme=own, user=make_person(), role="sector", sector=sector)

    with pytest.raises(ValidationError, match="sector"):
        grant.full_clean()


def test_the_rendered_table_is_current() -> None:
    from core.management.commands.permissions_doc import PATH, rendered

    assert PATH.read_text() == rendered(), "run manage.py permissions_doc"


def test_the_rendered_table_says_narrow_scopes_in_words() -> None:
    from core.management.commands.permissions_doc import rendered

    page = rendered()

    assert "| `measure.edit` | ● | ● |" in page
    assert "own theme" in page
    assert "what they own" in page
    assert "404" in page
    assert "403" in page
