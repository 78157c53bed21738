"""Benchmarks: they print figures and never fail on time. Quote ratios; machines are noisy."""
