"""Reads for requests and for the job: what is over, what is held of a person, what a topic asks."""
