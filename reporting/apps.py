from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "reporting"

    def ready(self) -> None:
        """Registers the jobs of this app and the checks of the set-up list."""
        from reporting import jobs, setup  # noqa: F401

        setup.register()
