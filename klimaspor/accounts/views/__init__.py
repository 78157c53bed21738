"""The pages about people: their own, the secretariat's about all of them, and the demo's."""
