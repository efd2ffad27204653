"""Who carries out what: signals of pairs of tasks, their grade and evidence, and what follows for coverage and chains."""
