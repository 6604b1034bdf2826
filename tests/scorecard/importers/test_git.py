"""A git repository: agents counted exactly, people never, and nothing believed of clones and clocks that mislead."""

from __future__ import annotations

import os
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from scorecard.evidence.importers import git, importers
from scorecard.evidence.importers.git.agents import agents
from scorecard.records import Indicator, Measurement
from tests.scorecard.importers import files
from tests.scorecard.importers.test_formats import read

DAY = date(2026, 3, 1)

CLAUDE = "Co-Authored-By: Claude <noreply@anthropic.com>"


def test_known_shares_of_a_repository_come_out_exactly(tmp_path: Path) -> None:
    repository = files.repository(
        tmp_path / "team",
        [
            {"date": "2025-10-03", "lines": 30},
            {"date": "2025-10-05", "lines": 10, "trailer": CLAUDE},
            {
                "date": "2025-11-02",
                "lines": 7,
                "author": "copilot-swe-agent[bot] <1+Copilot@users.noreply.github.com>",
            },
            {"date": "2025-11-20", "lines": 14, "file": "core/a.txt"},
            {
                "date": "2025-11-21",
                "lines": 7,
                "file": "core/b.txt",
                "trailer": "Co-authored-by: B <b@example.org>",
            },
        ],
    )
    found = [r for r in read(repository).records if isinstance(r, Measurement)]
    shares: dict[tuple[str, str], tuple[Any, Any]] = {
        (m.indicator, m.observed_on.isoformat()[:7]): (m.value, m.n) for m in found
    }
    assert shares["git_commits_ai_share", "2025-10"] == (0.5, 2)
    assert shares["git_lines_ai_share", "2025-10"] == (0.25, 40)
    assert shares["git_commits_ai_share", "2025-11"] == (pytest.approx(1 / 3), 3)
    assert shares["git_lines_ai_share", "2025-11"] == (0.25, 28)
    assert shares["git_merged_ai_share", "2025-11"] == (pytest.approx(1 / 3), 3)
    assert shares["git_authored_ai_share", "2025-10"] == (0.0, 2), "co-authored is not authored"
    assert shares["git_authored_ai_share", "2025-11"] == (pytest.approx(1 / 3), 3)
    below = git.within_folder(repository, "core", known_at=DAY, source="paper")
    (lines,) = [
        r for r in below.records if isinstance(r, Measurement) and r.indicator == "git_lines_ai_share"
    ]
    assert (lines.value, lines.n, lines.condition) == (0.0, 21, "below core")
    (series,) = [r for r in below.records if isinstance(r, Indicator) and r.id == "git_lines_ai_share"]
    assert "counted as AI" in series.measures


def test_merged_work_is_counted_once_with_all_it_brought(tmp_path: Path) -> None:
    repository = files.repository(tmp_path / "r", [{"date": "2025-10-01"}])

    def run(*arguments: str) -> None:
        names = ("-c", "user.name=a", "-c", "user.email=a@example.org")
        subprocess.run(["git", "-C", str(repository), *names, *arguments], check=True, capture_output=True)

    run("checkout", "-q", "-b", "work")
    run("commit", "-q", "--allow-empty", "-m", f"one\n\n{CLAUDE}", "--date", "2025-10-02T12:00:00Z")
    run("commit", "-q", "--allow-empty", "-m", "two", "--date", "2025-10-02T13:00:00Z")
    run("checkout", "-q", "main")
    run("commit", "-q", "--allow-empty", "-m", "three", "--date", "2025-10-03T12:00:00Z")
    run("merge", "-q", "--no-ff", "work", "-m", "merge work")
    months = git.read_history(repository).months
    assert (sum(m.merged for m in months.values()), sum(m.merged_ai for m in months.values())) == (3, 1)


def test_a_repository_runs_nothing_of_its_own(tmp_path: Path) -> None:
    repository = files.repository(tmp_path / "r", [{"date": "2025-10-01", "file": "a.bin"}])
    trap = tmp_path / "ran"
    program = tmp_path / "trap.sh"
    program.write_text(f"#!/bin/sh\ntouch {trap}\ncat\n", encoding="utf-8")
    program.chmod(0o755)
    with (repository / ".git" / "config").open("a", encoding="utf-8") as config:
        config.write(
            f'[diff]\n\texternal = {program}\n[diff "x"]\n\ttextconv = {program}\n\tcommand = {program}\n'
            f"[core]\n\tfsmonitor = {program}\n\tpager = {program}\n"
            f"[gpg]\n\tprogram = {program}\n[log]\n\tshowSignature = true\n"
        )
    (repository / ".git" / "info" / "attributes").write_text("*.bin diff=x\n", encoding="utf-8")
    assert git.read_history(repository).months["2025-10"].commits == 1
    assert not trap.exists()


def test_a_folder_that_is_no_repository_is_refused(tmp_path: Path) -> None:
    (refusal,) = importers()["git"].read(tmp_path, known_at=DAY, source="paper").refusals
    assert "a git repository" in str(refusal)


# ---- who is who ----------------------------------------------------------------------------------

# One way in which each of forty agents signs.
SIGNED = (
    "Co-authored-by: Claude <noreply@anthropic.com>",
    "Co-Authored-By: Claude Opus 4.6 (1M context) <someone@example.org>",
    "Co-authored-by: Copilot <198982749+Copilot@users.noreply.github.com>",
    "Co-authored-by: Cursor <cursoragent@cursor.com>",
    "Made-with: Cursor",
    "Co-authored-by: Codex <noreply@openai.com>",
    "Agent: Codex",
    "Co-authored-by: Devin AI <158243242+devin-ai-integration[bot]@users.noreply.github.com>",
    "Co-authored-by: gemini-code-assist[bot] <176961590+gemini-code-assist[bot]@users.noreply.github.com>",
    "Co-authored-by: Gemini 3 Pro <gemini@example.org>",
    "Co-Authored-By: google-labs-jules[bot] <161369871+google-labs-jules[bot]@users.noreply.github.com>",
    "Co-authored-by: aider (openai/gpt-5) <noreply@aider.chat>",
    "Co-authored-by: openhands <openhands@all-hands.dev>",
    "Co-Authored-By: opencode <noreply@opencode.ai>",
    "Co-authored-by: Amp <amp@ampcode.com>",
    "Amp-Thread: https://ampcode.com/threads/T-1",
    "Co-authored-by: Amazon Q Developer <q@example.org>",
    "Co-authored-by: Kiro <noreply@kiro.dev>",
    "Co-authored-by: Junie <junie@jetbrains.com>",
    "Co-authored-by: Windsurf Cascade <x@example.org>",
    "Co-authored-by: Cline <cline@cline.bot>",
    "Co-authored-by: Roo Code <roo@roocode.dev>",
    "Co-authored-by: Kilo Code <a@example.org>",
    "Co-authored-by: Zed Agent <agent@zed.dev>",
    "Co-Authored-By: Auggie (GPT-5) <noreply@augmentcode.com>",
    "Co-authored-by: Replit Agent <agent@replit.com>",
    "Assisted-by: Kimi K2.5 via Crush <crush@charm.land>",
    "Co-authored-by: Kimi Code <kimi@moonshot.cn>",
    "Co-authored-by: Qwen-Coder <qwen-coder@alibabacloud.com>",
    "Co-authored-by: Goose <goose@opensource.block.xyz>",
    "Co-Authored-By: Mistral Vibe <vibe@mistral.ai>",
    "Co-authored-by: lovable-dev[bot] <lovable@users.noreply.github.com>",
    "Co-authored-by: v0[bot] <v0[bot]@users.noreply.github.com>",
    "Co-authored-by: factory-droid[bot] <138933559+factory-droid[bot]@users.noreply.github.com>",
    "Co-Authored-By: Oz <oz-agent@warp.dev>",
    "Co-Authored-By: Grok <noreply@x.ai>",
    "\N{ROBOT FACE} Generated with [Claude Code](https://claude.com/claude-code)",
    "Generated by Mistral Vibe.",
    "Claude-Session: https://claude.ai/code/session_x",
    "AI-Tool: a model of our own",
)
PEOPLE = (
    "Claude Dupont",
    "Jules Martin",
    "Patrick Cline",
    "Devin Booker",
    "Kimi Virtanen",
    "Jean-Claude Petit",
    "Cody Smith",
    "Zed Shaw",
    "Goose Olsen",
    "Trae Young",
    "Roo Panes",
    "Kiro Yamada",
    "Junie Morrison",
    "Claude",
    "Jules",
    "Amp Fiddler",
    "Codex Alvarez",
    "Gemini Jones",
    "Cursor Miller",
    "Aider Vega",
)


def test_forty_agents_and_twenty_people_of_like_names_are_told_apart_exactly(tmp_path: Path) -> None:
    """200 commits: 40 ways to sign, 20 people as author and co-author, 120 that say nothing of the kind."""
    commits: list[dict[str, Any]] = [{"date": "2025-10-01", "trailer": one} for one in SIGNED]
    for number, name in enumerate(PEOPLE):
        address = f"{name.lower().replace(' ', '.')}@example.org"
        other = PEOPLE[number - 1]
        commits.append(
            {
                "date": "2025-10-02",
                "author": f"{name} <{address}>",
                "trailer": f"Co-authored-by: {other} <{other.split()[0].lower()}@example.org>\nAssisted-by: {name}"
                + f" <{address}>",
            }
        )
    prose = (
        "made with cursor-based pagination, generated by hand",
        "Written with care for the next reader",
        "the claude of this rule is a cline",
        "Co-authored-by: dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com>",
        "Reviewed-by: Claude Dupont <claude@example.org>",
        "AI-Tool: none",
    )
    commits += [{"date": "2025-10-03", "trailer": prose[i % len(prose)]} for i in range(140)]
    imported = read(files.repository(tmp_path / "team", commits))
    found = {r.indicator: r for r in imported.records if isinstance(r, Measurement)}
    assert (found["git_commits_ai_share"].value, found["git_commits_ai_share"].n) == (40 / 200, 200)
    assert found["git_authored_ai_share"].value == 0.0
    assert "Claude Dupont" in " ".join(imported.notes), (
        "it looks like an agent's name, and is shown as not counted"
    )


def test_signatures_inside_a_squash_merge_count_and_what_is_quoted_does_not(tmp_path: Path) -> None:
    inside = f"* first thing\n\n{CLAUDE}\n\n* second thing\n\nSigned-off-by: A <a@example.org>"
    commits: list[dict[str, Any]] = [
        {"date": "2025-10-01", "trailer": inside},
        {"date": "2025-10-02", "trailer": "Signed-off-by: A <a@example.org>"},
        {"date": "2025-10-03", "trailer": f"The hook refuses lines such as '{CLAUDE}' from now on."},
        {"date": "2025-10-04", "author": "Cursor Agent <cursoragent@cursor.com>"},
    ]
    (month,) = git.read_history(files.repository(tmp_path / "r", commits)).months.values()
    assert (month.commits, month.commits_ai, month.authored_ai) == (4, 2, 1)
    assert month.signed == {"claude": 1, "cursor": 1}


def test_the_table_of_agents_names_each_with_a_source() -> None:
    table = agents().agents
    assert len(table) >= 30
    assert len({one.id for one in table}) == len(table)
    assert all(one.words and (one.addresses or one.forms) for one in table)
    from scorecard.evidence.importers.git.agents import FILE
    from scorecard.evidence.tables import Row
    from scorecard.evidence.tables import read_rows as rows_of

    rows = [row for row in rows_of(FILE, FILE.name) if isinstance(row, Row)]
    assert all(row.cells["source"] and row.cells["known_at"] for row in rows)


# ---- clones and clocks ---------------------------------------------------------------------------


def clone(of: Path, to: Path, *options: str) -> Path:
    command = ["git", "clone", "-q", *options, f"file://{of}", str(to)]
    subprocess.run(command, check=True, capture_output=True)
    return to


def test_a_shallow_clone_is_refused_with_the_words_that_help(tmp_path: Path) -> None:
    whole = files.repository(tmp_path / "whole", [{"date": f"2025-10-0{i}"} for i in range(1, 6)])
    (refusal,) = read(clone(whole, tmp_path / "shallow", "--depth", "2")).refusals
    assert "git fetch --unshallow" in str(refusal)


def test_a_clone_without_contents_has_its_commits_counted_and_says_what_it_lacks(tmp_path: Path) -> None:
    whole = files.repository(
        tmp_path / "whole", [{"date": "2025-10-01"}, {"date": "2025-10-02", "trailer": CLAUDE}]
    )
    subprocess.run(["git", "-C", str(whole), "config", "uploadpack.allowFilter", "true"], check=True)
    imported = read(clone(whole, tmp_path / "blobless", "--filter=blob:none", "--no-checkout"))
    found = {r.indicator: r.value for r in imported.records if isinstance(r, Measurement)}
    assert found == {"git_commits_ai_share": 0.5, "git_authored_ai_share": 0.0, "git_merged_ai_share": 0.5}
    assert "lines are not counted" in " ".join(imported.notes)


def test_clocks_that_cannot_be_right_are_named_and_harm_no_other_commit(tmp_path: Path) -> None:
    repository = files.repository(
        tmp_path / "r", [{"date": "2025-10-01"}, {"date": "2025-11-01", "trailer": CLAUDE}]
    )
    for author, committer in (
        ("1970-01-02", "1970-01-02"),
        ("2091-01-01", "2091-01-01"),
        ("2091-01-01", "2025-11-02"),
    ):
        names = {
            "GIT_AUTHOR_NAME": "a",
            "GIT_AUTHOR_EMAIL": "a@x",
            "GIT_COMMITTER_NAME": "a",
            "GIT_COMMITTER_EMAIL": "a@x",
        }
        days = {"GIT_AUTHOR_DATE": f"{author}T12:00:00Z", "GIT_COMMITTER_DATE": f"{committer}T12:00:00Z"}
        command = ["git", "-C", str(repository), "commit", "-q", "--allow-empty", "-m", "odd"]
        subprocess.run(command, check=True, env={**os.environ, **names, **days})
    imported = read(repository)
    found = {
        r.observed_on.isoformat()[:7]: r.n
        for r in imported.records
        if isinstance(r, Measurement) and r.indicator == "git_commits_ai_share"
    }
    assert found == {"2025-10": 1, "2025-11": 2}, "one counts by its committer's date"
    assert (imported.refusals, imported.absent) == ((), {"commits that no clock dates": 2})
    assert imported.systems["repo.r"].released_on == date(2025, 10, 1)
    assert "2 commits have no possible date" in " ".join(imported.notes)
