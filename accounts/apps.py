from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts import lockout, notices, sessions, talking  # noqa: F401  listeners, words of notices
