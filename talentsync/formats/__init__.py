"""How dates and times are written, the same on every page: 2 Mar 2026, 12:05. Django's own English says "noon"."""
