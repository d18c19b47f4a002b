"""What a figure means: one YAML definition a measure, and the loader."""
