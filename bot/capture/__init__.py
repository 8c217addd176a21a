"""Which conversations matter, and making sure that nothing said in them is missed or counted twice."""
