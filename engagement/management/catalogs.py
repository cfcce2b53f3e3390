"""The catalogs of the interface's texts, `locale/<language>/LC_MESSAGES/django.po`, and what may be wrong with them.

All of it reads the files alone, so that the rules hold where GNU gettext is not installed. Making the catalogs, and
comparing them with the sources, needs it: `extracting.py`.
"""

import ast
import gettext
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

CONTEXT = "\x04"  # between a context and its text, in compiled catalogs
SAME = "same_as_english.txt"
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd%]|<[^>]+>")

Key = tuple[str, str]


@dataclass
class Message:
    """A text as the sources have it and as a language says it: one `text`, or one for each of its plural forms."""

    msgid: str = ""
    context: str = ""
    plural: str = ""
    texts: list[str] = field(default_factory=list)
    is_fuzzy: bool = False

    @property
    def key(self) -> Key:
        return self.context, self.msgid


# -- Reading -------------------------------------------------------------------------------------------------------


def read(path: Path) -> list[Message]:
    """The messages of a .po file, the head of the file (the message whose text is '') among them."""
    blocks = path.read_text(encoding="utf-8").split("\n\n")
    return [message for block in blocks if (message := parsed(block))]


def parsed(block: str) -> Message | None:
    """The message of one block of lines; None where it holds comments alone."""
    values: dict[str, str] = {}
    name, is_fuzzy = "", False
    for line in block.splitlines():
        if line.startswith("#"):
            is_fuzzy = is_fuzzy or (line.startswith("#,") and "fuzzy" in line)
            continue
        word, _space, rest = line.partition(" ")
        if not line.startswith('"'):
            name, line = word, rest
        values[name] = values.get(name, "") + ast.literal_eval(line)
    if "msgid" not in values:
        return None
    texts = [text for name, text in values.items() if name.startswith("msgstr")]
    return Message(values["msgid"], values.get("msgctxt", ""), values.get("msgid_plural", ""), texts, is_fuzzy)


def catalogs(folder: Path) -> dict[str, Path]:
    """The .po file of each language that has one."""
    return {path.parent.parent.name: path for path in sorted(folder.glob("*/LC_MESSAGES/django.po"))}


def compiled(path: Path) -> dict[str, str]:
    """The texts of a compiled catalog: by context and text, a plural form with its number behind."""
    with path.open("rb") as file:
        kept: dict[str | tuple[str, int], str] = vars(gettext.GNUTranslations(file))["_catalog"]
    return {name if isinstance(name, str) else f"{name[0]}[{name[1]}]": text for name, text in kept.items() if name}


# -- What may be wrong -----------------------------------------------------------------------------------------------


def faults(folder: Path) -> Iterator[str]:
    """A line for each thing that is wrong in the folder of the catalogs."""
    for language, path in catalogs(folder).items():
        messages, same = read(path), read_same(folder / language / SAME)
        equal = {message.msgid.strip() for message in messages if message.msgid and says_the_english(message)}
        wrong = [
            *(fault for message in messages for fault in faults_of(message)),
            *(f"is the English: {text}" for text in sorted(equal - same)),
            *(f"{SAME} names what is not the same: {text}" for text in sorted(same - equal)),
        ]
        if not is_compiled(messages, path.with_suffix(".mo")):
            wrong.append("django.mo is not made of django.po: make messages")
        yield from (f"{language}: {fault}" for fault in wrong)


def faults_of(message: Message) -> Iterator[str]:
    if message.is_fuzzy:
        yield f"is marked as fuzzy: {message.msgid or 'the head of the file'}"
    if not all(message.texts):
        yield f"is not translated: {message.msgid}"
    elif message.msgid and not has_same_placeholders(message):
        yield f"has other placeholders or tags: {message.msgid}"


def says_the_english(message: Message) -> bool:
    return all(text and text in (message.msgid, message.plural) for text in message.texts)


def has_same_placeholders(message: Message) -> bool:
    """Whether each form has the variables and tags of its source; for a single thing the number may be left out."""
    of_one, of_many = placeholders(message.msgid), placeholders(message.plural or message.msgid)
    first, *others = [placeholders(text) for text in message.texts]
    if any(form != of_many for form in others):
        return False
    return set(first) <= {*of_one, *of_many} if message.plural else first == of_one


def placeholders(text: str) -> list[str]:
    return sorted(PLACEHOLDER.findall(text))


def read_same(path: Path) -> set[str]:
    """The texts that are rightly the same as in English, one a line; a comment gives the reason for those below it."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return {line.strip() for line in lines if line.strip() and not line.startswith("#")}


def is_compiled(messages: list[Message], path: Path) -> bool:
    expected: dict[str, str] = {}
    for message in (message for message in messages if message.msgid and all(message.texts)):
        name = f"{message.context}{CONTEXT}{message.msgid}" if message.context else message.msgid
        forms = {f"{name}[{number}]": text for number, text in enumerate(message.texts)}
        expected |= forms if message.plural else {name: message.texts[0]}
    return path.exists() and compiled(path) == expected
