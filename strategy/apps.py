from django.apps import AppConfig


class StrategyConfig(AppConfig):
    name = "strategy"

    def ready(self) -> None:
        from kpis import observing
        from kpis.demo import values
        from programme.loading import register
        from strategy import joined, loading  # noqa: F401
        from strategy.demo.objectives import forget_statistics
        from strategy.objectives import answering, news  # noqa: F401
        from strategy.okr import parameters, reminding  # noqa: F401

        register(loading.build)
        values.before_rewriting.append(forget_statistics)
        observing.on_new_statistics.append(news.take_up)
