"""Jobs: what a recruiter posts, renews and closes."""
