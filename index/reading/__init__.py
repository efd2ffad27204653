"""Files → records: what a build is asked to read, and the workers that read untrusted files."""
