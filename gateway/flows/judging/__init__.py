"""Read and judge a file without any effect, and report on it in words."""
