from django.apps import AppConfig


class RisksConfig(AppConfig):
    name = "risks"

    def ready(self) -> None:
        from programme.loading import register
        from risks import loading

        register(loading.build)
