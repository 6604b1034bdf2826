"""What pages share: the frame of a page, cached reads of the record, tables, forms and running work."""

from screens.frame.drawing import draw_chart
from screens.frame.page import Frame, page, sources_footer
from screens.frame.work import forecasts_under_way

__all__ = ["Frame", "draw_chart", "forecasts_under_way", "page", "sources_footer"]
