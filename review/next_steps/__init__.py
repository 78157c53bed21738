"""
What a person can do next, and what waits for whom: every button comes from here.

Permission, status, deadline and each step's guard are joined once, so a button that is shown works. Facts are read
for many proposals at a time, so a list costs as many queries as a page.
"""
