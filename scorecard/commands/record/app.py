"""app: open the scorecard in the browser."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from typing import Annotated

import typer

from scorecard.people import START_KEY
from scorecard.places import APP

app = typer.Typer()


@app.command("app", context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def open_(
    context: typer.Context,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Where it listens; 8501 if left out.")
    ] = None,
    browser: Annotated[
        bool | None,
        typer.Option(
            "--browser/--no-browser", help="Open a browser; by default where there is a person and a screen."
        ),
    ] = None,
    shared_machine: Annotated[
        bool,
        typer.Option(
            "--shared-machine",
            help="Others have accounts here: only the first browser that opens the printed address may write.",
        ),
    ] = False,
) -> None:
    """Open the scorecard in the browser, on this machine only; takes every option of `streamlit run` too."""
    arguments = list(context.args)
    if shared_machine:
        os.environ[START_KEY] = secrets.token_urlsafe(32)
    if port is not None:
        arguments += ["--server.port", str(port)]
    if _somebody_watches() if browser is None else browser:
        arguments += ["--server.headless", "false"]
    command = [sys.executable, "-m", "streamlit", "run", str(APP), *arguments]
    if os.name == "nt":  # there exec would leave the terminal at once
        raise typer.Exit(subprocess.call(command))
    os.execv(sys.executable, command)


def _somebody_watches() -> bool:
    shown = sys.platform == "darwin" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    return shown and sys.stdout.isatty()
