"""Run `qac` with `python -m qlik_automation_connections`."""

from ._cli import main

if __name__ == "__main__":
    main()
