"""Reading benefits and innovation funds: what a thing's page shows, and the pages of the portfolio."""
