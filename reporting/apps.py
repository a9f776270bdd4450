from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "reporting"

    def ready(self) -> None:
        """Registers the jobs of this app, the checks of the set-up list and the rows people talk about."""
        from reporting import jobs, setup, talking  # noqa: F401

        setup.register()
