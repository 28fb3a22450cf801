# Written by `make generate` from ../_async/__init__.py. Do not edit: change that and run it again.
