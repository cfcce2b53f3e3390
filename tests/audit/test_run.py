"""An audit that could not be run is not one that was passed, and what nobody has explained is told."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from audit import run, sbom
from tests import environment

pytestmark = pytest.mark.once

WANTED = {"django": "5.2", "redis": "6.0"}


def answer(**weaknesses: Any) -> str:
    told = [{"name": name, "version": "1", "vulns": some} for name, some in weaknesses.items() if some is not None]
    return json.dumps({"dependencies": told})


def test_an_audit_that_says_nothing_of_one_package_was_not_run() -> None:
    assert run.audited(answer(django=[], redis=None), WANTED).state == run.NOT_RUN
    assert run.audited(json.dumps({"dependencies": [{"name": "django", "skip_reason": "offline"}]}), WANTED) == (
        run.Verdict(run.NOT_RUN, ("not audited: django, redis",))
    )


def test_an_audit_of_all_packages_passes_without_and_fails_with_a_weakness() -> None:
    assert run.audited(answer(django=[], redis=[]), WANTED) == run.Verdict(run.PASSED)
    weak = run.audited(answer(django=[{"id": "INVENTED-1", "fix_versions": ["5.3"]}], redis=[]), WANTED)
    assert weak == run.Verdict(run.FAILED, ("django 1: INVENTED-1, mended in 5.3",))


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """installed("gixy", "echo []"): a program of that name in place of the tool."""
    monkeypatch.setattr(run, "TOOLS", tmp_path)

    def install(name: str, does: str) -> None:
        (tmp_path / name).write_text(f"#!/bin/sh\n{does}\n")
        (tmp_path / name).chmod(0o755)

    return install


@pytest.mark.parametrize("check", [run.secrets, run.site, run.packages])
def test_without_its_tool_a_check_was_not_run(check: Callable[[], run.Verdict], installed: Any) -> None:
    verdict = run.verdict_of(check)
    assert verdict.state == run.NOT_RUN and "is not installed" in verdict.told[0]


def test_a_tool_that_ends_well_and_has_looked_at_nothing_is_not_believed(
    installed: Callable[[str, str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("pip-audit", "gixy"):
        installed(name, "echo 'no network' >&2; exit 0")
    installed("detect-secrets", "exit 3")
    assert run.main(["packages", "site", "secrets"]) == 3
    said = capsys.readouterr().out
    assert said.count("NOT RUN") == 3 and "passed" not in said and "no network" in said


def test_a_failure_outweighs_what_was_not_run_and_all_have_to_pass() -> None:
    passed, failed, not_run = (run.Verdict(state) for state in (run.PASSED, run.FAILED, run.NOT_RUN))
    assert run.exit_code([passed, failed, not_run]) == 1
    assert run.exit_code([passed, not_run]) == 3
    assert run.exit_code([passed, passed]) == 0


def test_a_key_that_nobody_has_looked_at_is_told(installed: Callable[[str, str], None]) -> None:
    """With the tool's answer for a file that has one more than the baseline."""
    found = {"results": {"new.py": [{"type": "Secret Keyword", "hashed_secret": "0" * 40, "line_number": 1}]}}
    installed("detect-secrets", f"echo '{json.dumps(found)}'")
    assert run.secrets() == run.Verdict(run.FAILED, ("new.py: Secret Keyword",))
    known = (environment.ROOT / "audit" / "secrets.baseline").read_text()
    installed("detect-secrets", f"cat '{environment.ROOT}/audit/secrets.baseline'")
    assert run.in_scan(known) and run.secrets() == run.Verdict(run.PASSED)


def found(test: str, path: str, *lines: int) -> list[dict[str, Any]]:
    return [{"test_id": test, "filename": path, "line_number": line} for line in lines]


def test_of_what_bandit_finds_as_many_are_let_pass_as_somebody_has_explained() -> None:
    reasons = {"B1": {"where": {"rooms/": "any", "one.py": 1}}}
    few = [*found("B1", "rooms/a.py", 1, 2, 3), *found("B1", "./one.py", 7)]
    assert run.unexplained(few, reasons) == []
    many = [*few, *found("B1", "one.py", 9), *found("B2", "rooms/a.py", 4)]
    assert run.unexplained(many, reasons) == [
        "one.py, lines 7, 9: B1, 2 found, 1 explained",
        "rooms/a.py, lines 4: B2, 1 found, 0 explained",
    ]
    assert all(each["why"] and each["where"] for each in run.explained().values())


def test_the_bill_of_materials_names_what_the_lock_names_and_nothing_else() -> None:
    bill = json.loads((environment.ROOT / "docs" / "sbom.json").read_text(encoding="utf-8"))
    named = [(each["name"], each["version"]) for each in bill["components"]]
    assert sorted(named) == sorted(run.locked().items()), "make sbom"
    assert len(named) > 30 and bill["bomFormat"] == "CycloneDX"
    assert all(each["purl"] == f"pkg:pypi/{each['name']}@{each['version']}" for each in bill["components"])


def test_a_bill_says_nothing_of_where_packages_are_loaded_from() -> None:
    told = {
        "$schema": "x", "bomFormat": "CycloneDX", "specVersion": "1.6", "serialNumber": "once",
        "metadata": {"component": {"name": "ilo-portal"}, "tools": {"externalReferences": ["https://elsewhere"]}},
        "components": [
            {"type": "library", "name": name, "version": "1", "purl": f"pkg:pypi/{name}@1",
             "externalReferences": [{"url": "https://elsewhere"}]}
            for name in ("b", "a")
        ],
    }  # fmt: skip
    kept = sbom.kept(told)
    assert [each["name"] for each in kept["components"]] == ["a", "b"]
    assert "elsewhere" not in json.dumps(kept) and "serialNumber" not in kept
