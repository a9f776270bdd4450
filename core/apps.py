from django.apps import AppConfig
from django.db.migrations.state import ProjectState
from django.db.models import Model
from django.db.models.signals import post_migrate
from pgtrigger import Trigger, registry
from pgtrigger.migrations import AddTrigger


def add_trigger_to_state(operation: AddTrigger, app_label: str, state: ProjectState) -> None:
    """Notes the trigger in the migration state without rendering the related models again.

    The library's own method renders them for each of hundreds of triggers, which took two of the two
    and a half minutes of a first migration; the operation itself needs the trigger only.
    """
    options = state.models[app_label, operation.model_name].options
    options["triggers"] = [*options.get("triggers", []), operation.trigger]


class TriggerIndex(registry._Registry):
    """What the library's registry works out anew from all triggers for each one that is registered, kept instead.

    With some 650 triggers that was nearly half of the time every process took to start.
    """

    def __init__(self) -> None:
        self.tables: dict[tuple[str, str | None], Trigger] = {}
        self.names: set[str] = set()
        super().__init__()

    @property
    def by_db_table(self) -> dict[tuple[str, str | None], Trigger]:
        return self.tables

    @property
    def pg_function_names(self) -> set[str]:
        return self.names

    def __setitem__(self, key: str, value: tuple[type[Model], Trigger]) -> None:
        super().__setitem__(key, value)
        model, trigger = value
        self.tables[model._meta.db_table, trigger.name] = trigger
        self.names.add(trigger.get_pgid(model))  # type: ignore[arg-type]  # the stubs say an instance

    def __delitem__(self, key: str) -> None:
        model, trigger = self[key]
        super().__delitem__(key)
        self.tables.pop((model._meta.db_table, trigger.name), None)
        self.names.discard(trigger.get_pgid(model))  # type: ignore[arg-type]


if not registry._registry:  # this module is imported before any application registers its triggers
    registry._registry = TriggerIndex()


class CoreConfig(AppConfig):
    name = "core"

    def ready(self) -> None:
        from core import checks, look  # noqa: F401  (questions of check --deploy; what forgets a kept colour)
        from core.rights import after_migrate

        AddTrigger.state_forwards = add_trigger_to_state  # type: ignore[method-assign, assignment]
        post_migrate.connect(after_migrate, sender=self, dispatch_uid="core_rights")
