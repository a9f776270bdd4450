"""What browsers report of the content security policy: gathered for every page of every browser test."""

from collections.abc import Callable
from typing import Any

#: Reports during this test, one line each.
VIOLATIONS: list[str] = []
WATCH = """addEventListener("securitypolicyviolation", (event) => window.policyViolated(
    `${event.effectiveDirective} ${event.blockedURI} on ${event.documentURI}: ${event.sample}`), true)"""


def watching(make: Callable[..., Any]) -> Callable[..., Any]:
    """`browser.new_context` whose pages tell of every violation."""

    def new_context(**options: Any) -> Any:
        made = make(**options)
        if options.get("java_script_enabled", True):
            made.expose_function("policyViolated", lambda told: VIOLATIONS.append(told))
            made.add_init_script(WATCH)
        return made

    return new_context
