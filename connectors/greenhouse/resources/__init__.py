"""What the engine can ask of Greenhouse."""
