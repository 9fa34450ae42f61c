"""The table of operations that were started from this machine."""

from __future__ import annotations

from swarmtui.render import operation_rows
from swarmtui.screens.operation import OperationScreen
from swarmtui.screens.table import TableScreen


class OperationsScreen(TableScreen):
    """Operations, the newest first; their rows come from journals, not from a snapshot."""

    def show_panes(self) -> None:
        """Show the rows."""
        self.panes[0].show_rows(operation_rows(self.host.operations), "Operations")

    def describe(self) -> None:
        """Follow the operation under the cursor."""
        key = self.pane.selected_key
        if key is not None:
            self.app.push_screen(OperationScreen(key))
