"""APScheduler jobs that start the recurring work, nothing else."""
