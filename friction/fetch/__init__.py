"""The process that fetches: it has network and credentials, and reads no data; started by `friction.places`."""
