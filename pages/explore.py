"""Explore: automation, the loop and its errors, oversight; and everything known of one system or one source."""

from screens.frame.navigation import Page, tab_bar
from screens.frame.page import page

PAGE = Page(
    title="Explore",
    place=7,
    tabs={
        "automation": "Automation",
        "loop": "Loop and errors",
        "oversight": "Oversight",
        "systems": "Systems",
        "sources": "Sources",
    },
    was={
        "automation": "automation",
        "loop": "loop",
        "oversight": "oversight",
        "system": "systems",
        "source": "sources",
    },
)

with page(
    "Explore", "What the thresholds' forecasts do not use: equations with assumed parameters, and the data."
) as frame:
    tab, place = tab_bar(PAGE.tabs)
    with place:
        match tab:
            case "loop":
                from screens.views import loop

                loop.draw(frame)
            case "oversight":
                from screens.views import oversight

                oversight.draw(frame)
            case "systems":
                from screens.views import system

                system.draw(frame)
            case "sources":
                from screens.views import source

                source.draw(frame)
            case _:
                from screens.views import automation

                automation.draw(frame)
