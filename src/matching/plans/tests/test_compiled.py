import os
import subprocess
import sys

PROGRAM = """
from matching.plans import assign
from matching.compiled import IS_COMPILED
from matching.weeks import invent_week_of

plan = assign(*invent_week_of(2_000, 300, seed=1))
print(IS_COMPILED, plan.plan_hash, plan.objective, plan.bound, plan.whole_bound)
"""


def test_plain_code_makes_same_plan_as_compiled() -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    environment.pop("MATCHING_PLAIN", None)
    told = [
        subprocess.Popen(
            [sys.executable, "-c", PROGRAM],
            env={**environment, **extra},
            stdout=subprocess.PIPE,
            text=True,
        )
        for extra in ({}, {"MATCHING_PLAIN": "1"})
    ]

    answers = [one.communicate(timeout=120)[0].split() for one in told]

    assert [answer[0] for answer in answers] == ["True", "False"]
    assert answers[0][1:] == answers[1][1:]
