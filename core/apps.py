from django.apps import AppConfig
from django.db.migrations.state import ProjectState
from django.db.models.signals import post_migrate
from pgtrigger.migrations import AddTrigger


def add_trigger_to_state(operation: AddTrigger, app_label: str, state: ProjectState) -> None:
    """Notes the trigger in the migration state without rendering the related models again.

    The library's own method renders them for each of hundreds of triggers, which took two of the two
    and a half minutes of a first migration; the operation itself needs the trigger only.
    """
    options = state.models[app_label, operation.model_name].options
    options["triggers"] = [*options.get("triggers", []), operation.trigger]


class CoreConfig(AppConfig):
    name = "core"

    def ready(self) -> None:
        from core import checks, look  # noqa: F401  (questions of check --deploy; what forgets a kept colour)
        from core.rights import after_migrate

        AddTrigger.state_forwards = add_trigger_to_state  # type: ignore[method-assign, assignment]
        post_migrate.connect(after_migrate, sender=self, dispatch_uid="core_rights")
