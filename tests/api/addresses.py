"""What the tests of the API ask."""

import pytest

from engagement.directories import DIRECTORIES, Directory

each_directory = pytest.mark.parametrize("directory", DIRECTORIES, ids=lambda directory: directory.name)


def address_of(directory: Directory, *steps: str | int) -> str:
    return "/".join(["/api/v1", directory.name, *map(str, steps), ""])
