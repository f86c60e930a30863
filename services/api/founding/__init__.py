"""A program from nothing: a file says who owns it, where people train, when it runs and who looks after it."""
