"""Reading the linked data of pages as a machine does, without the network: schema_org.json has what is used of it."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pyld import jsonld

VOCABULARY: dict[str, Any] = json.loads((Path(__file__).parent / "exchange" / "schema_org.json").read_text())
RELATIVE = "relative:"
SCHEMA = "https://schema.org/"
DATES = ("foundingDate", "dissolutionDate", "startDate", "endDate", "legislationDate", "dateCreated", "datePublished",
         "lastReviewed")  # fmt: skip


class Scripts(HTMLParser):
    """The contents of the elements with linked data, and the links of the head by relation."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag == "script" and ("type", "application/ld+json") in attrs
        if self.inside:
            self.texts.append("")

    def handle_endtag(self, tag: str) -> None:
        self.inside = False

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.texts[-1] += data


def linked_of(page: str) -> list[Any]:
    """What stands in the elements `<script type="application/ld+json">`, as a browser tells where they end."""
    reader = Scripts()
    reader.feed(page)
    return [json.loads(text) for text in reader.texts]


def load(url: str, options: Any) -> dict[str, Any]:
    assert url == "https://schema.org", f"linked data asked for {url}"
    context = {"@context": VOCABULARY["@context"]}
    return {"contextUrl": None, "documentUrl": url, "document": context, "contentType": "application/ld+json"}


def expanded(data: Any) -> list[Any]:
    """Without a context, as https://www.w3.org/TR/json-ld11-api/ says; a relative address is seen as one."""
    nodes: list[Any] = jsonld.expand(data, {"documentLoader": load, "base": RELATIVE})
    return nodes


def properties_of(kind: str) -> set[str]:
    own = VOCABULARY["types"][kind]
    return set(own["properties"]) | (properties_of(own["parent"]) if own["parent"] else set())


def wrong_in(nodes: Any, at: str = "") -> list[str]:
    """What is not as schema.org has it: unknown types, properties that a type does not have, relative addresses,
    dates of another form, and whatever is empty."""
    if isinstance(nodes, list):
        return [wrong for each in nodes for wrong in wrong_in(each, at)] if nodes else [f"{at}: empty"]
    if "@value" in nodes:
        return wrong_value(nodes["@value"], at)
    wrong = [] if is_absolute(nodes.get("@id", SCHEMA)) else [f"{at}: address {nodes['@id']}"]
    kinds = [kind.removeprefix(SCHEMA) for kind in nodes.get("@type", [])]
    wrong += [f"{at}: type {kind}" for kind in kinds if kind not in VOCABULARY["types"]]
    allowed = {name for kind in kinds if kind in VOCABULARY["types"] for name in properties_of(kind)}
    for name, value in nodes.items():
        if not name.startswith("@"):
            short = name.removeprefix(SCHEMA)
            wrong += [] if short in allowed else [f"{at}: {short} of {kinds}"]
            wrong += wrong_in(value, f"{at}/{short}")
    return wrong


def wrong_value(value: Any, at: str) -> list[str]:
    if value in ("", None):
        return [f"{at}: empty"]
    is_date = at.rsplit("/", 1)[-1] in DATES
    return [f"{at}: date {value}"] if is_date and not re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", value) else []


def is_absolute(url: str) -> bool:
    return urlsplit(url).scheme in ("http", "https") and bool(urlsplit(url).netloc)


def things(data: Any) -> dict[str, Any]:
    """The page and what it is about, as they are written: `{"page": …, "thing": …}`."""
    page, thing = data["@graph"]
    return {"page": page, "thing": thing}
