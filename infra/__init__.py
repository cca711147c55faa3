"""Where things are kept and run: two wings with the same ports, and what both need on the machine."""
