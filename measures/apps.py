from django.apps import AppConfig


class MeasuresConfig(AppConfig):
    name = "measures"

    def ready(self) -> None:
        """Registers the money words, the parts of the card, the parameters of the forecasts and the job that figures them, what gates ask for."""
        from measures import parts, terms  # noqa: F401
        from measures.forecasting import jobs, parameters  # noqa: F401
        from measures.forecasting import terms as forecast_terms  # noqa: F401
        from measures.gate_defaults import default_gates
        from programme.loading import after_loading

        after_loading(default_gates)
