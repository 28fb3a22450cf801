"""`python -m qlik_automation_connections.cli`, for where the program `qac` is not on the path."""

from . import main

if __name__ == "__main__":
    main()
