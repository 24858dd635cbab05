"""Where goods come from and when: allocation, promises, backorders, what to buy."""
