"""What answers requests: it knows HTTP and templates, and asks directories and models for everything else."""
