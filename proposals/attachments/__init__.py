"""The files that go with a proposal ("bilag"), one part of the form, and what a scanner thinks of them."""
