"""Benchmarks and the pools they run on. README.md says how; nothing here is shipped."""
