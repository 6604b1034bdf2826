"""What is published: facts read from data/, names of systems, and which vintage of a value counts."""
