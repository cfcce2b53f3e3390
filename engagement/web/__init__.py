"""What pages, files and the API have in common of HTTP: addresses, refusals, answers by revision, limits."""
