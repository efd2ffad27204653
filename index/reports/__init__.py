"""What the command line prints for people: records → lines of Chinese text."""
