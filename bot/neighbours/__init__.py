"""Who is near an artist that the model does not know, asked of outside services."""
