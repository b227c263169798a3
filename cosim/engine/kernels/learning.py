"""Row *learn*, inside the arena: what progress and outcomes teach its members."""

from __future__ import annotations

from typing import Any

from cosim.engine.compiling import kernel
from cosim.engine.kernels.deciding import DELIVERED, RUNNING
from cosim.engine.rules.learning import identity_next, moved_towards, optimism_after_news


@kernel
def learn_of_progress(process: Any, p: Any, member: Any, good: float, mask: int) -> None:
    """Move one member's optimism, commitment and trust by whether the month brought a step forward."""
    if process.progress_optimism > 0.0:
        member.optimism = optimism_after_news(
            member.optimism,
            good,
            process.progress_optimism * p.learn_progress_good,
            process.progress_optimism * p.learn_progress_bad,
        )
    if process.progress_commitment > 0.0:
        rate = process.progress_commitment * p.learn_commitment_progress
        member.commitment = moved_towards(member.commitment, good, rate)
    if process.wins_to_trust > 0.0 and good > 0.5:
        for sector in range(4):
            if (mask >> sector) & 1:
                member.trust[sector] += process.wins_to_trust


@kernel
def learn_of_outcome(process: Any, p: Any, member: Any, outsider: bool, won: float) -> None:
    """Move one member's optimism and commitment by the outcome; partners who are not told of a failure lose trust in
    the municipality.
    """
    member.optimism = optimism_after_news(
        member.optimism,
        won,
        process.outcome_optimism * p.learn_outcome_good,
        process.outcome_optimism * p.learn_outcome_bad,
    )
    rate = process.outcome_commitment * p.learn_commitment_outcome
    member.commitment = moved_towards(member.commitment, won, rate)
    if won < 0.5 and outsider:
        member.distrust[0] += p.learn_silence * (1.0 - p.arenas_feedback_participants)


@kernel
def learn(process: Any, p: Any, arena: Any, seats: Any, desk: Any, members: int, ending: int) -> None:
    """Move the members' optimism, commitment, identity and trust by this month's progress and, at the end, outcome."""
    good = 1.0 if arena.progress else 0.0
    won = 1.0 if ending == DELIVERED else 0.0
    mask = 0
    for one in range(members):
        mask |= 1 << desk.sector_of[desk.members[one]]
    for one in range(members):
        member = seats[desk.members[one]]
        learn_of_progress(process, p, member, good, mask)
        success = 0.0
        if ending != RUNNING:
            learn_of_outcome(process, p, member, desk.sector_of[desk.members[one]] > 0, won)
            success = won * process.outcome_identity
        member.identity = identity_next(
            member.identity, member.identity_anchor, success, p.learn_identity_success, p.learn_identity_anchor
        )
