"""Rounds ("runder"): two gates and a meeting, and the rules that hold in each."""
