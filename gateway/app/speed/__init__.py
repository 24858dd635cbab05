"""How fast a machine is: synthetic orders go through the whole chain in a site of their own."""
