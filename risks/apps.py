from django.apps import AppConfig


class RisksConfig(AppConfig):
    name = "risks"

    def ready(self) -> None:
        from programme.loading import register
        from risks import gates, loading, parts  # noqa: F401

        register(loading.build)
