"""What every other app stands on: encrypted columns, audit, heartbeats, redaction, the scoped admin. Knows no vendor."""
