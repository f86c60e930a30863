"""Rows that tests need, made through the models themselves."""
