"""The process in which data are touched; started by `friction.isolate`, never imported by the door."""
