"""Pages: a view is form -> verb -> page, and nothing else."""
