"""Other processes that work for this one, and do not outlive it."""

import os
import select
import signal
import subprocess
import sys
from contextlib import suppress

import numpy as np
import pytest

from bridgehead.opendata.releases import Store
from bridgehead.picture.compare import Around
from bridgehead.picture.crew import crew
from bridgehead.picture.roster import roster
from bridgehead.picture.tables import tables

pytestmark = pytest.mark.slow

PARENT = """
import sys
from pathlib import Path
from bridgehead.picture.crew import crew

if __name__ == "__main__":
    with crew(Path(sys.argv[1]), 2) as share:
        import multiprocessing
        print(*(one.pid for one in multiprocessing.active_children()), flush=True)
        sys.stdin.read()
"""


@pytest.fixture
def around(home, publish, school):
    publish("2016-2017", [school(900001), school(900002)])
    store = Store(home)
    who = roster(tables(store, store.cards()), {})
    return Around(who, np.zeros((2, 1)), np.ones(2), np.full((2, 50), -1, dtype=np.int32))


def told(around, one, other):
    return around.roster.urn.tolist(), one / other


@pytest.mark.parametrize("hands", [0, 2])
def test_what_hands_do_comes_back_in_order_and_nothing_is_left(tmp_path, around, hands):
    with crew(tmp_path, hands) as share:
        each = share(around)
        got = list(each(told, [(n, 2) for n in range(9)]))
    assert got == [([900001, 900002], n / 2) for n in range(9)]
    assert list(tmp_path.glob("*.pickle")) == []


@pytest.mark.parametrize("hands", [0, 2])
def test_a_failure_comes_out_and_nothing_is_left(tmp_path, around, hands):
    with pytest.raises(ZeroDivisionError), crew(tmp_path, hands) as share:
        list(share(around)(told, [(1, 0), (1, 1)]))
    assert list(tmp_path.glob("*.pickle")) == []


def test_hands_end_when_the_process_they_work_for_is_killed(tmp_path):
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    parent = subprocess.Popen(
        [sys.executable, script, tmp_path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    hands = [int(pid) for pid in parent.stdout.readline().split()]
    assert len(hands) == 2
    waiting = [os.pidfd_open(pid) for pid in hands]
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    ended = [select.select([one], [], [], 30)[0] for one in waiting]
    for one in waiting:
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(one, signal.SIGKILL)
        os.close(one)
    parent.communicate()
    assert all(ended)
