"""People who use the portal and the tokens their programs use."""

from datetime import time

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.history import tracked


@tracked(exclude=["password", "last_login"])
class User(AbstractUser):
    """A person. What the person may do in a programme is in `programme.RoleGrant`."""

    class Language(models.TextChoices):
        FINNISH = "fi", "suomi"
        SWEDISH = "sv", "svenska"
        ENGLISH = "en", "English"

    language = models.CharField(
        _("language"), max_length=2, choices=Language.choices, default=Language.FINNISH
    )
    mail_digest = models.BooleanField(_("one mail a day about what is new"), default=True)
    quiet_from = models.TimeField(_("no mail from"), default=time(20))
    quiet_until = models.TimeField(_("no mail until"), default=time(7))
    is_demo = models.BooleanField(
        _("demonstration account"),
        default=False,
        help_text=_("Made by demo mode; production does not start while such accounts exist."),
    )

    def __str__(self) -> str:
        return self.get_full_name() or self.username


class ApiToken(models.Model):
    """A token for the API. Only its SHA-256 is stored; the token itself is shown once."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    last_used_on = models.DateField(null=True, blank=True, editable=False)

    def __str__(self) -> str:
        return f"{self.user} {self.created_at:%Y-%m-%d}"


class Notification(models.Model):
    """Something a person is told once: a code and what its words are made of, never a sentence (decision 19)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notifications", db_index=False)
    programme = models.ForeignKey(
        "programme.Programme",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,
    )
    code = models.CharField(max_length=60)
    params = models.JSONField(default=dict, blank=True)
    url = models.CharField(max_length=500, blank=True)
    dedupe_key = models.CharField(max_length=200)
    created_at = models.DateTimeField(db_default=Now())
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "dedupe_key"], name="accounts_notification_once")
        ]
        indexes = [models.Index(fields=["user", "-id"], name="accounts_notification_latest")]
