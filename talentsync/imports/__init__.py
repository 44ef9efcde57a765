"""Records from files: CSV and JSON Lines, read line by line, checked by every rule, loaded a thousand at a time."""
