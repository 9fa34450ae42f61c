"""Commands on the program itself."""

from swarmtui.commands.command import Command, Target


class ShowHelp(Command):
    """Show the keys of this screen."""

    KEY = "question_mark,f1"
    SHOWN_KEY = "?"
    TITLE = "Help"
    GROUP = "Program"
    FOOTER = "Help"

    def run(self, target: Target) -> None:
        target.show_help()


class CycleTheme(Command):
    """Change the colours: dark, light, the terminal's own."""

    KEY = "ctrl+t"
    TITLE = "Next theme"
    GROUP = "Program"

    def run(self, target: Target) -> None:
        target.cycle_theme()
