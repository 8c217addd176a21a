"""Anonymous answers: sealed until their prompt closes, published together, and nobody's from then on."""
