"""The Whoosh index: its words, its fields, its generations, and queries with the decisions laid over them."""
