"""What crosses the pillars: from an indicator to ideas, on to samskaping and solutions, and back to a better colour."""
