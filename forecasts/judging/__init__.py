"""How good the forecasts are: published figures re-derived, backtests, scores, calibration, baselines."""
