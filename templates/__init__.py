"""The default theme: Jinja templates (`*.html`, `parts/`) and `assets/`. A workspace's own `templates/` override them."""
