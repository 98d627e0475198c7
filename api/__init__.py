"""The HTTP service.

In a checkout this is the package `api`, installed it is `friction.server`: imports inside are relative, and
only `friction.cli` looks for it.
"""
