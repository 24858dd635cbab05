"""What executes units of work behind the Engine port."""
