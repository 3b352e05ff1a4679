"""The portal that lets a Norwegian municipality be judged, improved and helped by the people who live in it."""
