"""How forecasts came out: the league and what was issued, and the backtests of single indicators."""
