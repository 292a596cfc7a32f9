"""Blocks of work done one after the other, or in several processes: the same function, the same results."""

import sys
import warnings
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

R = TypeVar("R")

_shared: Any = None
"""What all blocks read; in a worker process, put there as it starts."""


def mapped(work: Callable[[Any, Any], R], shared: Any, blocks: Sequence[Any], jobs: int) -> list[R]:
    """`work(shared, block)` for each block, in their order.

    With more than one job, in processes of their own, so `work` has to be a function at the top of a module. Where
    processes can be forked safely (Linux) they see what is shared as it is; elsewhere it is sent to each of them once.
    """
    jobs = min(jobs, len(blocks))
    if jobs <= 1:
        return [work(shared, block) for block in blocks]
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    context = get_context("fork" if sys.platform == "linux" else "spawn")
    with warnings.catch_warnings(), ProcessPoolExecutor(jobs, context, _keep, (shared,)) as executor:
        # Python warns of forks beside threads; the only ones here are those of the libraries that numpy uses, which
        # prepare for it.
        warnings.simplefilter("ignore", DeprecationWarning)
        return list(executor.map(_worked, (work for _ in blocks), blocks))


def _keep(shared: Any) -> None:
    global _shared  # noqa: PLW0603 - a worker process serves one call of `mapped`
    _shared = shared


def _worked(work: Callable[[Any, Any], R], block: Any) -> R:
    return work(_shared, block)


def cut(size: int, block: int) -> list[tuple[int, int]]:
    """(start, end) of the blocks of a size."""
    return [(start, min(start + block, size)) for start in range(0, size, block)]
