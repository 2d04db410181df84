"""Thirty seconds of an artist, found at Deezer when somebody asks for them."""
