"""A throw-away instance to look around in: its people, and what happens between them."""
