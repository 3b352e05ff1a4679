"""The pages of the portfolio: for everybody, for those who plan and apply, and for those who run the funds."""
