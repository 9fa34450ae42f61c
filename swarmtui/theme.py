"""The colours: dark, light, and the terminal's own."""

from __future__ import annotations

from textual.theme import Theme

DARK = Theme(
    name="dark",
    primary="#5fa8d3",
    secondary="#7f9bb3",
    accent="#8ecae6",
    warning="#e9b44c",
    error="#ef6461",
    success="#7cc48a",
    foreground="#d5dbe1",
    background="#12171c",
    surface="#171d23",
    panel="#1f272f",
    dark=True,
    variables={
        "block-cursor-background": "#2d5a7b",
        "block-cursor-foreground": "#ffffff",
        "block-cursor-blurred-background": "#232d36",
        "footer-key-foreground": "#8ecae6",
    },
)
LIGHT = Theme(
    name="light",
    primary="#1d6fa5",
    secondary="#5b7083",
    accent="#0b6e99",
    warning="#9a6700",
    error="#c0322f",
    success="#227a3b",
    foreground="#1c2329",
    background="#f7f8fa",
    surface="#ffffff",
    panel="#e8ecf0",
    dark=False,
    variables={
        "block-cursor-background": "#1d6fa5",
        "block-cursor-foreground": "#ffffff",
        "block-cursor-blurred-background": "#dbe4ec",
        "footer-key-foreground": "#0b6e99",
    },
)
TERMINAL = "ansi-dark"

THEMES = {"dark": DARK.name, "light": LIGHT.name, "terminal": TERMINAL}
"""What people call a theme, and its name for Textual."""
