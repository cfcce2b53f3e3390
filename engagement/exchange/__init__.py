"""What leaves the register as a file, and what comes in as one."""
