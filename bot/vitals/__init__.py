"""How a running bot is watched: its numbers for Prometheus, its sign of life, and what is wrong with it in a sentence."""
