from django.apps import AppConfig


class KpisConfig(AppConfig):
    name = "kpis"

    def ready(self) -> None:
        from kpis import gates, loading, regions  # noqa: F401
        from programme.loading import register

        register(loading.build)
