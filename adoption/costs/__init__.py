"""What letters, messages and sheets cost: parameters with their sources, never constants hidden in a sum."""
