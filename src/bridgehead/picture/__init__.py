"""Each school in context: standing, direction of travel, similar schools, inspections."""
