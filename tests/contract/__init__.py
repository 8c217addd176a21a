"""What every adapter does, whatever its platform: the same tests on all of them."""
