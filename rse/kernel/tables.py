"""A migration's step that makes many tables at once."""

from collections.abc import Sequence

from tortoise.migrations.operations import CreateModel, TortoiseOperation
from tortoise.migrations.schema_editor.base import BaseSchemaEditor
from tortoise.migrations.schema_generator.state import ModelState, State


class CreateModels(TortoiseOperation):
    """Make the tables of a new instance, in the order given.

    Tortoise builds every known model anew for each step, so that eighty steps of one table each
    take most of the time of a first start. One step with eighty tables builds each once.
    """

    def __init__(self, models: Sequence[CreateModel]) -> None:
        self.models = models

    def describe(self) -> str:
        return f"Create {len(self.models)} models"

    def state_forward(self, app_label: str, state: State) -> None:
        for step in self.models:
            known = ModelState.make_from_model(app_label, step.model)
            state.models[(app_label, step.name)] = known
        state.reload_models(set(state.models))

    async def database_forward(
        self,
        app_label: str,
        old_state: State,
        new_state: State,
        state_editor: BaseSchemaEditor | None = None,
    ) -> None:
        for step in self.models:
            await step.database_forward(app_label, old_state, new_state, state_editor)

    async def database_backward(
        self,
        app_label: str,
        old_state: State,
        new_state: State,
        state_editor: BaseSchemaEditor | None = None,
    ) -> None:
        for step in reversed(self.models):
            await step.database_backward(app_label, old_state, new_state, state_editor)
