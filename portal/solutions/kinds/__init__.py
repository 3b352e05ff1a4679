"""What solutions tell the kernel: their kinds of content, and what they keep about people."""
