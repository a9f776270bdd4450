from django.apps import AppConfig


class RisksConfig(AppConfig):
    name = "risks"

    def ready(self) -> None:
        from programme.loading import after_loading, register
        from risks import gates, joined, lights, loading, parts  # noqa: F401
        from risks.escalation import days, notices  # noqa: F401
        from risks.escalation import parts as obstacle_parts  # noqa: F401
        from risks.escalation.levels import make_levels
        from risks.impact.groups import make_groups
        from risks.register import days as review_days  # noqa: F401
        from risks.register import parts as risk_parts  # noqa: F401
        from risks.register import waiting  # noqa: F401

        register(loading.build)
        after_loading(make_levels)
        after_loading(make_groups)
