"""Blocks of work done one after the other, or in several processes: the same function, the same results."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

R = TypeVar("R")

_shared: Any = None
"""What all blocks read; in a worker process, put there as it starts."""


def mapped(work: Callable[[Any, Any], R], shared: Any, blocks: Sequence[Any], jobs: int) -> list[R]:
    """`work(shared, block)` for each block, in their order.

    With more than one job, in processes of their own that start afresh (a fork of a program with threads may hang), so
    `work` has to be a function at the top of a module. What is shared is sent to each process once.
    """
    jobs = min(jobs, len(blocks))
    if jobs <= 1:
        return [work(shared, block) for block in blocks]
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    with ProcessPoolExecutor(jobs, get_context("spawn"), initializer=_keep, initargs=(shared,)) as executor:
        return list(executor.map(_worked, (work for _ in blocks), blocks))


def _keep(shared: Any) -> None:
    global _shared  # noqa: PLW0603 - a worker process serves one call of `mapped`
    _shared = shared


def _worked(work: Callable[[Any, Any], R], block: Any) -> R:
    return work(_shared, block)


def cut(size: int, block: int) -> Iterable[tuple[int, int]]:
    """(start, end) of the blocks of a size."""
    return ((start, min(start + block, size)) for start in range(0, size, block))
