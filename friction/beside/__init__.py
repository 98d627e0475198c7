"""What is written beside a report for whoever looks closer: ways, speed, forms, single sessions, masked recordings.

`friction.beside.folder` says what lies where and reads it, without Polars; `write` makes it, where data are touched.
Kept as long as the report, and gone with it. The command line writes none of it.
"""
