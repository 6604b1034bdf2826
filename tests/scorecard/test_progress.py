"""Progress of long work: a line a step into a file, a bar in a terminal, nothing where a job is told."""

from __future__ import annotations

import pytest

from scorecard.terminal.progress import part, progress_bar


def worked(**job: object) -> None:
    with progress_bar(**job) as tell:  # type: ignore[arg-type]  # a job or nothing
        tell(0.25, "Fitted 1 of 4")
        tell(1.0, "Fitted 4 of 4")


def test_into_a_file_each_step_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    worked()
    assert capsys.readouterr() == ("", " 25%  Fitted 1 of 4\n100%  Fitted 4 of 4\n")


def test_in_a_terminal_it_is_one_bar(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    worked()
    printed, told = capsys.readouterr()
    assert printed == ""
    assert "━" in told
    assert "100%" in told
    assert "Fitted 4 of 4" in told


def test_a_job_is_told_instead(capsys: pytest.CaptureFixture[str]) -> None:
    told: list[tuple[float, str]] = []
    worked(job=lambda share, words: told.append((share, words)))
    assert told == [(0.25, "Fitted 1 of 4"), (1.0, "Fitted 4 of 4")]
    assert capsys.readouterr() == ("", "")


def test_a_part_goes_from_its_start_to_its_end() -> None:
    told: list[float] = []
    tell = part(lambda share, _words: told.append(share), 0.2, 0.6)
    for share in (0.0, 0.5, 1.0):
        tell(share, "")
    assert told == pytest.approx([0.2, 0.4, 0.6])
