"""Records in, answers out: the knowledge base, search, links, findings. Importing this package costs nothing."""
