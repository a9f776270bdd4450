from django.apps import AppConfig


class KpisConfig(AppConfig):
    name = "kpis"

    def ready(self) -> None:
        from kpis import counts, gates, joined, lights, loading, parts, regions  # noqa: F401
        from kpis.catalogue import jobs as catalogue_jobs  # noqa: F401
        from kpis.evaluating import evaluate_programme
        from kpis.refreshing import jobs, notices  # noqa: F401
        from kpis.values import derived, indicators, judging, telling  # noqa: F401
        from programme.loading import after_loading, register

        register(loading.build)
        indicators.register_checks()
        after_loading(evaluate_programme)
