"""Asks which locked dependencies have known flaws; exit status 1 where one has.

    python tools/audit_dependencies.py [LOCK]

Where nobody answers, or who answers knows nothing of a package, that is said and is no failure:
pip-audit by itself then says "No known vulnerabilities found", although it could ask nobody.
"""

import json
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

HOW = ("--disable-pip", "--require-hashes", "--progress-spinner", "off", "--format", "json")
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Audit:
    """What came of asking: packages with their flaws, those asked about, those nobody knew."""

    flaws: tuple[str, ...]
    asked: int
    unknown: tuple[str, ...]

    @property
    def said(self) -> str:
        """In words."""
        if not self.asked:
            return "NOT audited: nobody could be asked about any dependency; try with the internet"
        lines = [f"{self.asked} dependencies were asked about, {len(self.flaws)} flaws are known"]
        lines += [f"  {flaw}" for flaw in self.flaws]
        if self.unknown:
            some = ", ".join(self.unknown[:SHOWN])
            lines.append(f"  NOT audited: {len(self.unknown)}, such as {some}")
        return "\n".join(lines)


def read(answer: str) -> Audit:
    """What pip-audit answered; none where it is no JSON, which it is not where it gave up."""
    try:
        found: list[dict[str, Any]] = json.loads(answer)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return Audit((), 0, ())
    known = [one for one in found if "skip_reason" not in one]
    flaws = tuple(
        f"{one['name']} {one['version']}: {flaw['id']}, mended in "
        f"{', '.join(flaw['fix_versions']) or 'no version yet'}"
        for one in known
        for flaw in one["vulns"]
    )
    unknown = tuple(one["name"] for one in found if "skip_reason" in one)
    return Audit(flaws, len(known), unknown)


def main(lock: str) -> int:
    """Ask, say, and the exit status."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", lock, *HOW]
    asked = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    audit = read(asked.stdout)
    print(audit.said)
    return 1 if audit.flaws else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "requirements.lock"))
