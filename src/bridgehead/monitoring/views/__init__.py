"""The pages of the support review, one module for each kind."""
