"""The site: what pages there are, what stands in them, and how they are written.

The way of a page: `contexts` project a pool and its judgments onto plain data, one module a kind of page; `theme` renders
a context by a template of `tobkit.templates` (or of the workspace's own `templates/`); `publish` writes all files at
once. `build` wires the three. A page is a pure function of its context, so a page can be rendered anywhere, and one
whose context hasn't changed needn't be rendered again.

Beside them: `markdown` (bodies), `search` (the index of the bodies), `charts` (SVG), `format` (numbers, money, dates),
`paths` (which file is whose page), `serve`.
"""
