"""What the help of each command says, and how it is laid out."""
