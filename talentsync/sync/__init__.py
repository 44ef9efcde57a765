"""The engine: what each connection must be told about each record, and how far that is."""
