from django.apps import AppConfig


class MeasuresConfig(AppConfig):
    name = "measures"

    def ready(self) -> None:
        """Registers words, parts of the card, checks of gates, notices, parameters and jobs of forecasts."""
        from measures import book_notices, gate_checks, gate_notices, joined, lights, parts, talking, terms  # noqa: F401
        from measures.forecasting import jobs, parameters  # noqa: F401
        from measures.forecasting import terms as forecast_terms  # noqa: F401
        from measures.gate_defaults import default_gates
        from measures.ledger import jobs as ledger_jobs  # noqa: F401
        from measures.ledger import terms as ledger_terms  # noqa: F401
        from measures.workbooks import jobs as workbook_jobs  # noqa: F401
        from programme.loading import after_loading

        after_loading(default_gates)
