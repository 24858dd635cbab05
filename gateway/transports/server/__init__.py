"""An SFTP server of our own: partners put files into their inbox and fetch what we have for them."""
