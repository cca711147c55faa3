"""What Imagify is: its nouns, its moves and the ports it stands on; no vendor, no I/O of its own."""
