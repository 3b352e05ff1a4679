"""What co-creation tells the kernel: its kinds of content, and what it keeps about people."""
