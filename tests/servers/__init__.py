"""PostgreSQL and Redis out of wheels, for a machine that has none: `bin/test --servers`."""
