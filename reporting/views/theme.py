"""The county's colours as a style sheet: variables only, kept by the browser as long as they stay."""

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from core.colours import theme_css as sheet
from core.look import accent_of, version_of
from programme.access import programme_view
from programme.models import Programme

#: A sheet asked for by its version never changes.
FOR_GOOD = 365 * 24 * 3600


@require_safe
@programme_view("programme.view")
def theme_css(request: HttpRequest, programme: Programme) -> HttpResponse:
    accent = accent_of(programme)
    response = HttpResponse(sheet(accent), content_type="text/css; charset=utf-8")
    if request.GET.get("v") == version_of(accent):
        patch_cache_control(response, private=True, max_age=FOR_GOOD, immutable=True)
    return response
