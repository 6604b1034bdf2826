"""Experts' questions: what our own people are asked, what they answered, and how it came out."""

from screens import milestones, questions
from screens.frame import record
from screens.frame.page import Frame


def draw(frame: Frame) -> None:
    """Ask, answer and see what is open."""
    found = milestones.rows(record.Opened.of(frame.store), frame.as_of)
    questions.draw(frame, milestones.askable(found, record.scorecard(frame.store, frame.as_of)))
