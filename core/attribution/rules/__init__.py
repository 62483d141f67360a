"""Rule models: a fixed rule splits each deal over its touches."""
