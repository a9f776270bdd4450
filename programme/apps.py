from django.apps import AppConfig


class ProgrammeConfig(AppConfig):
    name = "programme"

    def ready(self) -> None:
        """Registers the parameters of this app."""
        from programme import parameters  # noqa: F401
        from programme.projects import own_parts  # noqa: F401
        from programme.projects.links import wording  # noqa: F401
