"""Collections of real mail that came back, read one by one: how much of it is understood, and what is said too much."""

import io
import subprocess
import sys
import tarfile
from collections import Counter
from importlib.metadata import version
from pathlib import Path

import pytest

from benchmarks.bounces import AUTOMATIC, OTHER, RFC_3464, Truth, mails_in, truth_of
from notifications.inbound.parsing import read_mail
from notifications.inbound.rules import Action, Kind, Wire, wire_of
from notifications.suppression.rules import Cause, cause_of
from tests.servers import do_without

SAMPLES = Path(__file__).resolve().parents[2].parent / "shared" / "samples" / "bounces"
LEAST = {RFC_3464: 0.97, OTHER: 0.85}


def judged(folder: Path) -> tuple[dict[str, float], list[str]]:
    """The share that is understood by form, and the mails of which more is said than they say."""
    mails, understood, wrong = Counter[str](), Counter[str](), []
    for name, raw, expected in mails_in(folder):
        truth, wire = truth_of(raw, expected), wire_of(read_mail(raw))
        mails[truth.form] += 1
        understood[truth.form] += bool(wire.outcomes)
        wrong += [name] if _says_too_much(truth, wire) else []
    return {form: understood[form] / count for form, count in mails.items()}, wrong


def _says_too_much(truth: Truth, wire: Wire) -> bool:
    failed = [one for one in wire.outcomes if one.action is Action.failed]
    if truth.form == AUTOMATIC:
        return wire.kind is not Kind.auto_reply
    if truth.is_final is False:
        return bool(failed)
    is_gone = any(cause_of(one.status, one.words) is Cause.gone for one in failed)
    return is_gone and truth.is_gone is False and not truth.says_gone


def test_flufl_bounces_own_mails_are_understood(tmp_path: Path) -> None:
    """They come in its source package, and are not ours to ship."""
    mails = tmp_path / "mails"
    mails.mkdir()
    package = f"flufl.bounce=={version('flufl.bounce')}"
    how = ["--quiet", "--no-deps", "--no-binary", ":all:", "--no-build-isolation"]
    get = [sys.executable, "-m", "pip", "download", *how, "-d", str(tmp_path)]
    if subprocess.run([*get, package], capture_output=True, check=False).returncode:
        do_without("the source package of flufl.bounce", "let pip reach its index")
    (source,) = tmp_path.glob("*.tar.gz")
    with tarfile.open(fileobj=io.BytesIO(source.read_bytes())) as archive:
        # By their names alone: `extractall` has its filter from Python 3.11.4 on.
        for member in archive:
            content = archive.extractfile(member) if "/tests/data/" in member.name else None
            if content:
                (mails / Path(member.name).name).write_bytes(content.read())
    shares, wrong = judged(mails)
    assert (shares[RFC_3464] >= LEAST[RFC_3464], shares[OTHER] >= LEAST[OTHER], wrong) == (True, True, []), shares


def test_a_public_collection_is_understood() -> None:
    if not SAMPLES.is_dir():
        pytest.skip("no collection of mails beside this checkout (shared/samples/bounces)")
    shares, wrong = judged(SAMPLES)
    assert (shares[RFC_3464] >= LEAST[RFC_3464], shares[OTHER] >= LEAST[OTHER], wrong) == (True, True, []), shares
