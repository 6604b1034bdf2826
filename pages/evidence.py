"""Evidence: what has been measured, by whom, in which publication; and results from files, onto the record."""

from screens.frame.navigation import Page, tab_bar
from screens.frame.page import page

PAGE = Page(
    title="Evidence",
    place=3,
    tabs={"readings": "Readings", "trend": "METR's line", "watched": "Watch list", "import": "Import"},
    was={"import": "import"},
)

with page(
    "Evidence", "What has been measured, by whom, in which publication, and how far it can be trusted."
) as frame:
    tab, place = tab_bar(PAGE.tabs)
    with place:
        match tab:
            case "import":
                from screens.views import imports

                imports.draw(frame)
            case "trend":
                from screens.views import trend

                trend.draw(frame)
            case "watched":
                from screens.evidence import watched

                watched.draw(frame)
            case _:
                from screens.views import readings

                readings.draw(frame)
