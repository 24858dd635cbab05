"""From the warehouse order to the delivery."""
