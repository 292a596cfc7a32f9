"""Files and git <-> model: the safe walk, front matter with positions, loading, lossless edits, the repository.

`load` is the one way from files to a pool; every command goes through it, so what `check` passes is exactly what
`build` accepts.
"""
