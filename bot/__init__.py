"""What a person sees and says: the roof of the house."""
