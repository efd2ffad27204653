"""What people decide: its history, what it amounts to, how it is carried to new readings, and what is to be decided next."""
