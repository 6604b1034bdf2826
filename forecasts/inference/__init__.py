"""From a series and priors to draws of a shape: likelihood, transport map, fit and its checks."""
