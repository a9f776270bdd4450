"""Mail where no mail server is given."""

from collections.abc import Sequence

import structlog
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

log = structlog.get_logger(__name__)


class NoMailBackend(BaseEmailBackend):
    """Sends nothing and says so in the log, without the text or the address; EMAIL_URL names a real server."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        log.warning("mail_not_sent", reason="EMAIL_URL is not set", messages=len(email_messages))
        return 0
