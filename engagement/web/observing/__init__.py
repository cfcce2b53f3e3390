"""What an operator sees of the requests: a line each, figures, and what went wrong; of nobody a name or a question."""
