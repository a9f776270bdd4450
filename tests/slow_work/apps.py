from django.apps import AppConfig


class SlowWorkConfig(AppConfig):
    name = "tests.slow_work"

    def ready(self) -> None:
        import tests.slow_work.handler  # noqa: F401
