"""Cases, reports, decisions with reasons, and appeals, over everything people write."""
