from django.apps import AppConfig


class StrategyConfig(AppConfig):
    name = "strategy"

    def ready(self) -> None:
        from programme.loading import register
        from strategy import loading
        from strategy.objectives import answering  # noqa: F401

        register(loading.build)
