"""How the pocket painter sees and draws: words, colours, shapes, scenes, and how they are put on paper."""
