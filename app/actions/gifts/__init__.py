"""A delivery that goes to somebody else."""
