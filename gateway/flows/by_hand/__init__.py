"""What people do: each thing in one transaction, with who and why."""
