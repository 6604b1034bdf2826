"""From draws to dates: paths of the frontier, first passages, several criteria, what is found and told."""
