"""The rules in plain Python: each file of ``cosim/engine/rules`` executed again with a decorator that does nothing.

What a rule says is said once, in its own file; what is written twice is everything around the rules. Here no compiler
takes part: the decorator hands the function back, one rule finds the plain form of another, and in numpy's place
stand the three functions of Python that the rules need.
"""

from __future__ import annotations

import builtins
import math
from importlib.util import find_spec
from pathlib import Path
from types import FunctionType, ModuleType, SimpleNamespace
from typing import Any

RULES = "cosim.engine.rules"


def _itself(function: FunctionType) -> FunctionType:
    """Return the function as it was written."""
    return function


STAND_INS: dict[str, Any] = {
    "cosim.engine.compiling": SimpleNamespace(inlined=_itself, compiled=_itself),
    "cosim.engine.processor": SimpleNamespace(ROUNDING=1.5 * 2.0**52, power_of_two=lambda n: math.ldexp(1.0, int(n))),
    "numpy": SimpleNamespace(array=list, uint32=int),
}
_loaded: dict[str, ModuleType] = {}


def _bring(name: str, *details: Any) -> Any:
    """Return what a rule's file asks for: a stand-in, the plain form of another file of rules, or the thing itself."""
    if name in STAND_INS:
        return STAND_INS[name]
    return load_rules(name) if name.startswith(f"{RULES}.") else builtins.__import__(name, *details)


def load_rules(name: str) -> ModuleType:
    """Return one file of rules as a module of plain functions."""
    if name not in _loaded:
        spec = find_spec(name)
        assert spec is not None
        assert spec.origin is not None
        module = ModuleType(f"plain.{name}")
        module.__file__ = spec.origin
        vars(module)["__builtins__"] = {**vars(builtins), "__import__": _bring}
        exec(compile(Path(spec.origin).read_text(encoding="utf-8"), spec.origin, "exec"), vars(module))
        _loaded[name] = module
    return _loaded[name]


arithmetic = load_rules(f"{RULES}.arithmetic")
constructs = load_rules(f"{RULES}.constructs")
deciding = load_rules(f"{RULES}.deciding")
framing = load_rules(f"{RULES}.framing")
joining = load_rules(f"{RULES}.joining")
learning = load_rules(f"{RULES}.learning")
searching = load_rules(f"{RULES}.searching")
spreading = load_rules(f"{RULES}.spreading")
trust = load_rules(f"{RULES}.trust")
