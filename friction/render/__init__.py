"""A report for a reader: text for the terminal (`text`, `point`, `changes`), CSV (`table`), JSON (`json`).

Everything here reads reports and never data, and loads without Polars.
"""
