"""What a pool is: kinds and their fields, the schema with a team's own fields, the `Pool` with its look-ups, groups and
evidence, diagnostics, configuration. Pure data: nothing here reads a file, a clock or git.
"""
