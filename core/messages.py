"""Messages of one page to the next, in a signed cookie whose name the settings choose."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage as DjangosCookieStorage


class CookieStorage(DjangosCookieStorage):
    """Django's own, whose name is fixed: in production it carries the `__Host-` prefix like every other cookie."""

    @property
    def cookie_name(self) -> str:  # type: ignore[override]
        return str(settings.MESSAGE_COOKIE_NAME)
