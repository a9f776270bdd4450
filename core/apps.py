from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CoreConfig(AppConfig):
    name = "core"

    def ready(self) -> None:
        from core.rights import after_migrate

        post_migrate.connect(after_migrate, sender=self, dispatch_uid="core_rights")
