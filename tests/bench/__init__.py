"""Speed, measured and never asserted in a test: `bin/bench` prints each limit with pass or fail."""
