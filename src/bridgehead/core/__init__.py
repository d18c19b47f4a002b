"""Small values that everyone needs. Imports nothing of Bridgehead's."""
