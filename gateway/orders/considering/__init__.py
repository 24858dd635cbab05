"""From what an order asks for to its decision: items, prices, allowances, every reason to hold it."""
