"""Every job that is deferred by name is registered, and every job says how it is run."""

import ast

from procrastinate.contrib.django import app

from tests.house import source


def test_every_deferred_job_is_registered():
    deferred = {
        (name, f"{module}:{line}")
        for module, path in source.product_modules()
        for name, line in _deferred_names(path)
    }

    assert sorted(where for name, where in deferred if name not in app.tasks) == []


def test_jobs_are_named_after_their_app():
    misnamed = [
        name
        for name, task in app.tasks.items()
        if (home := source.app_of(task.func.__module__))
        and name.split(".")[0] != home.split(".")[-1]
    ]
    assert misnamed == []


def _deferred_names(path):
    for node in ast.walk(source.tree(path)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "configure_task"
        ):
            first = node.args[0] if node.args else node.keywords[0].value
            if isinstance(first, ast.Constant):
                yield first.value, node.lineno
