"""Envelopes sealed and opened a second, beside the bare library, and whether any change opens.

python benchmarks/envelopes.py --quick --json

``bare`` is joserfc alone in the same run: JSON as it comes, signed and encrypted, decrypted and
verified, with keys read once; nothing compared, nothing refused. One process, one core.
"""

import argparse
import json
import platform
import random
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from joserfc import jwe, jws
from joserfc.jwk import OKPKey

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "support"))
from forging import ATTACKS, MOST_BYTES, NOW, Scene
from morina.exchange import Item, Kind, Message
from morina.exchange.envelope import written
from morina.exchange.faults import EnvelopeError, Fault
from morina.exchange.sealing import Bounds, opened, seal

LEAST, LEAST_OF_BARE = 1000, 0.5
"""Small envelopes a second each way; share of what the bare library does."""

TURNS, MUTATIONS = 7, 10_000


class _Signed(jws.JWSRegistry):
    max_payload_length = 2**30


class _Sealed(jwe.JWERegistry):
    max_ciphertext_length = 2**30


_SIGNED = _Signed(algorithms=["Ed25519"])
_SEALED = _Sealed(algorithms=["ECDH-ES", "A256GCM"])


@dataclass(frozen=True)
class Rates:
    """Envelopes a second, each way, ours and bare; bytes as they go out."""

    sealed: float
    opened: float
    bare_sealed: float
    bare_opened: float
    size: int


def main() -> None:
    """Run, print a table or JSON; exit code 1 where a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--quick", action="store_true", help="short turns, 1,000 changes")
    parser.add_argument("--seed", type=int, default=7, help="which bytes are changed")
    chosen = parser.parse_args()
    scene, quick = Scene.set(), chosen.quick
    rates = {name: measured(scene, one, quick) for name, one in messages(scene).items()}
    changes = changed(scene, 1000 if quick else MUTATIONS, random.Random(chosen.seed))
    attacks = refused(scene)
    missed = misses(rates, changes, attacks)
    if chosen.json:
        told = {name: {k: round(v) for k, v in asdict(one).items()} for name, one in rates.items()}
        print(json.dumps({"rates": told, "changes": changes, "attacks": attacks, "missed": missed}))
    else:
        show(rates, changes, attacks, missed)
    sys.exit(bool(missed))


def messages(scene: Scene) -> dict[str, Message]:
    """Small, with a picture of 60 kB, and a part of a list with 1,000 entries."""
    entry = {
        "plate": "AB12CDE", "country": "GB", "reason": "stolen", "action": "stop and call",
        "reference": "GB-2026-000001", "valid_to": "2027-11-22T00:00:00+00:00", "priority": 2,
    }  # fmt: skip
    part = tuple(Item(fields=entry | {"reference": f"GB-{n:09}"}) for n in range(1000))
    picture = Item(fields={"plate": "AB12CDE", "patch": "QUJD" * 20_000}, at=NOW)
    return {
        "sighting": scene.message(),
        "with a picture": scene.message(items=(picture,)),
        "1,000 entries": scene.message(kind=Kind.HOTLIST_PART, items=part),
    }


def measured(scene: Scene, message: Message, quick: bool) -> Rates:
    """Turns of ours and of the bare library, one after the other; the median of each."""
    al, gb, partners = scene.keys("AL"), scene.keys("GB"), scene.partners
    box = OKPKey.import_key(scene.authorities["GB"].sealing)
    signer = OKPKey.import_key(scene.authorities["AL"].signing.key)
    said = json.loads(written(message))
    ours, bare = seal(message, al, partners["GB"]).sealed, bare_sealed(said, signer, box)
    bounds = Bounds(most_bytes=2**30)
    works: list[Callable[[], object]] = [
        lambda: seal(message, al, partners["GB"]),
        lambda: opened(ours, gb, partners, NOW, bounds),
        lambda: bare_sealed(said, signer, box),
        lambda: bare_opened(bare, signer, box),
    ]
    for_s = 0.1 if quick else 0.5
    turns = [[rate(work, for_s) for work in works] for _ in range(3 if quick else TURNS)]
    middle = [statistics.median(column) for column in zip(*turns, strict=True)]
    return Rates(middle[0], middle[1], middle[2], middle[3], len(ours))


def rate(work: Callable[[], object], for_s: float) -> float:
    """How often a second."""
    began, done = time.perf_counter(), 0
    while (spent := time.perf_counter() - began) < for_s:
        work()
        done += 1
    return done / spent


def bare_sealed(said: object, signer: OKPKey, box: OKPKey) -> str:
    """As the library's own pages show it."""
    content = json.dumps(said, separators=(",", ":"))
    signed = jws.serialize_compact({"alg": "Ed25519"}, content, signer, registry=_SIGNED)
    header = {"alg": "ECDH-ES", "enc": "A256GCM"}
    return jwe.encrypt_compact(header, signed, box, registry=_SEALED)


def bare_opened(sealed: str, signer: OKPKey, box: OKPKey) -> object:
    """Back."""
    signed = jwe.decrypt_compact(sealed, box, registry=_SEALED).plaintext or b""
    return json.loads(jws.deserialize_compact(signed, signer, registry=_SIGNED).payload)


def changed(scene: Scene, count: int, chance: random.Random) -> dict[str, int]:
    """Half in what is sealed, half in what is signed and sealed anew: changed in one byte, with
    one byte less or more, cut off."""
    gb, partners, signed = scene.keys("GB"), scene.partners, scene.jws()
    told = {"changes": count, "opened": 0, "fell over": 0}
    for number in range(count):
        if number % 2:
            sealed = mutated(scene.to_gb(signed), chance)
        else:
            sealed = scene.to_gb(mutated(signed, chance))
        try:
            opened(sealed, gb, partners, NOW, Bounds(most_bytes=MOST_BYTES))
            told["opened"] += 1
        except EnvelopeError:
            continue
        except Exception as error:  # noqa: BLE001 - what falls over is what is looked for
            told["fell over"] += 1
            print(f"{error!r} on {sealed!r}", file=sys.stderr)
    return told


def mutated(whole: bytes, chance: random.Random) -> bytes:
    """Another text than ``whole``."""
    at = chance.randrange(len(whole))
    changes = [
        whole[:at] + bytes([whole[at] ^ chance.randrange(1, 256)]) + whole[at + 1 :],
        whole[:at] + whole[at + 1 :],
        whole[:at] + chance.randbytes(1) + whole[at:],
        whole[:at],
    ]
    made = chance.choices(changes, [7, 1, 1, 1])[0]
    return made if made != whole else whole[:at]


def refused(scene: Scene) -> dict[str, str]:
    """What is said to each attack of a compromised node."""
    told = {}
    for name, (attack, _) in ATTACKS.items():
        try:
            opened(attack(scene), scene.keys("GB"), scene.partners, NOW,
                   Bounds(most_bytes=MOST_BYTES))  # fmt: skip
            told[name] = "OPENED"
        except EnvelopeError as error:
            told[name] = error.code.value
    return told


def misses(rates: dict[str, Rates], changes: dict[str, int], attacks: dict[str, str]) -> list[str]:
    """What falls short, in words."""
    small = rates["sighting"]
    missed = [f"{name}: {code}" for name, code in attacks.items() if code not in set(Fault)]
    missed += [f"{changes[one]} changes {one}" for one in ("opened", "fell over") if changes[one]]
    for way, ours, bare in (
        ("sealed", small.sealed, small.bare_sealed), ("opened", small.opened, small.bare_opened),
    ):  # fmt: skip
        if ours < LEAST:
            missed.append(f"{ours:.0f} {way}/s (target {LEAST})")
        if ours < LEAST_OF_BARE * bare:
            missed.append(f"{way}: {ours / bare:.0%} of the bare library ({LEAST_OF_BARE:.0%})")
    return missed


def show(
    rates: dict[str, Rates], changes: dict[str, int], attacks: dict[str, str], missed: list[str]
) -> None:
    """Tables."""
    print(f"Python {platform.python_version()}, one process")
    print(f"{'envelope':16}{'bytes':>10}{'sealed/s':>10}{'bare':>10}{'opened/s':>10}{'bare':>10}")
    for name, one in rates.items():
        print(f"{name:16}{one.size:>10,}{one.sealed:>10,.0f}{one.bare_sealed:>10,.0f}"
              f"{one.opened:>10,.0f}{one.bare_opened:>10,.0f}")  # fmt: skip
    print(", ".join(f"{name} {count:,}" for name, count in changes.items()))
    for name, code in attacks.items():
        print(f"  {name:40}{code}")
    print(f"Missed: {'; '.join(missed) or 'nothing'}")


if __name__ == "__main__":
    main()
