"""Servers of partners that speak SFTP: who answers there is proven first, then files are taken and put."""
