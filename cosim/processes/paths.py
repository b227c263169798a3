"""Who reaches whom along the arrows of a theory."""

from __future__ import annotations

from collections.abc import Collection

from cosim.processes.model import ProcessModel


def reaching(model: ProcessModel, targets: Collection[str]) -> set[str]:
    """Return the constructs that reach one of the targets along arrows, the targets that are constructs among them.

    Parameters
    ----------
    model : ProcessModel
    targets : names of constructs; others are passed over
    """
    found = {name for name in model.construct_names if name in targets}
    waiting = list(found)
    while waiting:
        receiver = waiting.pop()
        for arrow in model.arrows:
            if arrow.receiver == receiver and arrow.sender not in found:
                found.add(arrow.sender)
                waiting.append(arrow.sender)
    return found
