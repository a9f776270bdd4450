"""Forms about people and their roles."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from config import limits
from core.editing import RowForm
from core.text import finnish_order
from programme.models import Programme, Project, Role, RoleGrant, Sector, Segment, Theme
from programme.people.rules import SCOPE_OF_ROLE, may_readdress, roles_to_give
from programme.people.selectors import SCOPES, scope_of
from programme.people.services import scope_fault
from programme.words import word

MODELS = {"theme": Theme, "sector": Sector, "segment": Segment, "project": Project}
ONLY_AN_ADMINISTRATOR = _("This person approves or decides: only an administrator changes the address.")
STATES = [
    ("active", _("account in use")),
    ("inactive", _("account switched off")),
    ("never", _("has never signed in")),
    ("no_scope", _("lead without a scope")),
]


def scope_choices(programme: Programme) -> list[tuple[str, Any]]:
    """What a role may be narrowed to, by kind: values are `theme-3`."""
    groups: list[tuple[str, Any]] = [("", _("the whole programme"))]
    labels = {
        "theme": capfirst(word(programme, "themes")),
        "sector": capfirst(word(programme, "sectors")),
        "segment": _("Client segments"),
        "project": _("Projects"),
    }
    for kind, model in MODELS.items():
        rows = [(f"{kind}-{row.pk}", str(row)) for row in model._default_manager.filter(programme=programme)]
        if rows:
            groups.append((str(labels[kind]), rows))
    return groups


class ScopedForm(RowForm):
    """Role and scope, and how the two must fit."""

    role = forms.ChoiceField(label=_("Role"))
    scope = forms.ChoiceField(
        label=_("Scope"),
        required=False,
        help_text=_(
            "Theme owners, sector leads, segment managers and project managers lead one thing: choose which. "
            "All other roles hold in the whole programme; measure owners in the measures they own."
        ),
    )

    def prepare_scoped(self) -> None:
        """Fills in the choices: roles this person may give, things of this programme."""
        given = roles_to_give(self.user, self.programme)
        self.fields["role"].choices = [("", _("choose")), *((role, Role(role).label) for role in given)]  # type: ignore[attr-defined]
        self.fields["scope"].choices = scope_choices(self.programme)  # type: ignore[attr-defined]

    def clean_scope(self) -> Any:
        """The chosen row, None for the whole programme."""
        kind, _dash, pk = self.cleaned_data["scope"].partition("-")
        return MODELS[kind]._default_manager.get(programme=self.programme, pk=pk) if kind else None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "role" in cleaned and "scope" in cleaned:
            kind = cleaned["scope"]._meta.model_name if cleaned["scope"] else None
            if SCOPE_OF_ROLE.get(cleaned["role"]) != kind:
                self.add_error("scope", ValidationError(scope_fault(cleaned["role"]), code="scope"))
        return cleaned


class GrantForm(ScopedForm):
    """Changes the role or its scope."""

    reason_rule = "optional"

    class Meta:
        model = RoleGrant
        fields = ("role",)

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.prepare_scoped()
        scope = scope_of(self.instance) if self.instance.pk else None
        self.initial.setdefault("scope", f"{scope._meta.model_name}-{scope.pk}" if scope else "")


class GrantAddForm(ScopedForm):
    """Gives a role to somebody who has one here already."""

    reason_rule = "optional"
    field_order = ("user", "role", "scope", "reason")

    class Meta:
        model = RoleGrant
        fields = ("user", "role")

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["user"].label = _("Person")
        self.prepare_scoped()


class PersonAddForm(ScopedForm):
    """Makes a person with a first role here."""

    fieldsets = [
        (_("Person"), ["first_name", "last_name", "email", "username", "language"]),
        (_("First role"), ["role", "scope"]),
    ]

    class Meta:
        model = get_user_model()
        fields = ("first_name", "last_name", "email", "username", "language")

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        _ask_for_names(self)
        self.fields["username"].required = False
        self.fields["username"].help_text = _("Empty: the e-mail address.")
        self.fields["email"].help_text = _(
            "A link to set a password is sent here. Somebody who has an account already gets the role only."
        )
        self.prepare_scoped()

    def validate_unique(self) -> None:
        """The service answers for names in use: it knows whether this is somebody who is there already."""


class PersonForm(RowForm):
    """What is known of a person. Rights are not here."""

    reason_rule = "optional"

    class Meta:
        model = get_user_model()
        fields = ("first_name", "last_name", "email", "username", "language")

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        _ask_for_names(self)
        self.may_readdress = may_readdress(self.user, self.instance)
        if not self.may_readdress:
            self.fields["email"].widget.attrs["readonly"] = True
            self.fields["email"].help_text = ONLY_AN_ADMINISTRATOR

    def clean_username(self) -> str:
        return str(self.cleaned_data["username"]).lower()

    def clean_email(self) -> str:
        """One address belongs to one account: a link to set a password must not reach somebody else's."""
        email = str(self.cleaned_data["email"]).lower()
        if not self.may_readdress:
            return self._address_as_shown(email)
        others = get_user_model().objects.filter(email__iexact=email).exclude(pk=self.instance.pk)
        if others.exists():
            raise ValidationError(_("Another account has this address."), code="taken")
        return email

    def _address_as_shown(self, email: str) -> str:
        """The address that stood in the form; another one is refused."""
        shown: str = self.shown.get("values", {}).get("email", self.instance.email)
        if email != shown.lower():
            raise ValidationError(ONLY_AN_ADMINISTRATOR, code="approves")
        return shown


def _ask_for_names(form: forms.BaseForm) -> None:
    for name in ("first_name", "last_name", "email"):
        form.fields[name].required = True
    form.fields["email"].label = _("E-mail")
    form.fields["email"].widget.attrs |= {"autocomplete": "off", "inputmode": "email"}
    form.fields["username"].widget.attrs |= {
        "autocomplete": "off",
        "autocapitalize": "none",
        "spellcheck": "false",
    }


class InvitationForm(forms.Form):
    """The pasted list."""

    people = forms.CharField(
        label=_("People, one on each line"),
        help_text=_(
            "Name; e-mail; role; scope. Cells may be parted by tabs, semicolons or commas, so a block of a "
            "spreadsheet can be pasted. The scope is the name, key or number of a theme, sector, segment or project."
        ),
        max_length=limits.INVITATION_LINES * 500,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false", "autocomplete": "off"}),
    )


class PeopleFilter(forms.Form):
    """The filters of the list; unknown values are said, not passed over."""

    q = forms.CharField(label=_("Search"), required=False, max_length=100)
    role = forms.ChoiceField(label=_("Role"), required=False, choices=[("", _("all")), *Role.choices])
    scope = forms.ChoiceField(label=_("Scope"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("all")), *STATES])

    def __init__(self, data: Any, *, programme: Programme) -> None:
        super().__init__(data)
        self.fields["scope"].choices = [("", _("all")), *scope_choices(programme)[1:]]  # type: ignore[attr-defined]
        self.fields["q"].widget.attrs["type"] = "search"

    def narrowed(self, grants: Any) -> Any:
        """The grants that the filters leave; none when a filter is not understood."""
        if not self.is_valid():
            return grants.none()
        for name in ("q", "role", "scope", "state"):
            if self.cleaned_data[name]:
                grants = getattr(self, f"_by_{name}")(grants, self.cleaned_data[name])
        return grants

    def _by_q(self, grants: Any, text: str) -> Any:
        """Every word is found in the name, user name or address."""
        for part in text.split():
            found = _names_with(part)
            grants = grants.filter(found)
        return grants

    def _by_role(self, grants: Any, role: str) -> Any:
        return grants.filter(role=role)

    def _by_scope(self, grants: Any, value: str) -> Any:
        kind, _dash, pk = value.partition("-")
        return grants.filter(**{f"{kind}_id": pk})

    def _by_state(self, grants: Any, state: str) -> Any:
        if state == "no_scope":
            return grants.filter(role__in=SCOPE_OF_ROLE, **{kind: None for kind in SCOPES})
        narrow: dict[str, dict[str, Any]] = {
            "active": {"user__is_active": True},
            "inactive": {"user__is_active": False},
            "never": {"user__is_active": True, "user__last_login": None},
        }
        return grants.filter(**narrow[state])


def _names_with(part: str) -> Q:
    """One word of a search, anywhere in what names a person."""
    names = ("first_name", "last_name", "username", "email")
    found = Q()
    for name in names:
        found |= Q(**{f"user__{name}__icontains": part})
    return found


#: How people stand in a list: by last name as Finnish orders it, then first name.
PEOPLE_ORDER = (finnish_order("user__last_name"), "user__first_name", "user__username")
