"""What the observatory tells the kernel, one module for each subject."""
