"""How long a sign-in lasts: eight hours for everybody, an hour without a request for roles that approve.

All of it is in the session's own data, which every request reads anyway. The roles are noted too: when one
was taken away since, the session ends with the next request. An account that was switched off has no
session at all, because Django asks for the person each time.
"""

import time
from collections.abc import Callable
from typing import Any

import structlog
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse

from config import limits
from core.permissions import grants_of

log = structlog.get_logger(__name__)

#: Roles whose forgotten screen could approve something, or shows what is not public yet.
APPROVING = frozenset({"admin", "pmo", "owner", "director", "controller", "steering", "board"})
#: Pages that ask for themselves again and again: nobody is there because they did.
POLLED = frozenset({"core:job_detail", "reporting:bigroom_progress"})
STARTED, SEEN, ROLES, ENDED = "started", "seen", "roles", "ended"
GetResponse = Callable[[HttpRequest], HttpResponse]


@receiver(user_logged_in)
def begin(sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    """Notes when the sign-in was, and with which roles."""
    session = getattr(request, "session", None)
    if session is None:
        return
    now = int(time.time())
    session.update({STARTED: now, SEEN: now, ROLES: roles_of(user)})
    session.pop(ENDED, None)


def roles_of(user: Any) -> list[str]:
    """The person's roles as `programme:role`, staff of the administration as `:admin`."""
    held = {f"{grant.programme_id}:{grant.role}" for grant in grants_of(user)}
    return sorted(held | ({":admin"} if user.is_staff else set()))


class SessionLifeMiddleware:
    """Ends a session that is too old, idle for too long or has lost a role; the person is asked to sign in again."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.session.session_key or SESSION_KEY not in request.session:
            return self.get_response(request)
        reason = self._reason_to_end(request)
        if reason:
            log.info("session_ended", reason=reason, user=request.session[SESSION_KEY])
            end(request, reason)
            return self.get_response(request)
        response = self.get_response(request)
        self._note(request)
        return response

    def _reason_to_end(self, request: HttpRequest) -> str:
        """Why the session is over, empty when it goes on."""
        session, now = request.session, time.time()
        if STARTED not in session:  # made before the portal kept this
            session.update({STARTED: int(now), SEEN: int(now)})
        if now - session[STARTED] >= limits.SESSION_AGE:
            return "age"
        if not request.user.is_authenticated:
            return "account"
        known, held = set(session.get(ROLES, ())), set(roles_of(request.user))
        if now - session[SEEN] >= limits.SESSION_IDLE and approves(known | held):
            return "idle"
        if known - held:
            return "role"
        if held != known:
            session[ROLES] = sorted(held)
        return ""

    def _note(self, request: HttpRequest) -> None:
        """At most once a minute: "was here". A signed-out session has nothing to note."""
        session, now = request.session, time.time()
        if SEEN in session and now - session[SEEN] >= limits.SESSION_SEEN and not is_poll(request):
            session[SEEN] = int(now)


def approves(roles: set[str]) -> bool:
    """Whether any of `programme:role` may approve something."""
    return any(role.rpartition(":")[2] in APPROVING for role in roles)


def is_poll(request: HttpRequest) -> bool:
    """Whether the page asked for itself, without anybody there."""
    match = request.resolver_match
    return request.headers.get("HX-Request") == "true" and match is not None and match.view_name in POLLED


def end(request: HttpRequest, reason: str) -> None:
    """Signs out and leaves a note for the sign-in page."""
    from django.contrib.auth import logout

    logout(request)
    request.session[ENDED] = reason
