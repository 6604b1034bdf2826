"""The reference class: some forty series, and one judge for every model that forecasts them."""
