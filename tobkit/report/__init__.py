"""Documents made from a pool: renderings of diagnostics, rankings, duplicates and single entries."""
