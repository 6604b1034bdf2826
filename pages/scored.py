"""Forecasts scored: how dates like these came out, public goals and predictions, and what our own experts said."""

from screens.frame.navigation import Page, tab_bar
from screens.frame.page import page

PAGE = Page(
    title="Forecasts scored",
    place=5,
    tabs={"record": "Track record", "milestones": "Milestones", "experts": "Experts' questions"},
    was={"track_record": "record", "milestones": "milestones"},
)

with page(
    "Forecasts scored", "How forecasts came out: the model's, those made in public, and our own experts'."
) as frame:
    tab, place = tab_bar(PAGE.tabs)
    with place:
        match tab:
            case "milestones":
                from screens.views import milestones

                milestones.draw(frame)
            case "experts":
                from screens.views import questions

                questions.draw(frame)
            case _:
                from screens.views import track_record

                track_record.draw(frame)
