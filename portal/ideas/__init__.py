"""The idea bank: ideas and tidstyver from a thought to a realised benefit, campaigns, assessment and duplicates."""
