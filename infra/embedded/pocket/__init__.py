"""Pocket painter's room – words, colours, shapes and scenes, and the finishes on paper."""
