"""Meeting: the agenda written from what changed, minutes in place, signed off; with every decision and proposal."""

from screens.frame.navigation import Page, tab_bar
from screens.frame.page import page
from screens.meeting import agenda, decision_log, proposals

PAGE = Page(
    title="Meeting",
    place=4,
    tabs={"meeting": "Meeting", "decisions": "Decisions", "proposals": "Proposals"},
    was={"decisions": "decisions", "proposals": "proposals"},
)

with page("Meeting", "What changed since the last meeting, what is due, what was said and decided.") as frame:
    tab, place = tab_bar(PAGE.tabs)
    with place:
        match tab:
            case "decisions":
                decision_log.view(frame)
            case "proposals":
                proposals.view(frame)
            case _:
                agenda.view(frame)
