"""`make sbom`: what cyclonedx-py says of the lock, on standard input, as docs/sbom.json keeps it, on standard output.

Without what differs from one installation to another: where files are loaded from, and the lines of the lock.
"""

import json
import sys
from typing import Any


def kept(bill: dict[str, Any]) -> dict[str, Any]:
    components = [component(each) for each in bill["components"]]
    metadata = {"component": bill["metadata"]["component"]}
    about = {name: bill[name] for name in ("$schema", "bomFormat", "specVersion")}
    return {**about, "version": 1, "metadata": metadata, "components": sorted(components, key=lambda one: one["name"])}


def component(told: dict[str, Any]) -> dict[str, Any]:
    return {**{name: told[name] for name in ("type", "name", "version", "purl")}, "bom-ref": told["purl"]}


if __name__ == "__main__":
    json.dump(kept(json.load(sys.stdin)), sys.stdout, indent=1, ensure_ascii=False)
    sys.stdout.write("\n")
