"""The student edition: the same book without solutions."""
