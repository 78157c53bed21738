// Makes pages that already work without it quicker to use.
