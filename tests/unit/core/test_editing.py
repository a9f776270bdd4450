"""Saving a row form: what is merged, what conflicts, what history says."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.http import QueryDict
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from core.editing import Conflict, RowForm, add_page, drafts, edit_page, save_edit, save_new, submitted_once
from core.editing.merging import merge
from core.models import Draft
from programme.models import Theme
from tests.factories.accounts import make_member
from tests.factories.programme import make_programme, make_theme

pytestmark = pytest.mark.django_db


class ThemeForm(RowForm):
    reason_rule = "optional"

    class Meta:
        model = Theme
        fields = ["name_fi", "name_sv", "slogan_fi", "owner"]


@pytest.fixture
def theme() -> Theme:
    return make_theme(make_programme("own"), name_fi="Digipalvelut", slogan_fi="Sujuvasti")


@pytest.fixture
def pmo(theme: Theme) -> Any:
    return make_member(theme.programme, "pmo")


def opened(theme: Theme, by: Any) -> dict[str, str]:
    """What a browser would send when nothing is changed."""
    form = ThemeForm(None, instance=Theme.objects.get(pk=theme.pk), programme=theme.programme, user=by)
    return {name: "" if form[name].value() is None else str(form[name].value()) for name in form.fields}


def sent(theme: Theme, by: Any, values: dict[str, str]) -> ThemeForm:
    data = QueryDict(mutable=True)
    data.update(values)
    form = ThemeForm(data, instance=Theme.objects.get(pk=theme.pk), programme=theme.programme, user=by)
    assert form.is_valid(), form.errors
    return form


def test_what_was_changed_is_saved_and_the_version_counts(theme: Theme, pmo: Any) -> None:
    saved = save_edit(sent(theme, pmo, opened(theme, pmo) | {"name_sv": "Digitala tjänster"}), pmo)

    theme.refresh_from_db()
    assert (theme.name_sv, theme.version, theme.updated_by) == ("Digitala tjänster", 2, pmo)
    assert [str(label) for label in saved.changed] and not saved.merged


def test_saving_without_a_change_writes_nothing(theme: Theme, pmo: Any) -> None:
    saved = save_edit(sent(theme, pmo, opened(theme, pmo)), pmo)

    theme.refresh_from_db()
    assert (saved.changed, theme.version) == ([], 1)


def test_edits_of_different_fields_are_both_kept(theme: Theme, pmo: Any) -> None:
    first, second = opened(theme, pmo), opened(theme, pmo)
    save_edit(sent(theme, pmo, first | {"name_fi": "Digi"}), pmo)

    saved = save_edit(sent(theme, pmo, second | {"slogan_fi": "Nopeasti"}), pmo)

    theme.refresh_from_db()
    assert (theme.name_fi, theme.slogan_fi, theme.version) == ("Digi", "Nopeasti", 3)
    assert len(saved.merged) == 1


def test_edits_of_the_same_field_conflict_and_nothing_is_stored(theme: Theme, pmo: Any) -> None:
    first, second = opened(theme, pmo), opened(theme, pmo)
    save_edit(sent(theme, pmo, first | {"name_fi": "Digi"}), pmo)

    with pytest.raises(Conflict) as caught:
        save_edit(sent(theme, pmo, second | {"name_fi": "Sähköiset", "slogan_fi": "Nopeasti"}), pmo)

    (difference,) = caught.value.differences
    assert (difference.original, difference.mine, difference.theirs) == ("Digipalvelut", "Sähköiset", "Digi")
    theme.refresh_from_db()
    assert (theme.name_fi, theme.slogan_fi, theme.version) == ("Digi", "Sujuvasti", 2)


def test_without_merging_any_other_change_is_a_conflict(theme: Theme, pmo: Any) -> None:
    first, second = opened(theme, pmo), opened(theme, pmo)
    save_edit(sent(theme, pmo, first | {"name_fi": "Digi"}), pmo)

    with pytest.raises(Conflict):
        save_edit(sent(theme, pmo, second | {"slogan_fi": "Nopeasti"}), pmo, merging=False)
    theme.refresh_from_db()
    assert theme.slogan_fi == "Sujuvasti"


def test_the_same_change_by_two_is_no_conflict(theme: Theme, pmo: Any) -> None:
    first, second = opened(theme, pmo), opened(theme, pmo)
    save_edit(sent(theme, pmo, first | {"name_fi": "Digi"}), pmo)

    save_edit(sent(theme, pmo, second | {"name_fi": "Digi"}), pmo)

    theme.refresh_from_db()
    assert (theme.name_fi, theme.version) == ("Digi", 2)


def test_theirs_may_be_taken(theme: Theme, pmo: Any) -> None:
    save_edit(sent(theme, pmo, opened(theme, pmo) | {"name_fi": "Digi"}), pmo)
    values = opened(theme, pmo) | {"name_fi": "Sähköiset", "take-name_fi": "1", "slogan_fi": "Nopeasti"}

    save_edit(sent(theme, pmo, values), pmo)

    theme.refresh_from_db()
    assert (theme.name_fi, theme.slogan_fi) == ("Digi", "Nopeasti")


def test_a_forged_or_foreign_original_is_refused(theme: Theme, pmo: Any) -> None:
    other = make_theme(theme.programme, key="other")
    for was in ("", "nonsense", opened(other, pmo)["was"]):
        data = QueryDict(mutable=True)
        data.update(opened(theme, pmo) | {"name_fi": "Digi", "was": was})
        form = ThemeForm(data, instance=theme, programme=theme.programme, user=pmo)
        assert form.has_error("__all__", "unreadable")


def test_a_removed_row_is_not_brought_back(theme: Theme, pmo: Any) -> None:
    form = sent(theme, pmo, opened(theme, pmo) | {"name_fi": "Digi"})
    Theme.objects.filter(pk=theme.pk).delete()

    with pytest.raises(Theme.DoesNotExist):
        save_edit(form, pmo)
    assert not Theme.objects.filter(pk=theme.pk).exists()


def test_history_knows_who_and_why(theme: Theme, pmo: Any) -> None:
    save_edit(sent(theme, pmo, opened(theme, pmo) | {"name_fi": "Digi", "reason": "lyhyempi"}), pmo)

    event = theme.events.latest("pgh_id")
    metadata = event.pgh_context.metadata
    assert (event.name_fi, metadata["user"], metadata["reason"]) == ("Digi", pmo.pk, "lyhyempi")


def test_a_rule_that_only_the_merged_row_breaks_is_told(theme: Theme, pmo: Any) -> None:
    Theme.objects.filter(pk=theme.pk).update(name_sv="Digitala")
    clearing_fi, clearing_sv = opened(theme, pmo) | {"name_fi": ""}, opened(theme, pmo) | {"name_sv": ""}
    form = sent(theme, pmo, clearing_fi)
    save_edit(sent(theme, pmo, clearing_sv), pmo)

    with pytest.raises(ValidationError):
        save_edit(form, pmo)
    theme.refresh_from_db()
    assert theme.name_fi == "Digipalvelut"


def test_choices_are_those_of_the_programme(theme: Theme, pmo: Any) -> None:
    stranger = make_member(make_programme("foreign"), "pmo")
    form = ThemeForm(None, instance=theme, programme=theme.programme, user=pmo)

    people = set(form.fields["owner"].queryset)
    assert pmo in people and stranger not in people


def test_a_personal_identity_code_is_refused_by_field(theme: Theme, pmo: Any) -> None:
    data = QueryDict(mutable=True)
    data.update(opened(theme, pmo) | {"slogan_fi": "Potilas 131052-308T soitti"})
    form = ThemeForm(data, instance=theme, programme=theme.programme, user=pmo)

    assert form.has_error("slogan_fi", "identity_code")


def test_a_new_row_belongs_to_the_programme_and_its_maker(theme: Theme, pmo: Any) -> None:
    data = QueryDict(mutable=True)
    data.update({"name_fi": "Uusi", "name_sv": "", "slogan_fi": "", "owner": ""})
    new = Theme(programme=theme.programme, key="uusi", number=9)
    form = ThemeForm(data, instance=new, programme=theme.programme, user=pmo)
    assert form.is_valid(), form.errors

    row = save_new(form, pmo)
    assert (row.programme, row.created_by, row.version) == (theme.programme, pmo, 1)


def test_a_form_sent_twice_works_once(pmo: Any) -> None:
    done = []
    for _time in range(2):
        with submitted_once("abc", pmo) as sending:
            if not sending.is_repeat:
                done.append(1)
                sending.url = "/made/"
    assert (done, sending.is_repeat, sending.url) == ([1], True, "/made/")


def test_a_failed_sending_may_be_repeated(pmo: Any) -> None:
    with pytest.raises(ValidationError), submitted_once("abc", pmo):
        raise ValidationError("no")
    with submitted_once("abc", pmo) as sending:
        assert not sending.is_repeat


def test_a_deadlock_gives_the_words_back(theme: Theme, pmo: Any, rf: RequestFactory) -> None:
    request = rf.post("/settings/", opened(theme, pmo) | {"name_sv": "Digitala tjänster"})
    request.user = pmo

    def met(_form: RowForm, _by: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40P01'; END $$")

    added = add_page(request, ThemeForm, theme.programme, title="", back="/", make=met)
    edited = edit_page(request, ThemeForm, theme, title="", back="/", save=_inside(met))

    for answer in (added, edited):
        assert answer.status_code == 409
        assert answer.context_data["form"]["name_sv"].value() == "Digitala tjänster"  # type: ignore[attr-defined]


def _inside(work: Any) -> Any:
    def save(form: RowForm, by: Any) -> None:
        with transaction.atomic():
            work(form, by)

    return save


def test_a_sign_that_no_column_takes_does_not_lose_the_draft(pmo: Any) -> None:
    sent_data = QueryDict(mutable=True)
    sent_data.update({"a\0": "teks\0ti"})

    drafts.keep_draft(user=pmo, key="/p/x/\0", title="Ot\0sikko", values=drafts.typed_values(sent_data))

    kept = drafts.draft_of(pmo, "/p/x/")
    assert kept is not None
    assert (kept.title, kept.values) == ("Otsikko", {"a": ["teksti"]})


def test_the_oldest_drafts_make_room(pmo: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("config.limits.DRAFTS_A_PERSON", 3)
    for number in range(5):
        drafts.keep_draft(user=pmo, key=f"/sv/p/x/{number}/", title="", values={"a": ["1"]})
    kept = set(Draft.objects.filter(user=pmo).values_list("key", flat=True))
    assert len(kept) == 3 and "/p/x/4/" in kept


@given(
    st.dictionaries(st.sampled_from("abc"), st.text(max_size=2)),
    st.dictionaries(st.sampled_from("abc"), st.text(max_size=2)),
    st.dictionaries(st.sampled_from("abc"), st.text(max_size=2)),
)
def test_merging_never_drops_a_change(
    mine: dict[str, str], theirs: dict[str, str], first: dict[str, str]
) -> None:
    base = dict.fromkeys("abc", "") | first
    found = merge(original=base, mine=base | mine, theirs=base | theirs)
    now = (base | theirs) | {name: (base | mine)[name] for name in found.mine if name not in found.conflicts}
    for name in "abc":
        changed = {(base | mine)[name], (base | theirs)[name]} - {base[name]}
        if name in found.conflicts:
            assert len(changed) == 2
        elif changed:
            assert now[name] in changed
        else:
            assert now[name] == base[name]


class FoldedForm(ThemeForm):
    fieldsets = [("", ["name_fi", "name_sv"]), ("Rarely needed", ["slogan_fi", "owner"], "folded")]


def test_a_folded_part_opens_when_it_holds_something(theme: Theme, pmo: Any) -> None:
    filled = FoldedForm(None, instance=theme, programme=theme.programme, user=pmo).layout()
    theme.slogan_fi = ""
    empty = FoldedForm(None, instance=theme, programme=theme.programme, user=pmo).layout()

    assert [part.is_folded for part in empty] == [False, True, False]
    assert (filled[1].is_open, empty[1].is_open) == (True, False)
