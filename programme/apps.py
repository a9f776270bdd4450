from django.apps import AppConfig


class ProgrammeConfig(AppConfig):
    name = "programme"

    def ready(self) -> None:
        """Registers the parameters of this app."""
        from programme import own_counts, parameters  # noqa: F401
        from programme.governance import links, notices, waiting  # noqa: F401
        from programme.governance.duties import set_up
        from programme.loading import after_loading
        from programme.projects import days, own_parts  # noqa: F401
        from programme.projects.changes import ready as changes_ready  # noqa: F401
        from programme.projects.links import days as milestone_days  # noqa: F401
        from programme.projects.links import wording  # noqa: F401
        from programme.updates import ready  # noqa: F401

        after_loading(set_up)
