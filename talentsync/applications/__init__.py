"""Jobs: what a customer's ATS advertises, what LinkedIn shows of it, and how it is closed at both vendors."""
