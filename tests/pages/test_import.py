"""The import page: a dry run first, the difference, faults in words, then storing; odd uploads do no harm."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from scorecard.records import Alias, Import, Measurement
from scorecard.store import Store
from tests.pages.test_pages import opened as opened_page
from tests.scorecard.importers import files

EPOCH = files.ECI.replace("One,One", "GPT-5,x").replace("Two,Two", "o3,x")


def opened(uploads: list[tuple[str, bytes, str]], **settings: Any) -> AppTest:
    at = opened_page("evidence.py", tab="import")
    if "format" in settings:
        at.selectbox(key="format").set_value(settings["format"]).run()
    if "mapping" in settings:
        at.text_area(key="mapping").set_value(settings["mapping"])
    for name in ("lenient", "new_systems"):
        at.checkbox(key=name).set_value(settings.get(name, False))
    at.file_uploader(key="files").set_value(uploads)
    return at.run()


def text(name: str, content: str) -> tuple[str, bytes, str]:
    return name, content.encode(), "text/plain"


def stored(store: Store) -> list[Measurement]:
    with store.view() as now:
        return [m for m in now.all(Measurement) if m.source.startswith("import_")]


def test_the_page_opens_with_the_formats(shown: Store) -> None:
    at = opened_page("evidence.py", tab="import")
    assert not at.exception
    assert "copilot" in list(at.dataframe[0].value["name on the command line"])


def test_a_dry_run_shows_the_difference_and_the_button_stores(filled: Store) -> None:
    at = opened([text("eci.csv", EPOCH)])
    assert at.header[0].value == "2 values and 0 attempts would be stored; nothing is refused."
    changes = next(d.value for d in at.dataframe if "before" in d.value.columns)
    assert set(changes["system"]) == {"GPT-5", "o3"}
    assert "150 [" not in changes[changes["system"] == "o3"]["before"].iloc[0]
    assert stored(filled) == []
    at.button(key="store").click().run()
    assert at.success[0].value.startswith("Stored ")
    assert {m.system for m in stored(filled)} == {"gpt_5", "o3"}
    again = opened([text("eci.csv", EPOCH)])
    assert "imported before" in again.header[0].value


def test_refused_rows_are_shown_and_block_storing_unless_lenient(filled: Store) -> None:
    faulty = EPOCH + "Nobody Knows,x,1,,,2025-10-01,Lab\n"
    at = opened([text("eci.csv", faulty)])
    refused = next(d.value for d in at.dataframe if "expected" in d.value.columns)
    assert refused[["file", "row", "field"]].to_numpy().tolist() == [["eci.csv", "4", "system"]]
    assert not [b for b in at.button if b.key == "store"]
    at.checkbox(key="lenient").check().run()
    at.button(key="store").click().run()
    assert len(stored(filled)) == 2


def test_a_name_nobody_knows_is_given_to_a_system_by_a_person_and_the_rows_are_taken(filled: Store) -> None:
    """Nothing is chosen beforehand; those with a name like it come first; a reason is asked for."""
    at = opened([text("eci.csv", EPOCH.replace("GPT-5,x", "GPT-5 (thinking),x"))])
    assert "1 row refused" in at.header[0].value
    assert at.selectbox(key="alias_name").value == "GPT-5 (thinking)"
    system = at.selectbox(key="alias_system_GPT-5 (thinking)")
    assert system.value is None
    assert system.options[0].startswith("GPT-5")
    assert at.button(key="alias").disabled
    system.select("gpt_5").run()
    at.text_input(key="alias_by").input("a researcher")
    at.button(key="alias").click().run()
    assert "say in a few words why" in at.error[0].value.lower()
    at.text_input(key="alias_reason_GPT-5 (thinking)").input("The card gives both names.")
    at.button(key="alias").click().run()
    assert not at.exception
    with filled.view() as now:
        (made,) = now.all(Alias, author="a researcher")
    assert (made.name, made.system, made.standing) == ("gpt-5 (thinking)", "gpt_5", True)
    assert at.header[0].value == "2 values and 0 attempts would be stored; nothing is refused."


def test_a_table_of_ones_own_needs_a_mapping_that_holds(shown: Store) -> None:
    table = text("own.csv", "model,score,date\nGPT-5,300,2026-01-01\n")
    at = opened([table], format="generic", mapping="rows: measurements\ncolumns: {valeu: score}\n")
    assert "valeu" in at.error[0].value
    at.text_area(key="mapping").set_value(
        "rows: measurements\ncolumns: {system: model, value: score, observed_on: date}\n"
        "constants: {indicator: oai_prs, condition: own reading}\n"
    ).run()
    assert "refused" in at.header[0].value, "a percentage of 300 is off its scale"


@pytest.mark.parametrize("name", ["../../etc/x.csv", "/abs/x.csv", "..\\x.csv", "x" * 300 + ".csv"])
def test_a_name_that_points_elsewhere_stays_in_its_folder(shown: Store, name: str) -> None:
    at = opened([text(name, EPOCH)])
    assert not at.exception
    assert not at.error
    assert at.header[0].value.startswith("2 values")


def test_markup_in_a_file_is_shown_letter_by_letter(shown: Store) -> None:
    at = opened([text("<b>x</b>.csv", EPOCH.replace("GPT-5", "<script>alert(1)</script>"))])
    assert not at.exception
    assert "<script>" not in " ".join(m.value for m in (*at.markdown, *at.caption))


def test_an_inspect_log_brings_its_attempts(filled: Store, tmp_path: Path) -> None:
    log = files.inspect_log()
    log["header"]["eval"]["model"] = "openai/gpt-5"
    path = files.eval_file(tmp_path / "log.eval", log, zstd=True)
    at = opened([("log.eval", path.read_bytes(), "application/octet-stream")], new_systems=True)
    assert "1 value and 8 attempts" in at.header[0].value
    at.button(key="store").click().run()
    with filled.view() as now:
        (one,) = now.all(Import)
    assert (one.attempts, one.file) == (8, "log.eval")
