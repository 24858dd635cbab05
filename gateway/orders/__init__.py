"""What do we owe the customer: the order aggregate, its lifecycle table and the policies. Pure."""
