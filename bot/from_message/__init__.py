"""*Recommend from this*: what goes with the artists that a message names."""
