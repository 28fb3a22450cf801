"""`python -m qlik_automation_connections` is `qac`."""

from ._cli import main

if __name__ == "__main__":
    main()
