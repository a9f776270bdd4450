"""Migration operations of our own."""

from collections.abc import Sequence
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import (
    AddConstraint,
    AddField,
    AddIndex,
    AlterUniqueTogether,
    CreateModel,
)
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

#: What the making of a table does already when the table is made in its last shape.
IN_THE_TABLE = (AddField, AddIndex, AddConstraint, AlterUniqueTogether)


class Together(Operation):
    """Operations of one migration whose models are rendered once for all of them, not once for each.

    Django renders every model that hangs together with a changed one after each operation. Nearly all our models
    hang together, so a first migration of 160 tables took minutes, of which the database needed seconds. Here each
    new table is made in its last shape; operations on tables that are older follow in the order written. Foreign
    keys are added at the end of the migration, as Django always does.
    """

    def __init__(self, operations: Sequence[Operation]) -> None:
        self.operations = list(operations)

    @property
    def reversible(self) -> bool:  # type: ignore[override]
        return all(operation.reversible for operation in self.operations)

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        return self.__class__.__name__, [self.operations], {}

    def describe(self) -> str:
        return f"{len(self.operations)} operations together"

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        state.__dict__.pop("apps", None)  # rendered anew when somebody asks, with everything in it
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for operation in self._on_the_database():
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        gone = self._made_here()
        for operation in reversed(self._on_the_database()):
            if isinstance(operation, CreateModel) or getattr(operation, "model_name_lower", "") not in gone:
                operation.database_backwards(app_label, schema_editor, from_state, to_state)

    def _made_here(self) -> set[str]:
        return {operation.name_lower for operation in self.operations if isinstance(operation, CreateModel)}

    def _on_the_database(self) -> list[Operation]:
        made = self._made_here()
        return [
            operation
            for operation in self.operations
            if not (isinstance(operation, IN_THE_TABLE) and _model_of(operation) in made)
        ]


def _model_of(operation: Operation) -> str:
    name = getattr(operation, "model_name", None) or getattr(operation, "name", "")
    return str(name).lower()
