"""After the decision: the funders' pages, launch and what ends a track."""
