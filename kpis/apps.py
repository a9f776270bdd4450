from django.apps import AppConfig


class KpisConfig(AppConfig):
    name = "kpis"

    def ready(self) -> None:
        from kpis import gates, loading, regions  # noqa: F401
        from kpis.evaluating import evaluate_programme
        from kpis.refreshing import jobs, notices  # noqa: F401
        from programme.loading import after_loading, register

        register(loading.build)
        after_loading(evaluate_programme)
