"""The catalogs made of the sources, with GNU gettext: brought up to them, compared with them, compiled."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.commands import makemessages

from engagement.management.catalogs import Key, Message, catalogs, read

# Where texts of the interface stand.
SOURCES = ("engagement", "ilo_portal", "templates")
FOLDER = Path("locale")
HEAD = """\
msgid ""
msgstr ""
"Project-Id-Version: ilo-portal\\n"
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
{plural}

"""


class Extraction(makemessages.Command):
    """Django's, but for two things: it guesses nothing, so that no text is half translated, and it sorts.

    In a sorted file, without the places where texts stand, a change of one text is a change of one block.
    """

    msgmerge_options = ["-q", "--backup=none", "--update", "--no-fuzzy-matching", "--sort-output"]
    msguniq_options = ["--to-code=utf-8", "--sort-output"]


def need_gettext() -> None:
    if shutil.which("msgfmt") is None:
        raise CommandError("GNU gettext was not found (on Debian and Ubuntu: apt install gettext).")


def languages() -> list[str]:
    return [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


@contextmanager
def extracted(root: Path) -> Iterator[Path]:
    """A folder with the catalogs of `root` as they are when they are brought up to the sources there.

    A language without a catalog has an empty one.
    """
    with tempfile.TemporaryDirectory(prefix="register-messages-") as made:
        for name in SOURCES:
            shutil.copytree(root / name, Path(made) / name, ignore=shutil.ignore_patterns("__pycache__", "migrations"))
        for language, path in catalogs(root / FOLDER).items():
            shutil.copytree(path.parent, Path(made) / FOLDER / language / path.parent.name)
        (Path(made) / FOLDER).mkdir(exist_ok=True)
        options = {"no_location": True, "no_wrap": True, "no_obsolete": True, "verbosity": 0}
        with chdir(made):
            call_command(Extraction(), locale=languages(), extensions=["html", "py", "txt"], **options)
        yield Path(made) / FOLDER


def bring_up(root: Path) -> None:
    with extracted(root) as made:
        for language, path in catalogs(made).items():
            target = root / FOLDER / path.relative_to(made)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(with_short_head(path.read_text(encoding="utf-8"), language), encoding="utf-8")


def with_short_head(catalog: str, language: str) -> str:
    """The catalog with a head that says what programs need, and nothing that changes with each run."""
    head, _blank, messages = catalog.partition("\n\n")
    plural = next(line for line in head.splitlines() if line.startswith('"Plural-Forms'))
    return HEAD.format(language=language, plural=plural) + messages


def compile_catalogs(folder: Path) -> None:
    for path in catalogs(folder).values():
        run("msgfmt", "--check", "-o", str(path.with_suffix(".mo")), str(path))


def out_of_step(root: Path) -> Iterator[str]:
    """A line for each text that the sources have and a catalog has not, or the other way round."""
    with extracted(root) as made:
        for language, path in catalogs(made).items():
            now, then = by_key(path), by_key(root / FOLDER / path.relative_to(made))
            yield from (f"{language}: is missing: {msgid}" for _context, msgid in sorted(now.keys() - then.keys()))
            yield from (f"{language}: is used nowhere: {msgid}" for _c, msgid in sorted(then.keys() - now.keys()))
            changed = [key for key in now.keys() & then.keys() if now[key].plural != then[key].plural]
            yield from (f"{language}: has another plural: {msgid}" for _context, msgid in sorted(changed))


def by_key(path: Path) -> dict[Key, Message]:
    return {message.key: message for message in read(path)} if path.exists() else {}


def malformed(folder: Path) -> Iterator[str]:
    """What msgfmt has to say."""
    for language, path in catalogs(folder).items():
        done = run("msgfmt", "--check", "-o", "/dev/null", str(path), check=False)
        if done.returncode:
            yield from (f"{language}: {line}" for line in done.stderr.splitlines())


def run(*command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if check and done.returncode:
        raise CommandError(done.stderr)
    return done
