"""`python -m tobkit` is the same as `tobkit`."""

from tobkit.cli import main

if __name__ == "__main__":
    main()
