"""Whom we sync for, with which credentials, and who may see it."""
