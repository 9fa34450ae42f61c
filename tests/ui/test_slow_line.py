"""The explorer at the end of a slow line: 1 Mbit/s, and 150 ms there and back."""

from __future__ import annotations

from tests.link import Link
from tests.terminal import Terminal

GENEROUS_SECONDS = 60.0


def test_a_wizard_over_a_slow_line_is_pasted_into_and_resized() -> None:
    with Terminal("--demo", "--interval", "3600", line=Link) as terminal:
        terminal.wait_for("● live", GENEROUS_SECONDS)
        terminal.press("jk" * 50 + "i")
        terminal.wait_for("Replace the ingress", GENEROUS_SECONDS)
        terminal.press("\x15")
        terminal.paste("\n  10.99.0.0/24\r\nrm -rf /\r\n")
        terminal.wait_for("10.99.0.0/24", GENEROUS_SECONDS)

        assert "rm -rf" not in terminal.text

        # What is shown is what would be, had all been sent.
        terminal.wait_until_silent()
        before = terminal.text
        terminal.clear()
        terminal.press("\x0c")
        terminal.wait_for("Replace the ingress", GENEROUS_SECONDS)
        terminal.wait_until_silent()
        assert terminal.text == before

        terminal.resize(12, 4)
        terminal.wait_until_silent()
        terminal.resize(120, 40)
        terminal.wait_for(
            lambda text: "10.99.0.0/24" in text and "Replace the ingress" in text,
            GENEROUS_SECONDS,
        )
