"""Nightly scans inside the service: when they are due, how one is carried out, and that messages arrive.

A night is known by its date in the zone of the project, and its scan by project and date: however often a clock goes
through an hour, however late a service comes back, a night is scanned once. That is why friction itself works out
which night is due, and the durable engine carries it out, one scan of a project at a time.
"""
