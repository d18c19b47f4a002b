"""The pages about what is kept: one module for whoever reads them."""
