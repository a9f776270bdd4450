"""Pages of people and their roles. Whoever may see them is in the action; a person is seen only with a role here."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from core.editing import add_page, edit_page
from core.listing import Column, Listing
from core.pages import is_part
from core.permissions import can
from programme.access import programme_view
from programme.models import Programme, RoleGrant
from programme.people import invitations, services
from programme.people.forms import (
    PEOPLE_ORDER,
    GrantAddForm,
    GrantForm,
    InvitationForm,
    PeopleFilter,
    PersonAddForm,
    PersonForm,
)
from programme.people.rules import may_give_to, may_manage, require_manage
from programme.people.selectors import grant_rows, grants_of, hints, people_of, role_history, scope_of
from programme.reasons import asked_why

PEOPLE = Listing(
    "programme:person_list",
    [
        Column("person", gettext_lazy("Person"), PEOPLE_ORDER),
        Column("role", gettext_lazy("Role"), ("role",)),
        Column("scope", gettext_lazy("Scope")),
        Column("signed_in", gettext_lazy("Last sign-in"), ("user__last_login",), starts_descending=True),
        Column("", gettext_lazy("Acts")),
    ],
    default="person",
    ties=("user__username", "role", "pk"),
)
get_or_post = require_http_methods(["GET", "HEAD", "POST"])


def site_of(request: HttpRequest) -> str:
    """Scheme and host for links in mail."""
    return request.build_absolute_uri("/").rstrip("/")


def _list_url(programme: Programme) -> str:
    return reverse("programme:person_list", args=[programme.slug])


def _person_url(programme: Programme, person_id: int) -> str:
    """The person's page, the list when they have no role here any more."""
    if not RoleGrant.objects.filter(programme=programme, user_id=person_id).exists():
        return _list_url(programme)
    return reverse("programme:person_detail", args=[programme.slug, person_id])


# ---------------------------------------------------------------------------- reading
@require_safe
@vary_on_headers("HX-Request", "HX-Boosted")
@programme_view("grant.view")
def person_list(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Every role held in the programme: who, what, within what, last signed in when."""
    listing = PEOPLE.asked(request, programme)
    filters = PeopleFilter(request.GET, programme=programme)
    page = listing.paged(listing.ordered(filters.narrowed(grants_of(programme))))
    context = {
        "listing": listing,
        "filters": filters,
        "page": page,
        "rows": grant_rows(page.object_list, by=request.user, programme=programme),
        "is_narrowed": any(request.GET.get(name) for name in filters.fields),
        "people_count": people_of(programme).count(),
        "hints": hints(programme),
        "may_edit": can(request.user, "grant.edit", programme),
    }
    template = "programme/_person_table.html" if is_part(request) else "programme/person_list.html"
    return TemplateResponse(request, template, context)


@require_safe
@programme_view("grant.view")
def person_detail(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """One person: what they may here, how it came about, and what can be done with the account."""
    person = get_object_or_404(people_of(programme), pk=pk)
    may_edit = can(request.user, "grant.edit", programme)
    grants = grants_of(programme).filter(user=person).order_by("role", "pk")
    return TemplateResponse(
        request,
        "programme/person_detail.html",
        {
            "person": person,
            "rows": grant_rows(grants, by=request.user, programme=programme),
            "changes": role_history(programme, person),
            "may_edit": may_edit,
            "may_manage": may_edit and may_manage(request.user, person),
            "is_self": person.pk == request.user.pk,
        },
    )


# ---------------------------------------------------------------------------- roles
@get_or_post
@programme_view("grant.edit")
def grant_add(request: HttpRequest, programme: Programme) -> HttpResponse:
    def make(form: Any, by: Any) -> RoleGrant:
        told = form.cleaned_data
        return services.give_role(
            programme=programme, person=told["user"], role=told["role"], scope=told["scope"], by=by,
            reason=form.reason,
        )  # fmt: skip

    asked = request.GET.get("person", "")
    return add_page(
        request, GrantAddForm, programme, title=_("Give a role"), back=_list_url(programme), make=make,
        initial={"user": asked} if asked.isdecimal() else None,
        done=lambda grant: _person_url(programme, grant.user_id), submit=_("Give the role"),
    )  # fmt: skip


@get_or_post
@programme_view("grant.edit")
def grant_edit(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    grant = _changeable(request, programme, pk)

    def save(form: Any, by: Any) -> RoleGrant:
        told = form.cleaned_data
        return services.change_grant(
            grant=grant, role=told["role"], scope=told["scope"], by=by, reason=form.reason,
            version=form.shown.get("version"),
        )  # fmt: skip

    return edit_page(
        request, GrantForm, grant, title=_("Change the role of %(person)s") % {"person": grant.user}, save=save,
        back=_person_url(programme, grant.user_id),
    )  # fmt: skip


@get_or_post
@programme_view("grant.edit")
def grant_remove(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    grant = _changeable(request, programme, pk)
    person_id = grant.user_id
    return asked_why(
        request,
        "programme/grant_remove.html",
        {"grant": grant, "scope": scope_of(grant), "back": _person_url(programme, person_id)},
        act=lambda told: services.remove_grant(
            grant=grant, by=request.user, reason=told["reason"], version=told["version"]
        ),
        told=_("The role was taken away."),
        done=lambda: _person_url(programme, person_id),
        version=grant.version,
    )


def _changeable(request: HttpRequest, programme: Programme, pk: int) -> RoleGrant:
    """The grant: 404 when it is not of this programme, 403 when it is not this person's to change."""
    grant = get_object_or_404(grants_of(programme), pk=pk)
    if not may_give_to(request.user, programme, grant.role, grant.user_id):
        raise PermissionDenied(_("Only an administrator changes this role."))
    return grant


# ---------------------------------------------------------------------------- accounts
@get_or_post
@programme_view("grant.edit")
def person_add(request: HttpRequest, programme: Programme) -> HttpResponse:
    def make(form: Any, by: Any) -> RoleGrant:
        told = form.cleaned_data
        return services.invite(
            programme=programme, email=told["email"], first_name=told["first_name"], last_name=told["last_name"],
            username=told["username"], language=told["language"], role=told["role"], scope=told["scope"], by=by,
            site=site_of(request),
        )[0]  # fmt: skip

    return add_page(
        request, PersonAddForm, programme, title=_("Add a person"), back=_list_url(programme), make=make,
        initial={"language": programme.language}, done=lambda grant: _person_url(programme, grant.user_id),
        submit=_("Add the person"),
    )  # fmt: skip


@get_or_post
@programme_view("grant.edit")
def person_edit(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    person = _managed(request, programme, pk)
    return edit_page(
        request, PersonForm, person, title=str(person), back=_person_url(programme, pk), programme=programme,
        save=services.change_details,
    )  # fmt: skip


@get_or_post
@programme_view("grant.edit")
def person_deactivate(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    person = _managed(request, programme, pk)
    return asked_why(
        request,
        "programme/person_deactivate.html",
        {"person": person, "back": _person_url(programme, pk)},
        act=lambda told: services.deactivate(person=person, by=request.user, reason=told["reason"]),
        told=_("The account is switched off."),
        done=lambda: _person_url(programme, pk),
    )


@require_POST
@programme_view("grant.edit")
def person_activate(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    services.activate(person=_managed(request, programme, pk), by=request.user)
    messages.success(request, _("The account is switched on."))
    return redirect(_person_url(programme, pk))


@require_POST
@programme_view("grant.edit")
def person_password(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Sends a new link to set a password."""
    try:
        services.send_password_link(
            person=_managed(request, programme, pk), by=request.user, site=site_of(request)
        )
    except ValidationError as refused:
        messages.error(request, refused.messages[0])
    else:
        messages.success(request, _("A link to set a password is on its way."))
    return redirect(_person_url(programme, pk))


def _managed(request: HttpRequest, programme: Programme, pk: int) -> Any:
    """The person: 404 without a role here, 403 when the account is not this person's to change."""
    person = get_object_or_404(people_of(programme), pk=pk)
    require_manage(request.user, person)
    return person


# ---------------------------------------------------------------------------- invitations
@get_or_post
@programme_view("grant.edit")
def person_invite(request: HttpRequest, programme: Programme) -> HttpResponse:
    """The pasted list: read and shown first, carried out when its reader says so. Nothing is stored by halves."""
    form = InvitationForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"form": form, "back": _list_url(programme)}
    if request.method != "POST":
        return TemplateResponse(request, "programme/person_invite.html", context)
    if not form.is_valid():
        return TemplateResponse(request, "programme/person_invite.html", context, status=422)
    text = form.cleaned_data["people"]
    if "confirm" in request.POST:
        try:
            done = invitations.carry_out(text, programme=programme, by=request.user, site=site_of(request))
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _told(done))
            return redirect(_list_url(programme))
    preview = invitations.read_list(text, programme=programme, by=request.user)
    for fault in preview.faults:
        form.add_error("people", fault)
    status = 200 if preview.is_good and not form.errors else 422
    return TemplateResponse(
        request, "programme/person_invite.html", context | {"preview": preview}, status=status
    )


def _told(done: invitations.Done) -> str:
    people = ngettext("%(n)s person was added.", "%(n)s people were added.", done.people) % {"n": done.people}
    roles = ngettext("%(n)s role was given.", "%(n)s roles were given.", done.roles) % {"n": done.roles}
    return f"{people} {roles}"
