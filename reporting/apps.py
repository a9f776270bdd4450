from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "reporting"

    def ready(self) -> None:
        """Registers the jobs of this app."""
        from reporting import jobs  # noqa: F401
