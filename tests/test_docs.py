"""What the documents say is true now."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from engagement.management.commands.draw_models import diagram
from engagement.management.dictionary import dictionary

pytestmark = pytest.mark.once

BASE = Path(settings.BASE_DIR)
DOCUMENTS = [BASE / "README.md", BASE / "CONTRIBUTING.md", *sorted((BASE / "docs").rglob("*.md"))]


def test_the_diagram_of_the_data_model_is_the_one_that_the_models_give() -> None:
    document = (BASE / "docs" / "data-model.md").read_text(encoding="utf-8")
    drawn = re.search(r"```mermaid\n(.*?)\n```", document, flags=re.DOTALL)
    assert drawn is not None
    assert drawn[1].splitlines() == list(diagram())


def test_the_data_dictionary_is_the_one_that_the_declarations_give() -> None:
    document = (BASE / "docs" / "data-dictionary.md").read_text(encoding="utf-8")
    assert document.splitlines() == "\n".join(dictionary()).splitlines()


def test_every_file_that_a_document_links_to_exists() -> None:
    for document in DOCUMENTS:
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (document.parent / target).exists(), f"{document.name}: {target}"


def test_every_environment_variable_that_the_settings_read_is_in_the_operations_page() -> None:
    settings_text = (BASE / "ilo_portal" / "settings.py").read_text(encoding="utf-8")
    operations = (BASE / "docs" / "operations.md").read_text(encoding="utf-8")
    names = re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', settings_text)
    assert len(names) >= 10
    assert [name for name in names if f"`{name}`" not in operations] == []


def test_every_command_of_the_register_is_in_the_operations_page() -> None:
    operations = (BASE / "docs" / "operations.md").read_text(encoding="utf-8")
    commands = [path.stem for path in (BASE / "engagement" / "management" / "commands").glob("[a-z]*.py")]
    assert [name for name in commands if f"`{name}" not in operations and f" {name}" not in operations] == []


def test_the_architecture_page_names_every_folder_of_the_app() -> None:
    architecture = (BASE / "docs" / "architecture.md").read_text(encoding="utf-8")
    folders = [path.parent.name for path in (BASE / "engagement").glob("*/__init__.py")]
    assert [name for name in folders if name != "migrations" and f"/{name}/" not in architecture] == []
