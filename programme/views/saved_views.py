"""Saved views of list pages (core.listing): save, rename, share, delete. Each is its maker's own."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from core.identity_codes import WithoutCodes
from core.listing import kept_query
from core.models import SavedView
from core.permissions import can
from programme.access import programme_view
from programme.models import Programme

NAME_TAKEN = gettext_lazy("You already have a view of this name here.")


class SavedViewForm(WithoutCodes, forms.ModelForm):
    """Name and sharing of a view; `query` comes along when what the view shows changes too."""

    query = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)

    class Meta:
        model = SavedView
        fields = ["name", "is_shared", "query"]
        labels = {"is_shared": gettext_lazy("offer it to the whole programme")}

    def __init__(self, *args: Any, may_share: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_share:
            del self.fields["is_shared"]

    def clean_query(self) -> str:
        """Without the field in the form the view goes on showing what it showed."""
        if self.is_bound and "query" not in self.data:
            return self.instance.query
        return kept_query(QueryDict(self.cleaned_data["query"]))

    def clean_name(self) -> str:
        """Unique among the person's own views of the page; said here, because user and page are no fields."""
        name: str = self.cleaned_data["name"]
        mine = SavedView.objects.filter(
            programme=self.instance.programme, page=self.instance.page, user=self.instance.user, name=name
        )
        if mine.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(NAME_TAKEN)
        return name


@require_POST
@programme_view("programme.view")
def saved_view_add(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Keeps filters and order of the list they came from under a name."""
    view = SavedView(programme=programme, page=request.POST.get("page", ""))
    view.user = request.user  # type: ignore[assignment]
    list_address(view)
    form = SavedViewForm(request.POST, instance=view, may_share=can(request.user, "view.share", programme))
    if not _is_kept(form):
        return _form_page(request, form, view, status=422)
    messages.success(request, _("The view “%(name)s” was saved.") % {"name": view.name})
    return redirect(list_address(view))


@programme_view("programme.view")
def saved_view_edit(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Renames or shares one of the person's own views, or lets it show what the list shows now."""
    view = get_object_or_404(SavedView, programme=programme, user=request.user, pk=pk)
    may_share = can(request.user, "view.share", programme)
    form = SavedViewForm(
        request.POST if request.method == "POST" else None, instance=view, may_share=may_share
    )
    if request.method != "POST":
        del form.fields["query"]
        return _form_page(request, form, view)
    if not _is_kept(form):
        return _form_page(request, form, view, status=422)
    messages.success(request, _("The view “%(name)s” was saved.") % {"name": view.name})
    return redirect(list_address(view))


@require_POST
@programme_view("programme.view")
def saved_view_delete(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Removes one of the person's own views; the rows it showed stay as they are."""
    view = get_object_or_404(SavedView, programme=programme, user=request.user, pk=pk)
    back = list_address(view).partition("?")[0]
    view.delete()
    messages.success(request, _("The view “%(name)s” was deleted.") % {"name": view.name})
    return redirect(back)


def _is_kept(form: SavedViewForm) -> bool:
    """Stores a valid form; of two sent at once the database lets one through, the other names its field."""
    if not form.is_valid():
        return False
    try:
        with transaction.atomic():
            form.save()
    except IntegrityError:
        form.add_error("name", NAME_TAKEN)
        return False
    return True


def list_address(view: SavedView) -> str:
    """The list that shows the view; Http404 for a page that is no list of programmes."""
    try:
        page = reverse(view.page, args=[view.programme.slug])
    except NoReverseMatch as unknown:
        raise Http404 from unknown
    chosen = [part for part in (view.query, f"view={view.pk}" if view.pk else "") if part]
    return f"{page}?{'&'.join(chosen)}" if chosen else page


def _form_page(
    request: HttpRequest, form: SavedViewForm, view: SavedView, *, status: int = 200
) -> HttpResponse:
    context = {"form": form, "view": view, "back": list_address(view)}
    return TemplateResponse(request, "programme/saved_view_edit.html", context, status=status)
