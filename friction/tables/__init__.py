"""Tables as they lie in files: opened, recognised and cut into records, their words still the file's own."""
