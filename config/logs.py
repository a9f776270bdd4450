"""Logs as one JSON object a line on standard error, each with the id of the request it belongs to."""

from typing import Any

import sentry_sdk
import structlog

SHARED_PROCESSORS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def logging_settings(*, json_lines: bool) -> dict[str, Any]:
    """The dictionary for logging.config; configures structlog on the way.

    JSON escapes line feeds, so nothing a user types can forge a line of its own.
    """
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED_PROCESSORS,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    renderer: Any = (
        structlog.processors.JSONRenderer() if json_lines else structlog.dev.ConsoleRenderer(colors=False)
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": SHARED_PROCESSORS,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.format_exc_info,
                    renderer,
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": "INFO"},
        "loggers": {
            "django": {"level": "INFO"},
            "django.request": {"level": "ERROR"},
            "axes": {"level": "ERROR"},  # accounts.lockout says it in one line
            "celery": {"level": "INFO"},
            "celery.beat": {"level": "WARNING"},
            "kombu": {"level": "WARNING"},
        },
    }


def watch_errors(dsn: str) -> None:
    """Sends unhandled errors of pages and jobs to the Sentry of that address, without personal data."""
    sentry_sdk.init(dsn=dsn, include_local_variables=False, max_request_body_size="never")
