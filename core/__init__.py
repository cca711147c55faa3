"""Core – the nouns of Imagify, their moves and the ports they use, without vendors or I/O."""
