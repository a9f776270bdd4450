from django.apps import AppConfig


class MeasuresConfig(AppConfig):
    name = "measures"

    def ready(self) -> None:
        """Registers the money words."""
        from measures import terms  # noqa: F401
