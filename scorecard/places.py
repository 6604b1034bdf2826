"""Where things are: the texts of data/, the app and its pages, beside the code or inside an installed copy."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent
_SHIPPED = _PACKAGE / "_shipped"  # what an installed copy carries (pyproject.toml); a checkout has none

INSTALLED = _SHIPPED.is_dir()
HOME = _SHIPPED if INSTALLED else _PACKAGE.parent
DATA = HOME / "data"
APP = HOME / "app.py"
PAGES = HOME / "pages"


def default_store() -> Path:
    """The store's file where nothing else is named: in a checkout's data/, else in the user's folder for data."""
    if not INSTALLED:
        return DATA / "scorecard.duckdb"
    from platformdirs import user_data_path  # only an installed copy asks the system where that is

    return user_data_path("preparedness-scorecard", appauthor=False) / "scorecard.duckdb"
