"""tobkit: the requirement pool that a To-B company keeps in git.

The way of the data: files -> `store.load` -> `Pool` and diagnostics -> `check`, `dedupe`, `rank` -> page contexts ->
templates -> the site. Each package's docstring says what belongs there; imports go downwards only.
"""

__version__ = "0.1.0"
