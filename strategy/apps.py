from django.apps import AppConfig


class StrategyConfig(AppConfig):
    name = "strategy"

    def ready(self) -> None:
        from kpis import observing
        from programme.loading import register
        from strategy import loading
        from strategy.objectives import answering, news  # noqa: F401

        register(loading.build)
        observing.on_new_statistics.append(news.take_up)
