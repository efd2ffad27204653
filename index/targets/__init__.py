"""What targets measure, and how those of one indicator stand to each other."""
