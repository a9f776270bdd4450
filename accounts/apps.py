from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts import lockout, notices, sessions  # noqa: F401  they listen to signing in
