"""What 'gateway config plan' compares: the files of a site as they are, and as they counted before."""
