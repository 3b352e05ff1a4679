"""What the idea bank tells the kernel, one module for each subject."""
