"""The public roadmap: what of a pool the world may see, and a second look at what was made of it.

`projection` turns requirements into plain data by an allow-list before any template sees them; `build` renders and
publishes. The second net stands between: `secrets` lists what must not get out, `searching` looks for many texts at once,
`net` reads the finished files as a reader, a search engine or a script would, and says what it found.
"""
