"""`make audit`: each check says passed, FAILED or NOT RUN. What was not run is never told as passed.

Exit code: 0 if all passed, 1 if any failed, 3 if none failed but some were not run, as pip-audit without a network.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
# Where the tools of audit/requirements.txt are.
TOOLS = ROOT / ".venv" / "audit" / "bin"
CODE = ("audit", "bench", "engagement", "fixtures", "ilo_portal", "manage.py")
ANY = "any"
# Not looked through for secrets: lists of digests, what is compiled, and data, in which names look like keys.
WITHOUT_SECRETS = (".mo", ".png", ".svg", "sbom.json", "requirements.txt", "requirements-dev.txt", "secrets.baseline")
DATA = "fixtures/"


@dataclass(frozen=True)
class Verdict:
    """What came of a check. told: a line each of what is wrong, or why it was not run."""

    state: str
    told: tuple[str, ...] = ()


PASSED, FAILED, NOT_RUN = "passed", "FAILED", "NOT RUN"


def judged(wrong: Iterable[str]) -> Verdict:
    told = tuple(wrong)
    return Verdict(FAILED if told else PASSED, told)


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*map(str, command)], cwd=ROOT, capture_output=True, text=True, check=False)


def tool(name: str) -> Path:
    """Raises FileNotFoundError where it is not installed: the check is then one that was not run."""
    path = TOOLS / name
    if not path.is_file():
        raise FileNotFoundError(f"{name} is not installed: make audit installs it")
    return path


# -- The code --------------------------------------------------------------------------------------------------------


def code() -> Verdict:
    """Bandit's findings of medium and high severity, less those that pyproject.toml explains."""
    done = run(sys.executable, "-m", "bandit", "--quiet", "--recursive", *CODE, "-ll", "--format", "json")
    try:
        found = json.loads(done.stdout)
    except json.JSONDecodeError:
        return Verdict(NOT_RUN, (last_line(done.stderr) or "bandit said nothing",))
    broken = (f"{each['filename']}: {each['reason']}" for each in found["errors"])
    return judged([*broken, *unexplained(found["results"], explained())])


def explained() -> dict[str, Any]:
    """By test of Bandit: why, and in each file or folder (which ends in /) how many of its findings it explains."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    found: dict[str, Any] = settings["tool"]["audit"]["explained"]
    return found


def unexplained(results: list[dict[str, Any]], reasons: dict[str, Any]) -> list[str]:
    by_place = Counter((each["test_id"], each["filename"].removeprefix("./")) for each in results)
    wrong = []
    for (test, path), number in sorted(by_place.items()):
        allowed = next((most for place, most in places(reasons, test) if within(path, place)), 0)
        if allowed != ANY and number > allowed:
            lines = [e["line_number"] for e in results if e["test_id"] == test and e["filename"].endswith(path)]
            wrong.append(f"{path}, lines {', '.join(map(str, lines))}: {test}, {number} found, {allowed} explained")
    return wrong


def places(reasons: dict[str, Any], test: str) -> list[tuple[str, Any]]:
    return [*reasons.get(test, {"where": {}})["where"].items()]


def within(path: str, place: str) -> bool:
    return path.startswith(place) if place.endswith("/") else path == place


# -- The files -------------------------------------------------------------------------------------------------------


def secrets() -> Verdict:
    """What looks like a key or a password and is not in audit/secrets.baseline, which somebody has looked through."""
    paths = run("git", "ls-files", "--cached", "--others", "--exclude-standard").stdout.splitlines()
    looked_through = [path for path in paths if (ROOT / path).is_file() and may_hold_secrets(path)]
    done = run(tool("detect-secrets"), "scan", *looked_through)
    if done.returncode or not looked_through:
        return Verdict(NOT_RUN, (last_line(done.stderr) or "git names no files",))
    known = in_scan((ROOT / "audit" / "secrets.baseline").read_text(encoding="utf-8"))
    return judged(f"{path}: {kind}" for path, kind, digest in sorted(in_scan(done.stdout) - known))


def may_hold_secrets(path: str) -> bool:
    return not path.endswith(WITHOUT_SECRETS) and not (path.startswith(DATA) and path.endswith((".json", ".csv")))


def in_scan(text: str) -> set[tuple[str, str, str]]:
    found = json.loads(text)["results"]
    return {(path, each["type"], each["hashed_secret"]) for path, some in found.items() for each in some}


def site() -> Verdict:
    """Gixy on deploy/nginx. HSTS is the portal's own: nginx would say it twice."""
    with tempfile.TemporaryDirectory() as directory:
        around = Path(directory) / "nginx.conf"
        around.write_text(f"events {{}}\nhttp {{\n    include {ROOT}/deploy/nginx/register.conf;\n}}\n")
        done = run(tool("gixy"), "--skips", "hsts_header", "--format", "json", around)
    try:
        found = json.loads(done.stdout)
    except json.JSONDecodeError:
        return Verdict(NOT_RUN, (last_line(done.stderr) or "gixy said nothing",))
    return judged(f"{each['severity']}: {each['plugin']}: {each['summary']}" for each in found)


# -- The packages ----------------------------------------------------------------------------------------------------


def packages() -> Verdict:
    """Known weaknesses of what requirements.txt locks. Without its whole answer nothing was audited."""
    with tempfile.TemporaryDirectory() as directory:
        answer = Path(directory) / "answer.json"
        done = run(
            tool("pip-audit"), "--strict", "--disable-pip", "--require-hashes", "--requirement", "requirements.txt",
            "--progress-spinner", "off", "--format", "json", "--output", answer,
        )  # fmt: skip
        if not answer.is_file():
            return Verdict(NOT_RUN, (last_line(done.stderr) or "pip-audit said nothing",))
        return audited(answer.read_text(encoding="utf-8"), locked())


def audited(answer: str, wanted: dict[str, str]) -> Verdict:
    """What pip-audit answered, if it answered for each of the packages that are `wanted`, by name."""
    told = {each["name"]: each for each in json.loads(answer)["dependencies"]}
    if left_out := sorted(name for name in wanted if "vulns" not in told.get(name, {})):
        return Verdict(NOT_RUN, (f"not audited: {', '.join(left_out)}",))
    return judged(
        f"{name} {each['version']}: {weakness['id']}, mended in {', '.join(weakness['fix_versions']) or 'no version'}"
        for name, each in sorted(told.items())
        for weakness in each["vulns"]
    )


def locked(lock: Path = ROOT / "requirements.txt") -> dict[str, str]:
    """By name the version that a lock names."""
    lines = lock.read_text(encoding="utf-8").splitlines()
    pins = (line.split(" ")[0].partition("==") for line in lines if "==" in line and line[0] not in "# ")
    return {name: version for name, _equals, version in pins}


CHECKS: dict[str, Callable[[], Verdict]] = {"code": code, "secrets": secrets, "site": site, "packages": packages}


def last_line(text: str) -> str:
    return (text.strip().splitlines() or [""])[-1]


def verdict_of(check: Callable[[], Verdict]) -> Verdict:
    try:
        return check()
    except OSError as error:
        return Verdict(NOT_RUN, (str(error),))


def exit_code(verdicts: Iterable[Verdict]) -> int:
    states = {each.state for each in verdicts}
    return 1 if FAILED in states else 3 if NOT_RUN in states else 0


def main(names: list[str]) -> int:
    verdicts = []
    for name in names or CHECKS:
        verdicts.append(verdict_of(CHECKS[name]))
        lines = "".join(f"\n  {line}" for line in verdicts[-1].told)
        sys.stdout.write(f"{name}: {verdicts[-1].state}{lines}\n")
        sys.stdout.flush()
    return exit_code(verdicts)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("check", nargs="*", metavar="CHECK", help="all, if none is named")
    sys.exit(main(parser.parse_args().check))
