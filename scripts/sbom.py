"""Write build/sbom.cdx.json, what a server is made of: `make sbom`.

CycloneDX 1.6 from requirements.lock: every package that an installation may hold, with its hashes, what it is
needed by and, where it is installed here, its licence. The same lock file always gives the same bytes.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
LOCK, BILL = ROOT / "requirements.lock", ROOT / "build" / "sbom.cdx.json"
OURS = "qa-service"
CLASSIFIED = "License :: OSI Approved :: "


@dataclass(frozen=True, slots=True, kw_only=True)
class Locked:
    """A package of the lock file; ``parents`` need it."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]
    parents: tuple[str, ...]

    @property
    def purl(self) -> str:
        """Its address as packages have one."""
        return f"pkg:pypi/{self.name}@{self.version}"


def locked(text: str) -> Iterator[Locked]:
    """The packages of a lock file as uv writes it."""
    for entry in re.split(r"\n(?=\S)", text.strip()):
        wanted = Requirement(entry.split("\n")[0].removesuffix("\\").strip())
        (pin,) = wanted.specifier
        _, _, via = entry.partition("# via")
        yield Locked(
            name=canonicalize_name(wanted.name),
            version=pin.version,
            marker=str(wanted.marker or ""),
            hashes=tuple(re.findall(r"--hash=sha256:([0-9a-f]{64})", entry)),
            parents=tuple(re.findall(r"[a-z0-9][a-z0-9.-]*(?=\s|$|\))", via.replace("(pyproject.toml)", ""))),
        )


def rendered() -> str:
    """The bill as JSON."""
    packages = sorted(locked(LOCK.read_text("utf-8")), key=lambda one: one.purl)
    found: dict[str, object] = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": OURS,
                "name": OURS,
                "version": metadata.version(OURS),
                "licenses": _licences(OURS),
            }
        },
        "components": [_component(one) for one in packages],
        "dependencies": _dependencies(packages),
    }
    told = json.dumps(found, sort_keys=True)
    found["serialNumber"] = f"urn:uuid:{uuid5(NAMESPACE_URL, told)}"
    return json.dumps(found, indent=2, sort_keys=True) + "\n"


def _component(one: Locked) -> Mapping[str, object]:
    made: dict[str, object] = {
        "type": "library",
        "bom-ref": one.purl,
        "name": one.name,
        "version": one.version,
        "purl": one.purl,
        "scope": "optional" if one.marker else "required",
        "externalReferences": [
            {
                "type": "distribution",
                "url": one.purl,
                "comment": "any of its files that has one of these hashes",
                "hashes": [{"alg": "SHA-256", "content": digest} for digest in one.hashes],
            }
        ],
    }
    licences = _licences(one.name)
    return made | ({"licenses": licences} if licences else {})


def _licences(name: str) -> list[Mapping[str, object]]:
    """As its own metadata says; [] when it does not, or is not installed here."""
    try:
        told = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return []
    if expression := told.get("License-Expression"):
        return [{"expression": expression}]
    named = [
        one.removeprefix(CLASSIFIED) for one in told.get_all("Classifier") or () if one.startswith(CLASSIFIED)
    ]
    return [{"license": {"name": one}} for one in named]


def _dependencies(packages: list[Locked]) -> list[Mapping[str, object]]:
    addresses: dict[str, list[str]] = {OURS: [OURS]}  # by name; another Python may need another version
    for one in packages:
        addresses.setdefault(one.name, []).append(one.purl)
    needs: dict[str, list[str]] = {address: [] for found in addresses.values() for address in found}
    for one in packages:
        for parent in one.parents:
            for address in addresses[canonicalize_name(parent)]:
                needs[address].append(one.purl)
    return [{"ref": address, "dependsOn": sorted(set(found))} for address, found in sorted(needs.items())]


def main() -> None:
    """Write it."""
    BILL.parent.mkdir(exist_ok=True)
    BILL.write_text(rendered(), "utf-8")


if __name__ == "__main__":
    main()
