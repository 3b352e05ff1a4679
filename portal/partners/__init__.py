"""Exchange between portals: partners, their keys, the feed, and what comes in from others."""
