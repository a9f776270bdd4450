from django.apps import AppConfig


class MeasuresConfig(AppConfig):
    name = "measures"

    def ready(self) -> None:
        """Registers the money words, the parameters of the forecasts and the job that figures them."""
        from measures import terms  # noqa: F401
        from measures.forecasting import jobs, parameters  # noqa: F401
