"""What every other app stands on: encrypted columns, audit, heartbeats, redaction, scoped admin. Knows no vendor."""
